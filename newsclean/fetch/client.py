"""The HTTP client: one URL in, its exchanges out, byte by byte. The only place that knows httpx.

HTTP/1.1 only, since an HTTP/2 answer has no bytes of its own. Redirects are followed here, one exchange at a time.
No cookies are kept. Errors of httpx and httpcore leave as newsclean's own, inside the Fetch.
"""

import asyncio
import re
import socket
import ssl
import time
from dataclasses import replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

import httpcore
import httpx

from newsclean.errors import (
    BadHttpError,
    BadUrlError,
    ConnectError,
    DnsError,
    FetchTimeoutError,
    HttpStatusError,
    NewscleanError,
    ProxyError,
    RedirectError,
    TlsError,
    TooLargeError,
)
from newsclean.exchange import Exchange, Fetch
from newsclean.fetch.politeness import Turns
from newsclean.fetch.pools import Pools, Proxies
from newsclean.fetch.tap import LimitReachedError, Tap, current
from newsclean.http1 import Head, content_length, final_response, message_end, read_head, read_response
from newsclean.settings import Settings
from newsclean.urls import host_of, join, shown, to_uri

_REDIRECTS = frozenset([301, 302, 303, 307, 308])
_HEAD_ALLOWANCE = 256 * 1024
"""Bytes of heads that are read above the limit for the body."""
_PROXY_LOGIN = re.compile(rb"^Proxy-Authorization:[^\r\n]*\r\n", re.IGNORECASE | re.MULTILINE)
_LOST = (httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError)


class Client:
    """Fetches pages. An async context manager; its connections close with it.

    ::

        async with Client(Settings()) as client:
            fetch = await client.fetch("https://news.example/story")
    """

    def __init__(self, settings: Settings, *, proxy: str | None = None) -> None:
        """``proxy``: one for all URLs; ``""`` for none; None to go by HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY.

        Raises SettingsError where the proxy's address cannot be used.
        """
        self._settings = settings
        self._pools = Pools(Proxies(proxy), settings.host_connections)
        self._turns = Turns(settings.host_connections, settings.host_delay)
        self._http = httpx.AsyncClient(transport=self._pools, trust_env=False, follow_redirects=False)
        self._headers = {
            "User-Agent": settings.user_agent,
            "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5",
            "Accept-Encoding": "gzip, br",
        }
        self._timeout = {
            "connect": settings.connect_timeout,
            "read": settings.read_timeout,
            "write": settings.read_timeout,
            "pool": settings.page_timeout,
        }

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None = None,
        problem: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        await self._http.aclose()

    async def fetch(self, url: str) -> Fetch:
        """Ask for a URL, and for what it redirects to. Never raises for what a server does: see ``Fetch.error``."""
        exchanges: list[Exchange] = []
        try:
            target = _asked(to_uri(url))
        except BadUrlError as problem:
            return Fetch(url=url, error=problem)
        seen = {target}
        error: NewscleanError | None
        while True:
            exchange = await self._exchange(target)
            exchanges.append(exchange)
            location = exchange.header("Location") if exchange.status in _REDIRECTS else None
            if location is None:
                error = exchange.error or _status_error(exchange)
                break
            try:
                target = _asked(join(target, _unescaped(location)))
            except BadUrlError as problem:
                error = RedirectError(f"{exchange.url}: it redirects to what cannot be fetched: {problem}")
                break
            if target in seen:
                error = RedirectError(f"{exchange.url}: it redirects in a loop, back to {shown(target)}")
                break
            if len(exchanges) > self._settings.max_redirects:
                error = RedirectError(
                    f"{exchange.url}: more than {self._settings.max_redirects} redirects (max_redirects)"
                )
                break
            seen.add(target)
        await self._pools.trim()
        return Fetch(url=url, exchanges=tuple(exchanges), error=error)

    async def _exchange(self, url: str) -> Exchange:
        """One request and its answer."""
        async with self._turns.turn(host_of(url)):
            started_at = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
            began = time.monotonic()
            tap = Tap(self._settings.max_body_bytes + _HEAD_ALLOWANCE)
            problem = await self._ask(url, tap)
            if isinstance(problem, _LOST) and not tap.connected and not tap.received:
                # An idle connection that the server closed just as it was used again: that says nothing of the page.
                tap = Tap(tap.limit)
                problem = await self._ask(url, tap)
            fetch_ms = round((time.monotonic() - began) * 1000)
            return await self._made(url, tap, problem, started_at, fetch_ms)

    async def _ask(self, url: str, tap: Tap) -> Exception | None:
        """Let the exchange's bytes go through the tap; the problem that ended it early, or None."""
        token = current.set(tap)
        request = httpx.Request("GET", url, headers=self._headers, extensions={"timeout": self._timeout})
        try:
            async with asyncio.timeout(self._settings.page_timeout):
                response = await self._http.send(request, stream=True)
                try:
                    entity = 0
                    async for part in response.aiter_raw():
                        entity += len(part)
                        if entity > self._settings.max_body_bytes:
                            return LimitReachedError()
                finally:
                    await response.aclose()
        except (
            LimitReachedError,
            TimeoutError,
            httpcore.TimeoutException,
            httpcore.NetworkError,
            httpcore.ProtocolError,
            httpcore.ProxyError,
        ) as problem:
            return problem
        finally:
            current.reset(token)
        return None

    async def _made(self, url: str, tap: Tap, problem: Exception | None, started_at: str, fetch_ms: int) -> Exchange:
        """The exchange, from the bytes in the tap and the problem that ended it."""
        proxied = self._pools.proxied(url)
        if (url.startswith("https:") and not (tap.peer and tap.peer.tls)) or isinstance(problem, httpcore.ProxyError):
            tap.restart()  # what went by was not for the server: a proxy's CONNECT
        received = bytes(tap.received)
        message = final_response(received)
        head = read_head(message)
        error, truncated = (None, None) if problem is None else self._failure(url, tap, problem, proxied)
        exchange = Exchange(
            url=url,
            request_bytes=_PROXY_LOGIN.sub(b"", bytes(tap.sent)),
            started_at=started_at,
            fetch_ms=fetch_ms,
            ip=None if proxied or tap.peer is None else tap.peer.ip,
            tls=tap.peer.tls if tap.peer else None,
            cipher=tap.peer.cipher if tap.peer else None,
        )
        if head is None:
            if received and not isinstance(error, FetchTimeoutError):
                error = BadHttpError(f"{url}: the answer is no HTTP: it begins {received[:40]!r}")
            return replace(exchange, error=error)
        end, whole = message_end(message, head)
        if problem is None and len(message) > end:
            await self._pools.discard(url)
        if error is not None and whole and _framed(head):
            error = truncated = None  # h11 refused the head, but all of the message is there
        body_limit = head.length + self._settings.max_body_bytes
        if end > body_limit:
            end, truncated, error = body_limit, "length", self._too_large(url)
        elif error is None and not whole:
            truncated, error = "unspecified", BadHttpError(f"{url}: the answer broke off after {end:,} bytes")
        response = read_response(message[:end])
        return replace(
            exchange,
            response_bytes=message[:end],
            head_length=head.length,
            status=head.status,
            reason=head.reason,
            headers=head.headers,
            entity_body=response.body if response else b"",
            protocol=f"http/{head.version}",
            truncated=truncated,
            error=error,
        )

    def _failure(self, url: str, tap: Tap, problem: Exception, proxied: bool) -> tuple[NewscleanError, str]:
        """The problem as one of newsclean's errors, and the reason for WARC-Truncated."""
        got = f"after {len(tap.received):,} bytes" if tap.received else "before it began"
        if isinstance(problem, LimitReachedError):
            return self._too_large(url), "length"
        if isinstance(problem, httpcore.ConnectTimeout):
            limit = self._settings.connect_timeout
            return FetchTimeoutError(f"{url}: no connection within {limit:g} s (connect_timeout)"), "time"
        if isinstance(problem, httpcore.TimeoutException):
            limit = self._settings.read_timeout
            return FetchTimeoutError(f"{url}: the answer stopped {got}, for {limit:g} s (read_timeout)"), "time"
        if isinstance(problem, TimeoutError):
            limit = self._settings.page_timeout
            return FetchTimeoutError(f"{url}: not all came within {limit:g} s (page_timeout), it stopped {got}"), "time"
        if isinstance(problem, httpcore.ProxyError):
            return ProxyError(f"{url}: the proxy refused: {problem}"), "disconnect"
        if isinstance(problem, httpcore.ConnectError):
            return _connect_error(url, tap.cause or problem, proxied), "disconnect"
        if isinstance(problem, httpcore.LocalProtocolError):
            return BadUrlError(f"{url}: it cannot be asked for in HTTP: {problem}"), "unspecified"
        if not tap.received:
            return ConnectError(f"{url}: the connection was lost before an answer came; try again later"), "disconnect"
        if isinstance(problem, httpcore.NetworkError) or tap.closed_by_server:
            return BadHttpError(f"{url}: the connection was lost {got}; what came is stored"), "disconnect"
        return BadHttpError(f"{url}: the answer is no sound HTTP: {problem}"), "unspecified"

    def _too_large(self, url: str) -> TooLargeError:
        limit = self._settings.max_body_bytes
        return TooLargeError(f"{url}: the answer is larger than {limit:,} bytes (max_body_bytes) and was cut there")


def _connect_error(url: str, cause: BaseException, proxied: bool) -> NewscleanError:
    if isinstance(cause, ssl.SSLError):
        reason = getattr(cause, "verify_message", "") or cause.reason or str(cause)
        return TlsError(f"{url}: no secure connection: {reason}")
    while cause.__cause__ is not None:  # "all attempts failed", from each attempt's own error
        cause = cause.__cause__
    if isinstance(cause, BaseExceptionGroup):
        cause = cause.exceptions[0]
    why = (cause.strerror if isinstance(cause, OSError) else None) or str(cause) or "it was closed at once"
    if proxied:
        return ProxyError(f"{url}: no connection to the proxy: {why}; see HTTP_PROXY and HTTPS_PROXY")
    if isinstance(cause, socket.gaierror | UnicodeError):
        return DnsError(f"{url}: no address for the host {host_of(url)!r}: {why}")
    return ConnectError(f"{url}: no connection: {why}; try again later")


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


def _framed(head: Head) -> bool:
    """Whether the message says itself where it ends."""
    return head.complete and (head.chunked or content_length(head) is not None or head.status in (204, 304))
