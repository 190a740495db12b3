"""What a run would do: which inputs it would fetch, and why not the others. Nothing is written."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from contextlib import ExitStack, aclosing, suppress
from pathlib import Path

from newsclean.errors import NoArchiveError
from newsclean.exchange import Fetch
from newsclean.fetch import Client
from newsclean.fetch.discover import discover
from newsclean.fetch.found import Found, Sources
from newsclean.fetch.plan import Planned, plan
from newsclean.settings import Settings
from newsclean.store import Catalogue

KNOWN = "known"
"""Verdict on an input that the archive has, and that is not fetched again."""


def dry_run(
    catalogue: Path,
    entries: Iterable[tuple[str, str]],
    sources: Sources,
    settings: Settings,
    on_planned: Callable[[Planned], None],
    *,
    older_than: str | None = None,
) -> None:
    """Say of each input, given or found, what would become of it. Feeds, sitemaps and robots.txt are asked for.

    ``catalogue``: of the archive that would take them; it need not exist. ``older_than``: a WARC-Date, as for
    :meth:`newsclean.store.Catalogue.add_inputs`.
    """
    with ExitStack() as stack:
        known: Catalogue | None = None
        with suppress(NoArchiveError):
            known = stack.enter_context(Catalogue.open(catalogue, write=False))
        asyncio.run(_run(known, entries, sources, settings, on_planned, older_than))


async def _run(
    known: Catalogue | None,
    entries: Iterable[tuple[str, str]],
    sources: Sources,
    settings: Settings,
    on_planned: Callable[[Planned], None],
    older_than: str | None,
) -> None:
    def new(urls: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        for url, origin in urls:
            if known and not known.would_fetch(url, older_than):
                on_planned(Planned(url=url, origin=origin, verdict=KNOWN, message="the archive has it already"))
            else:
                yield url, origin

    async with Client(settings) as client:
        await _pass_on(plan(client, new(entries)), on_planned)
        if sources:
            found = [item async for item in discover(client, sources, _nowhere)]
            stories = [(item.url, item.origin) for item in found if isinstance(item, Found)]
            for item in found:
                if not isinstance(item, Found):
                    failed = Planned(url=item.url, origin=item.origin, verdict=item.error.code, message=str(item.error))
                    on_planned(failed)
            await _pass_on(plan(client, new(stories)), on_planned)


async def _pass_on(planned: AsyncGenerator[Planned, None], on_planned: Callable[[Planned], None]) -> None:
    async with aclosing(planned):
        async for item in planned:
            on_planned(item)


async def _nowhere(_fetch: Fetch) -> None:
    """Nothing is kept of what is fetched."""
