"""Finding stories: feeds, sitemaps and hosts, several at once, as one stream of URLs."""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import AsyncGenerator, Iterator, Sequence

from newsclean.fetch.found import Failed, Fetcher, Found, OnFetch, Sources
from newsclean.fetch.seeker import Seeker, StoringFailedError
from newsclean.urls import canonical

__all__ = ["Failed", "Found", "Sources", "discover"]

AT_ONCE = 8
"""Sources that are read at once."""
REMEMBERED = 200_000
"""URLs that are remembered, so that none is given twice; of more, the oldest are forgotten."""
_BATCH = 500
_BATCHES = 8


async def discover(client: Fetcher, sources: Sources, on_fetch: OnFetch) -> AsyncGenerator[Found | Failed, None]:
    """The stories that the sources name, as they are found, and the sources that failed.

    ``client``: its robots.txt, redirects and retries are its own; ``on_fetch`` gets every Fetch of a feed, a sitemap or
    a home page (purpose ``feed`` or ``sitemap``) before what it names is given, one call at a time: what it raises
    ends the search and is raised here. Duplicates (by :func:`~newsclean.urls.canonical`) are given once. The order
    between two sources is not fixed.
    """
    queue: asyncio.Queue[Sequence[Found | Failed]] = asyncio.Queue(_BATCHES)

    async def emit(items: Sequence[Found | Failed]) -> None:
        for start in range(0, len(items), _BATCH):
            await queue.put(items[start : start + _BATCH])

    seeker = Seeker(client, sources.filters, on_fetch, emit)
    jobs = iter(
        [
            *((seeker.feed, url) for url in dict.fromkeys(sources.feeds)),
            *((seeker.sitemap, url) for url in dict.fromkeys(sources.sitemaps)),
            *((seeker.host, host) for host in dict.fromkeys(sources.hosts)),
        ]
    )

    async def work() -> None:
        for seek, what in jobs:
            await seek(what)

    fresh = _Fresh()
    workers = [asyncio.create_task(work()) for _ in range(AT_ONCE)]
    ended = asyncio.create_task(asyncio.wait(workers, return_when=asyncio.FIRST_EXCEPTION))
    taken: asyncio.Task[Sequence[Found | Failed]] | None = None
    try:
        while True:
            taken = asyncio.create_task(queue.get())
            await asyncio.wait({taken, ended}, return_when=asyncio.FIRST_COMPLETED)
            if not taken.done() and queue.empty():
                break
            for item in fresh.of(await taken):
                yield item
        for worker in workers:
            if worker.done():
                worker.result()
    except StoringFailedError as problem:
        raise problem.reason from None
    finally:
        left = [task for task in (taken, ended, *workers) if task is not None]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


class _Fresh:
    """Which stories were not given before."""

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, None] = OrderedDict()

    def of(self, items: Sequence[Found | Failed]) -> Iterator[Found | Failed]:
        for item in items:
            if isinstance(item, Failed) or self._is_new(item.url):
                yield item

    def _is_new(self, url: str) -> bool:
        key = hashlib.blake2b(canonical(url).encode("utf-8", "replace"), digest_size=8).digest()
        if key in self._known:
            self._known.move_to_end(key)
            return False
        self._known[key] = None
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return True
