"""One request and its answer, byte by byte. The only place that knows what httpx and httpcore raise."""

import asyncio
import re
import socket
import ssl
import time
from dataclasses import replace
from datetime import UTC, datetime

import httpcore
import httpx

from newsclean.errors import (
    BadHttpError,
    BadUrlError,
    ConnectError,
    DnsError,
    FetchTimeoutError,
    NewscleanError,
    PrivateAddressError,
    ProxyError,
    TlsError,
    TooLargeError,
)
from newsclean.exchange import Exchange
from newsclean.fetch.budget import Budget
from newsclean.fetch.pools import Pools
from newsclean.fetch.tap import LimitReachedError, Tap, current
from newsclean.http1 import Head, content_length, final_response, message_end, read_head
from newsclean.settings import Settings
from newsclean.urls import host_of

_HEAD_ALLOWANCE = 256 * 1024
"""Bytes of heads that are read above the limit for the body."""
_PROXY_LOGIN = re.compile(rb"^Proxy-Authorization:[^\r\n]*\r\n", re.IGNORECASE | re.MULTILINE)
_LOST = (httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError)
_PROBLEMS = (
    LimitReachedError,
    PrivateAddressError,
    TimeoutError,
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
)


class Asker:
    """Asks for one URI at a time, through the pools. Errors of httpx and httpcore leave as newsclean's own, inside the
    Exchange."""

    def __init__(self, settings: Settings, pools: Pools) -> None:
        self._settings = settings
        self._pools = pools
        self._budget = Budget(settings.max_in_flight_bytes)
        self._headers = [
            ("User-Agent", settings.user_agent),
            ("Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5"),
            ("Accept-Encoding", "gzip, br"),
        ]
        self._timeout = {
            "connect": settings.connect_timeout,
            "read": settings.read_timeout,
            "write": settings.read_timeout,
            "pool": settings.page_timeout,
        }

    async def ask(
        self, url: str, fields: tuple[tuple[str, str], ...] = (), limit: int | None = None
    ) -> tuple[Exchange, float | None]:
        """One request and its answer; and when the answer began, by the loop's clock, None where there was none.

        ``fields``: further header fields. ``limit``: bytes of the body that are read, ``max_body_bytes`` where it is
        left out.
        """
        limit = self._settings.max_body_bytes if limit is None else limit
        started_at = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        began = time.monotonic()
        tap = Tap(limit + _HEAD_ALLOWANCE, self._budget)
        self._budget.join(tap)
        try:
            problem = await self._ask(url, fields, tap, limit)
            if isinstance(problem, _LOST) and not tap.connected and not tap.received:
                # An idle connection that the server closed just as it was used again: that says nothing of the page.
                tap.restart()
                problem = await self._ask(url, fields, tap, limit)
            fetch_ms = round((time.monotonic() - began) * 1000)
            begun = Exchange(url=url, started_at=started_at, fetch_ms=fetch_ms)
            return await self._made(url, tap, problem, limit, begun), tap.began_at
        finally:
            self._budget.leave(tap)

    async def _ask(self, url: str, fields: tuple[tuple[str, str], ...], tap: Tap, limit: int) -> Exception | None:
        """Let the exchange's bytes go through the tap; the problem that ended it early, or None."""
        token = current.set(tap)
        request = httpx.Request("GET", url, headers=[*self._headers, *fields], extensions={"timeout": self._timeout})
        try:
            async with asyncio.timeout(self._settings.page_timeout) as tap.deadline:
                response = await self._pools.handle_async_request(request)
                try:
                    entity = 0
                    async for part in response.stream:  # type: ignore[union-attr]  # ours is asynchronous
                        entity += len(part)
                        if entity > limit:
                            return LimitReachedError()
                finally:
                    await response.stream.aclose()  # type: ignore[union-attr]
        except _PROBLEMS as problem:
            return problem
        finally:
            current.reset(token)
        return None

    async def _made(self, url: str, tap: Tap, problem: Exception | None, limit: int, exchange: Exchange) -> Exchange:
        """The exchange, from the bytes in the tap and the problem that ended it."""
        proxied = self._pools.proxied(url)
        if (url.startswith("https:") and not (tap.peer and tap.peer.tls)) or isinstance(problem, httpcore.ProxyError):
            tap.restart()  # what went by was not for the server: a proxy's CONNECT
        error, truncated = (None, None) if problem is None else self._failure(url, tap, problem, proxied, limit)
        received = tap.taken()
        message = final_response(received)
        head = read_head(message)
        exchange = replace(
            exchange,
            request_bytes=_PROXY_LOGIN.sub(b"", bytes(tap.sent)),
            ip=None if proxied or tap.peer is None else tap.peer.ip,
            tls=tap.peer.tls if tap.peer else None,
            cipher=tap.peer.cipher if tap.peer else None,
        )
        if head is None:
            if received and not isinstance(error, FetchTimeoutError):
                error = BadHttpError(f"{url}: the answer is no HTTP: it begins {received[:40]!r}")
            return replace(exchange, error=error)
        end, whole = message_end(message, head, limit)
        too_large = end == head.length + limit and len(message) > end and not (whole and _framed(head))
        if problem is None and len(message) > end:
            await self._pools.discard(url)
        if error is not None and whole and _framed(head):
            error = truncated = None  # h11 refused the head, but all of the message is there
        if too_large:
            truncated, error = "length", _too_large(url, limit)
        elif error is None and not whole:
            truncated, error = "unspecified", BadHttpError(f"{url}: the answer broke off after {end:,} bytes")
        return replace(
            exchange,
            response_bytes=message[:end],
            head_length=head.length,
            status=head.status,
            reason=head.reason,
            headers=head.headers,
            protocol=f"http/{head.version}",
            truncated=truncated,
            error=error,
        )

    def _failure(self, url: str, tap: Tap, problem: Exception, proxied: bool, limit: int) -> tuple[NewscleanError, str]:
        """The problem as one of newsclean's errors, and the reason for WARC-Truncated."""
        got = f"after {tap.received:,} bytes" if tap.received else "before it began"
        if isinstance(problem, LimitReachedError):
            return _too_large(url, limit), "length"
        if isinstance(problem, PrivateAddressError):
            return PrivateAddressError(f"{url}: {problem}"), "unspecified"
        if isinstance(problem, httpcore.ConnectTimeout):
            seconds = self._settings.connect_timeout
            return FetchTimeoutError(f"{url}: no connection within {seconds:g} s (connect_timeout)"), "time"
        if isinstance(problem, httpcore.TimeoutException):
            seconds = self._settings.read_timeout
            return FetchTimeoutError(f"{url}: the answer stopped {got}, for {seconds:g} s (read_timeout)"), "time"
        if isinstance(problem, TimeoutError):
            seconds = self._settings.page_timeout
            said = f"{url}: not all came within {seconds:g} s (page_timeout), it stopped {got}"
            return FetchTimeoutError(said), "time"
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


def _too_large(url: str, limit: int) -> TooLargeError:
    return TooLargeError(f"{url}: the answer is larger than {limit:,} bytes (max_body_bytes) and was cut there")


def _connect_error(url: str, cause: BaseException, proxied: bool) -> NewscleanError:
    if isinstance(cause, ssl.SSLError):
        reason = getattr(cause, "verify_message", "") or cause.reason or str(cause)
        return TlsError(f"{url}: no secure connection: {reason}; --insecure takes it as it is")
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


def _framed(head: Head) -> bool:
    """Whether the message says itself where it ends."""
    return head.complete and (head.chunked or content_length(head) is not None or head.status in (204, 304))
