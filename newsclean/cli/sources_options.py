"""The options that say where stories are looked for, and which of them are taken."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

_OPTIONS: tuple[Decorator, ...] = (
    click.option(
        "--feed",
        "feeds",
        multiple=True,
        metavar="URL",
        help="Take the stories of this feed: RSS, Atom or JSON Feed; can be given more than once.",
    ),
    click.option(
        "--sitemap",
        "sitemaps",
        multiple=True,
        metavar="URL",
        help="Take the stories of this sitemap or index of sitemaps; can be given more than once.",
    ),
    click.option(
        "--discover",
        "hosts",
        multiple=True,
        metavar="HOST",
        help="Look for the host's sitemaps and feeds, and take their stories; can be given more than once.",
    ),
    click.option("--since", metavar="WHEN", help="Of these, only stories from then on: 2026-11-01, 36h, 7d."),
    click.option("--until", metavar="WHEN", help="Of these, only stories from before then."),
    click.option(
        "--match",
        multiple=True,
        metavar="PATTERN",
        help="Of these, only URLs like '*/politics/*' or re:REGEX; more than one: any of them.",
    ),
    click.option(
        "--exclude",
        multiple=True,
        metavar="PATTERN",
        help="Of these, no URLs like '*/sport/*' or re:REGEX; can be given more than once.",
    ),
)


def source_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of sources and filters; it is passed ``sources`` (Sources) in their place.

    ``sources`` is false where none was given. A date or pattern that cannot be one is a UsageError, and so are filters
    without a source, since they would filter nothing.
    """

    @wraps(function)
    def command(
        *args: Any,
        feeds: tuple[str, ...],
        sitemaps: tuple[str, ...],
        hosts: tuple[str, ...],
        since: str | None,
        until: str | None,
        match: tuple[str, ...],
        exclude: tuple[str, ...],
        **values: Any,
    ) -> Any:
        from datetime import UTC, datetime

        from newsclean.errors import UsageError
        from newsclean.fetch.filters import Filters, parse_when
        from newsclean.fetch.found import Sources

        now = datetime.now(UTC)
        filters = Filters(
            since=None if since is None else parse_when(since, now),
            until=None if until is None else parse_when(until, now),
            match=match,
            exclude=exclude,
        )
        sources = Sources(feeds=feeds, sitemaps=sitemaps, hosts=hosts, filters=filters)
        if not sources and filters != Filters():
            needed = "give --feed, --sitemap or --discover, too"
            raise UsageError(f"--since, --until, --match and --exclude choose among the stories of sources: {needed}")
        return function(*args, sources=sources, **values)

    wrapped: Callable[..., Any] = command
    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped
