"""One feed, one tree of sitemaps, one host: fetched, read, and its stories handed on."""

import asyncio
import re
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field

from newsclean.codings import undo_codings
from newsclean.errors import (
    BadUrlError,
    ConnectError,
    DnsError,
    FetchTimeoutError,
    HttpStatusError,
    NewscleanError,
    PageError,
    ProxyError,
    RedirectError,
    RobotsError,
    SourceError,
    TooLargeError,
)
from newsclean.exchange import Fetch, Purpose
from newsclean.fetch.feeds import MAX_BYTES as FEED_BYTES
from newsclean.fetch.feeds import read_feed
from newsclean.fetch.filters import Filters
from newsclean.fetch.found import Failed, Fetcher, Found, OnFetch
from newsclean.fetch.home import feed_links
from newsclean.fetch.listed import Listed, address
from newsclean.fetch.sitemaps import MAX_BYTES as SITEMAP_BYTES
from newsclean.fetch.sitemaps import read_sitemap
from newsclean.urls import canonical, host_of, join, to_uri

MAX_SITEMAPS = 10_000
"""Sitemaps that are followed from one start."""
MAX_DEPTH = 4
"""Indexes inside one another that are followed; the protocol knows one, sites have two."""
MAX_FEEDS = 20
"""Feeds of one home page that are read."""
SITEMAP_PLACES = ("sitemap.xml", "sitemap_index.xml", "news-sitemap.xml", "sitemap-news.xml", "sitemap.txt")
FEED_PLACES = ("feed", "rss", "feed.xml", "rss.xml", "atom.xml", "index.xml", "feed.json")
"""Where the usual publishing systems put them, below the root of a host."""

_NEWS = re.compile(r"news(?!letter)", re.IGNORECASE)
_PORT = re.compile(r":\d+\Z")
_NO_CONNECTION = (ConnectError, DnsError, ProxyError, FetchTimeoutError)  # dns: a proxy may know the name by http only
_NOT_THERE = (HttpStatusError, SourceError, RedirectError, RobotsError, TooLargeError)
"""What a place that was only guessed may answer; any other error is one of the host."""
_LEFT_TO_READERS = ("", "gzip", "x-gzip")
"""Content codings that the readers undo themselves: they know gzip by its first bytes, and cut what is too long."""

Emit = Callable[[Sequence[Found | Failed]], Awaitable[None]]


@dataclass(slots=True)
class _Site:
    """The hosts whose stories are taken; all where there are none."""

    hosts: set[str] = field(default_factory=set)

    def add(self, url: str) -> None:
        self.hosts.add(_hostname(url).removeprefix("www."))

    def has(self, url: str) -> bool:
        name = _hostname(url)
        return not self.hosts or any(name == host or name.endswith("." + host) for host in self.hosts)


class StoringFailedError(Exception):
    """Holds what ``on_fetch`` raised: it is no failure of a source, so that no handler of those may take it."""

    def __init__(self, reason: NewscleanError) -> None:
        super().__init__(reason)
        self.reason = reason


class Seeker:
    """Looks for stories through one client."""

    def __init__(self, client: Fetcher, filters: Filters, on_fetch: OnFetch, emit: Emit) -> None:
        """``emit`` gets what was found, document by document."""
        self._client = client
        self._filters = filters
        self._on_fetch = on_fetch
        self._emit = emit
        self._storing = asyncio.Lock()
        self._reading = asyncio.Lock()

    async def feed(self, url: str) -> None:
        """The stories of one feed."""
        try:
            await self._feed(url, _Site())
        except NewscleanError as problem:
            await self._failed(url, "feed", problem)

    async def sitemap(self, url: str) -> None:
        """The stories of one sitemap, or of all sitemaps of an index, whatever their hosts."""
        await self._walk([url], _Site())

    async def host(self, given: str) -> None:
        """The stories of a host: by the sitemaps that robots.txt names, else by those in the usual places, else by
        the feeds of the home page, else by those in the usual places. The first kind that has any ends the search.
        """
        starts = [given] if "://" in given else [f"https://{given.strip()}", f"http://{given.strip()}"]
        for last, start in enumerate(starts, 1):
            try:
                home = to_uri(start)
                site = _Site()
                site.add(home)
                await self._host(home, site)
                return
            except NewscleanError as problem:
                if last < len(starts) and isinstance(problem, _NO_CONNECTION):
                    continue
                await self._failed(given, "discover", problem)
                return

    async def _host(self, home: str, site: _Site) -> None:
        """Raises the error that keeps the host from being searched, or SourceError where it has no stories."""
        robots = await self._client.robots(home)
        if robots.error is not None:
            raise robots.error
        named = [url for text in robots.sitemaps if (url := address(home, text))]
        if named and await self._walk(sorted(named, key=_is_no_news), site):
            return
        for place in SITEMAP_PLACES:
            url = join(home, f"/{place}")
            if url not in named and await self._walk([url], site, guessed=True):
                return
        links = await self._links(home, site)
        for link in links:
            try:
                links[link] = await self._feed(link, site)
            except NewscleanError as problem:
                await self._failed(link, "feed", problem)
        if any(links.values()):
            return
        for place in FEED_PLACES:
            url = join(home, f"/{place}")
            try:
                if url not in links and await self._feed(url, site, guessed=True):
                    return
            except _NOT_THERE:
                continue
        raise SourceError(
            f"{home}: no stories found: no sitemap, named in robots.txt or in a usual place, and no feed has any; "
            "give one with --sitemap or --feed"
        )

    async def _links(self, home: str, site: _Site) -> dict[str, int]:
        """The feeds that the home page names, without stories yet."""
        try:
            fetch = await self._fetched(home, "feed")
            body, url, content_type, _cut = _document(fetch, FEED_BYTES)
            async with self._reading:
                found = await asyncio.to_thread(feed_links, body, url, content_type)
        except _NOT_THERE:
            return {}
        site.add(url)
        return dict.fromkeys(found[:MAX_FEEDS], 0)

    async def _feed(self, url: str, site: _Site, *, guessed: bool = False) -> int:
        """How many stories of the site a feed has; they are handed on. Raises NewscleanError."""
        fetch = await self._fetched(url, "feed")
        body, base, content_type, cut = _document(fetch, FEED_BYTES)
        async with self._reading:
            feed = await asyncio.to_thread(read_feed, body, base, content_type)
        if guessed:
            site.add(base)
        return await self._stories(url, "feed", feed.entries, site, [*cut, *feed.notes])

    async def _walk(self, starts: Iterable[str], site: _Site, *, guessed: bool = False) -> int:
        """How many stories of the site a tree of sitemaps has; they are handed on, and so is what failed.

        A sitemap that the filters skip by its date counts as one. ``guessed``: a start that is not there is no
        failure, and an error of the host is raised.
        """
        todo = deque((url, 0) for url in starts)
        seen = {_key(url) for url, _depth in todo}
        home = site
        if not site.hosts:
            home = _Site()
            for url, _depth in todo:
                home.add(url)
        count = 0
        while todo:
            url, depth = todo.popleft()
            try:
                fetch = await self._fetched(url, "sitemap")
                body, base, content_type, cut = _document(fetch, SITEMAP_BYTES)
                async with self._reading:
                    sitemap = await asyncio.to_thread(read_sitemap, body, base, content_type)
            except NewscleanError as problem:
                if not guessed or depth:
                    await self._failed(url, "sitemap", problem)
                elif not isinstance(problem, _NOT_THERE):
                    raise
                continue
            if guessed and not depth:
                site.add(base)
            seen.add(_key(base))
            notes: list[str | NewscleanError] = [*cut, *sitemap.notes]
            followed, skipped = self._followed(sitemap.sitemaps, base, home, seen, depth, notes)
            todo.extendleft((child, depth + 1) for child in reversed(followed))
            count += skipped + await self._stories(url, "sitemap", sitemap.stories, site, notes)
        return count

    def _followed(
        self,
        children: Sequence[Listed],
        index: str,
        home: _Site,
        seen: set[str],
        depth: int,
        notes: list[str | NewscleanError],
    ) -> tuple[list[str], int]:
        """Which sitemaps of an index are read, news and the newest first, and how many are too old. ``seen`` grows;
        ``notes`` gets why others are left out."""
        followed: list[str] = []
        skipped = foreign = 0
        # The host itself may name sitemaps of any other, which may then name their own, and no third one's.
        own = home.has(index)
        for child in sorted(children, key=_newest_first):
            key = _key(child.url)
            if key in seen:
                continue
            if not self._filters.since_allows(child.published):
                skipped += 1
            elif depth >= MAX_DEPTH:
                notes.append(f"it lies {MAX_DEPTH} indexes deep, and the sitemaps that it names are not followed")
                break
            elif len(seen) >= MAX_SITEMAPS:
                notes.append(f"more than {MAX_SITEMAPS:,} sitemaps in all: the rest is not followed")
                break
            elif not (own or home.has(child.url) or _hostname(child.url) == _hostname(index)):
                foreign += 1
            else:
                seen.add(key)
                followed.append(child.url)
        if foreign:
            notes.append(f"{foreign:,} of the sitemaps that it names are of other hosts and not followed")
        return followed, skipped

    async def _stories(
        self, url: str, kind: str, entries: Sequence[Listed], site: _Site, notes: Sequence[str | NewscleanError]
    ) -> int:
        """Hand on what the filters take, and a failure for each note. How many stories of the site there are."""
        origin = f"{kind}:{url}"
        own = [entry for entry in entries if site.has(entry.url)]
        items: list[Found | Failed] = [
            Found(url=entry.url, origin=origin, published=entry.published, title=entry.title)
            for entry in own
            if self._filters.take(entry.url, entry.published)
        ]
        for note in notes:
            error = note if isinstance(note, NewscleanError) else SourceError(f"{url}: {note}")
            items.append(Failed(url=url, origin=origin, error=error))
        await self._emit(items)
        return len(own)

    async def _failed(self, url: str, kind: str, problem: NewscleanError) -> None:
        await self._emit([Failed(url=url, origin=f"{kind}:{url}", error=problem)])

    async def _fetched(self, url: str, purpose: Purpose) -> Fetch:
        fetch = await self._client.fetch(url, purpose=purpose)
        async with self._storing:
            try:
                await self._on_fetch(fetch)
            except NewscleanError as problem:
                raise StoringFailedError(problem) from None
        return fetch


def _document(fetch: Fetch, limit: int) -> tuple[bytes, str, str | None, list[str | NewscleanError]]:
    """What came: the body without content codings but gzip, its URL, its Content-Type, and why it is not whole.

    Raises the fetch's error where there is nothing to read, SourceError where the codings cannot be undone.
    """
    last = fetch.last
    cut: list[str | NewscleanError] = []
    if fetch.error is not None:
        if last is None or not isinstance(fetch.error, TooLargeError) or last.status != 200:
            raise fetch.error
        cut.append(fetch.error)
    if last is None:
        raise SourceError(f"{fetch.url}: nothing came")
    codings = last.header("Content-Encoding") or ""
    if codings.strip().lower() in _LEFT_TO_READERS:
        return last.entity_body, last.url, last.header("Content-Type"), cut
    notes: list[str] = []
    try:
        body = undo_codings(last.entity_body, codings, limit, notes)
    except PageError as problem:
        raise SourceError(f"{last.url}: cannot be read: {problem}") from None
    return body, last.url, last.header("Content-Type"), [*cut, *notes]


def _key(url: str) -> str:
    try:
        return canonical(url)
    except BadUrlError:
        return url


def _hostname(url: str) -> str:
    """The host without its port."""
    return _PORT.sub("", host_of(url))


def _is_no_news(url: str) -> bool:
    """By the path; a key that puts news sitemaps first."""
    return not _NEWS.search(url.partition("://")[2].partition("/")[2])


def _newest_first(child: Listed) -> tuple[bool, float]:
    return _is_no_news(child.url), -child.published.timestamp() if child.published else 0.0
