"""The HTTP client: one URL in, its exchanges out.

HTTP/1.1 only, since an HTTP/2 answer has no bytes of its own. Redirects are followed here, one exchange at a time, each
hop by its host's robots.txt and in its host's turn. What fails in a way that may pass is asked for again. No cookies
are kept.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpx

from newsclean.errors import BadUrlError, HttpStatusError, NewscleanError, RedirectError, RobotsError
from newsclean.exchange import Earlier, Exchange, Fetch, Purpose
from newsclean.fetch import guard, retries
from newsclean.fetch.asker import Asker
from newsclean.fetch.politeness import GIVEN_UP, Host, Hosts, Lease, lease
from newsclean.fetch.pools import Pools, Proxies
from newsclean.fetch.robots import MAX_BYTES, MAX_REDIRECTS, Robots, read_robots
from newsclean.settings import Settings
from newsclean.urls import host_of, join, shown, to_uri

_REDIRECTS = frozenset([301, 302, 303, 307, 308])
_ROBOTS_BYTES = 8 * 1024 * 1024
"""Bytes of packed robots.txt files that are remembered; the one not used for longest goes first."""
_ROBOTS_SECONDS = 86_400.0
"""How long the rules of a host hold (RFC 9309, 2.4)."""
_ROBOTS_ERROR_SECONDS = 60.0
"""How long it holds that they could not be had."""

OnSide = Callable[[Fetch], Awaitable[None]]


class Client:
    """Fetches pages. An async context manager; its connections close with it.

    ::

        async with Client(Settings()) as client:
            fetch = await client.fetch("https://news.example/story")
    """

    def __init__(self, settings: Settings, *, proxy: str | None = None, on_side: OnSide | None = None) -> None:
        """``proxy``: one for all URLs; ``""`` for none; None to go by HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY.
        ``on_side`` gets what is fetched on the way and answers no call of :meth:`fetch`: robots.txt files, and attempts
        that are made again.

        Raises SettingsError where the proxy's address cannot be used.
        """
        self.settings = settings
        self.hosts = Hosts(settings.host_connections, settings.host_delay, settings.max_crawl_delay)
        """The state of each host, which decides when it may be asked again."""
        self.on_parked: Callable[[], None] = lambda: None
        """Called, in its task, where a fetch begins to wait before it asks again."""
        self._pools = Pools(
            Proxies(proxy),
            settings.host_connections,
            allow_private=settings.allow_private,
            insecure=settings.insecure,
        )
        self._asker = Asker(settings, self._pools)
        self._on_side = on_side
        self._robots: OrderedDict[str, tuple[asyncio.Task[Robots], float]] = OrderedDict()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None = None,
        problem: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        tasks = [task for task, _ in self._robots.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._pools.aclose()

    async def fetch(self, url: str, earlier: Earlier | None = None, *, purpose: Purpose = "page") -> Fetch:
        """Ask for a URL, and for what it redirects to. Never raises for what a server does: see ``Fetch.error``.

        ``earlier``: a capture of it, with whose validators it is asked for; see ``Fetch.earlier``. ``purpose``: noted
        in the Fetch.
        """
        try:
            target = _asked(to_uri(url))
        except BadUrlError as problem:
            return Fetch(url=url, purpose=purpose, error=problem)
        begun = Fetch(url=url, purpose=purpose)
        host = self.hosts.get(host_of(target))
        fetch = await self._attempts(begun, target, host, earlier)
        host.failures = host.failures + 1 if retries.unreachable(fetch) else 0
        await self._pools.trim()
        return fetch

    async def robots(self, url: str) -> Robots:
        """The rules of the URL's host: those of its robots.txt, which is asked for where they are not known."""
        if self.settings.robots == "ignore":
            return Robots()
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        known = self._robots.get(origin)
        if known is None or time.monotonic() > known[1]:
            held = lease.get()
            task = asyncio.create_task(self._read_robots(origin, held.another() if held else None))
            known = self._robots[origin] = (task, time.monotonic() + _ROBOTS_SECONDS)
            task.add_done_callback(lambda task: self._note_robots(origin, task))
        self._robots.move_to_end(origin)
        if held := lease.get():
            held.give()
        return await asyncio.shield(known[0])

    def pace(self, host: str) -> float:
        """Seconds that one page of the host takes now: its delay, or longer where it answers slowly."""
        return self.hosts.pace(host)

    # Attempts

    async def _attempts(self, begun: Fetch, target: str, host: Host, earlier: Earlier | None) -> Fetch:
        """One attempt after another, until one succeeds or none is left."""
        attempts = 1 if host.failures >= GIVEN_UP else self.settings.max_attempts
        began = time.monotonic()
        fetch, final = await self._chain(begun, target, earlier)
        self._judge(fetch)
        if final or attempts == 1 or not retries.may_pass(fetch):
            return fetch
        try:
            async for attempt in retries.attempts(self.settings, attempts, began, on_wait=self._park):
                if attempt.number > 1:
                    await self._aside(replace(fetch, purpose="attempt"))
                with attempt.made:
                    if attempt.number > 1:
                        fetch, final = await self._chain(begun, target, earlier)
                        self._judge(fetch)
                    if not final:
                        fetch = attempt.check(fetch)
        except retries.AgainError as last:
            fetch = last.fetch
        return fetch

    def _park(self) -> None:
        if held := lease.get():
            held.give()
        self.on_parked()

    def _judge(self, fetch: Fetch) -> None:
        """Ask a host more slowly that says it is asked too much, and less so when it answers."""
        last = fetch.last
        if last is None:
            return
        host = self.hosts.get(host_of(last.url))
        asked = retries.retry_after(last) if last.status and last.status >= 400 else None
        if last.status in (429, 503) or asked:
            self.hosts.slow_down(host, min(asked or 0.0, self.settings.max_retry_after))
        elif last.status is not None:
            self.hosts.ease(host)

    async def _aside(self, fetch: Fetch) -> None:
        if self._on_side:
            await self._on_side(fetch)

    # One attempt

    async def _chain(self, begun: Fetch, target: str, earlier: Earlier | None) -> tuple[Fetch, bool]:
        """The exchanges from a URI to where it leads; and whether another attempt would end the same way."""
        robots = begun.purpose == "robots"
        most = MAX_REDIRECTS if robots else self.settings.max_redirects
        exchanges: list[Exchange] = []
        seen = {target}

        def ended(
            error: NewscleanError | None, *, final: bool = True, same: Earlier | None = None
        ) -> tuple[Fetch, bool]:
            return replace(begun, exchanges=tuple(exchanges), error=error, earlier=same), final

        while True:
            if error := await self._forbidden(target, robots=robots):
                return ended(error)
            asked = _validators(earlier) if earlier and earlier.url == target else ()
            exchange = await self._exchange(target, asked, MAX_BYTES if robots else None)
            exchanges.append(exchange)
            if exchange.status == 304 and asked and not exchange.error:
                return ended(None, same=earlier)
            location = exchange.header("Location") if exchange.status in _REDIRECTS else None
            if location is None:
                return ended(exchange.error or _status_error(exchange), final=False)
            try:
                target = _asked(join(target, _unescaped(location)))
            except BadUrlError as problem:
                return ended(RedirectError(f"{exchange.url}: it redirects to what cannot be fetched: {problem}"))
            if target in seen:
                return ended(RedirectError(f"{exchange.url}: it redirects in a loop, back to {shown(target)}"))
            if exchange.url.startswith("https:") and not target.startswith("https:"):
                return ended(RedirectError(f"{exchange.url}: it redirects from https to {shown(target)}"))
            if len(exchanges) > most:
                return ended(RedirectError(f"{exchange.url}: more than {most} redirects (max_redirects)"))
            seen.add(target)

    async def _forbidden(self, target: str, *, robots: bool) -> NewscleanError | None:
        """Why a URI is not to be asked for; None where it may."""
        if not self.settings.allow_private and self._pools.proxied(target):
            refused = guard.refused(urlsplit(target).hostname or "")
            if refused:
                return type(refused)(f"{target}: {refused}")
        if robots:
            return None
        rules = await self.robots(target)
        if rules.error:
            origin, _, said = str(rules.error).partition("/robots.txt: ")
            return type(rules.error)(f"{target}: {said or origin}")
        if not rules.allowed(target):
            return RobotsError(f"{target}: the host's robots.txt forbids it; --ignore-robots fetches it all the same")
        return None

    async def _exchange(self, url: str, fields: tuple[tuple[str, str], ...], limit: int | None) -> Exchange:
        held = lease.get()
        if held:
            held.give()
        async with self.hosts.turn(host_of(url), held.take if held else None) as host:
            exchange, answered_at = await self._asker.ask(url, fields, limit)
            if answered_at is not None:
                self.hosts.answered(host, answered_at)
            return exchange

    # robots.txt

    async def _read_robots(self, origin: str, own: Lease | None) -> Robots:
        lease.set(own)  # it is asked for by itself, not in the place of who waits for it
        try:
            fetch = await self.fetch(f"{origin}/robots.txt", purpose="robots")
            await self._aside(fetch)
        finally:
            if own:
                own.give()
        robots = read_robots(fetch, self.settings.user_agent)
        self.hosts.crawl_delay(host_of(origin), robots.crawl_delay)
        return robots

    def _note_robots(self, origin: str, task: "asyncio.Task[Robots]") -> None:
        """Keep what could not be had for a short time only, and no more text than there is room for."""
        if task.cancelled() or task.exception():
            self._robots.pop(origin, None)
            return
        if task.result().error:
            self._robots[origin] = (task, time.monotonic() + _ROBOTS_ERROR_SECONDS)
        size = sum(len(done.result().packed) + 500 for done, _ in self._robots.values() if _has_result(done))
        for name in list(self._robots):
            if size <= _ROBOTS_BYTES:
                break
            done = self._robots[name][0]
            if name != origin and _has_result(done):
                size -= len(done.result().packed) + 500
                del self._robots[name]


def _has_result(task: "asyncio.Task[Robots]") -> bool:
    return task.done() and not task.cancelled() and not task.exception()


def _validators(earlier: Earlier) -> tuple[tuple[str, str], ...]:
    """Fields that ask for the page only where it is not that capture any more (RFC 9110, 13.1)."""
    fields = (("If-None-Match", earlier.etag), ("If-Modified-Since", earlier.last_modified))
    return tuple((name, value) for name, value in fields if value and value.isprintable() and value.isascii())


def _status_error(exchange: Exchange) -> HttpStatusError | None:
    status = exchange.status
    if status is None or 200 <= status < 300:
        return None
    reason = f" {shown(exchange.reason)}" if exchange.reason else ""
    return HttpStatusError(f"{exchange.url}: the server answered {status}{reason}", status)


def _asked(uri: str) -> str:
    """The URI in the form in which httpx asks for it. Raises BadUrlError."""
    try:
        return str(httpx.URL(uri))
    except httpx.InvalidURL as problem:
        raise BadUrlError(f"no valid URL: {shown(uri)} ({problem})") from None


def _unescaped(location: str) -> str:
    """A Location field as text: servers send UTF-8 in it, though HTTP has latin-1."""
    try:
        return location.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return location
