"""From Scrapy's requests and responses to exchanges, as far as Scrapy shows what was on the wire.

Scrapy tells status, header fields (their spelling made uniform, those of one name brought together) and the entity body
(chunk framing off, content coding on); it does not tell the reason phrase, nor the fields that Twisted keeps for itself
(Connection, Transfer-Encoding). Head lines are written as HTTP/1.1 has them, also for an answer over HTTP/2.
"""

import time
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag, urlsplit

from newsclean.errors import (
    ConnectError,
    DnsError,
    FetchError,
    FetchTimeoutError,
    NewscleanError,
    ProxyError,
    RedirectError,
    RobotsError,
    TooLargeError,
)
from newsclean.exchange import Exchange
from newsclean.warc.compose import warc_date

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response
    from scrapy.http.headers import Headers

_ERRORS: dict[str, type[NewscleanError]] = {
    # Scrapy's, since 2.14
    "CannotResolveHostError": DnsError,
    "DownloadConnectionRefusedError": ConnectError,
    "DownloadTimeoutError": FetchTimeoutError,
    "DownloadFailedError": ConnectError,
    "DownloadCancelledError": TooLargeError,
    "ResponseDataLossError": ConnectError,
    # Twisted's
    "DNSLookupError": DnsError,
    "TimeoutError": FetchTimeoutError,
    "TCPTimedOutError": FetchTimeoutError,
    "ConnectError": ConnectError,
    "ConnectionLost": ConnectError,
    "ConnectionDone": ConnectError,
    "ResponseFailed": ConnectError,
    "CancelledError": TooLargeError,
    "TunnelError": ProxyError,
}
"""By the name of the exception's class or one of its bases: where they come from differs from version to version."""
_UNSENT = frozenset([b"proxy-authorization"])
"""Fields of a request that are for the proxy, not for the server."""


def headers_of(headers: "Headers") -> tuple[tuple[str, str], ...]:
    """The fields of Scrapy's headers, decoded as latin-1."""
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name in headers for value in headers.getlist(name)
    )


def exchange_of(request: "Request", response: "Response", headers_at: float | None) -> Exchange:
    """One exchange. ``headers_at``: when the response's head was there, in seconds since 1970; None where nobody saw
    it, then the answer is taken to have come just now."""
    now = time.time()
    began = (headers_at or now) - request.meta.get("download_latency", 0.0)
    headers = headers_of(response.headers)
    version = "1.0" if response.protocol == "HTTP/1.0" else "1.1"
    try:
        reason = HTTPStatus(response.status).phrase
    except ValueError:
        reason = ""
    head = _head(f"HTTP/{version} {response.status} {reason}".rstrip(), headers)
    return Exchange(
        url=urldefrag(response.url).url,
        request_bytes=_request_bytes(request),
        response_bytes=head + response.body,
        head_length=len(head),
        status=response.status,
        reason=reason,
        headers=headers,
        started_at=warc_date(datetime.fromtimestamp(began, UTC)),
        fetch_ms=max(0, round((now - began) * 1000)),
        ip=str(response.ip_address) if response.ip_address and not request.meta.get("proxy") else None,
        protocol=_protocol(response.protocol),
        truncated=_truncated(response),
    )


def failed_exchange(request: "Request", exception: Exception) -> Exchange | None:
    """The exchange of a request that has no answer; None where nothing is to be said of it: it was left out by the
    spider's own choice."""
    error = _error(request, exception)
    if error is None or not request.url.startswith(("http://", "https://")):
        return None
    return Exchange(url=urldefrag(request.url).url, started_at=warc_date(datetime.now(UTC)), error=error)


def is_followed(request: "Request", response: "Response", crawler: "Crawler") -> bool:
    """Whether Scrapy's RedirectMiddleware follows the answer to another address."""
    meta, settings = request.meta, crawler.settings
    handled = (*meta.get("handle_httpstatus_list", ()), *getattr(crawler.spider, "handle_httpstatus_list", ()))
    return (
        response.status in (301, 302, 303, 307, 308)
        and "Location" in response.headers
        and settings.getbool("REDIRECT_ENABLED")
        and not meta.get("dont_redirect")
        and not meta.get("handle_httpstatus_all")
        and response.status not in handled
        and meta.get("redirect_times", 0) < settings.getint("REDIRECT_MAX_TIMES")
    )


def _request_bytes(request: "Request") -> bytes:
    parts = urlsplit(request.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    fields = [field for field in headers_of(request.headers) if field[0].lower().encode() not in _UNSENT]
    if not any(name.lower() == "host" for name, _ in fields):
        fields.insert(0, ("Host", parts.netloc.rpartition("@")[2]))
    if request.body and not any(name.lower() == "content-length" for name, _ in fields):
        fields.append(("Content-Length", str(len(request.body))))
    return _head(f"{request.method} {target} HTTP/1.1", tuple(fields)) + bytes(request.body)


def _head(first: str, headers: tuple[tuple[str, str], ...]) -> bytes:
    lines = [first, *(f"{name}: {_one_line(value)}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode("latin-1", "replace")


def _one_line(value: str) -> str:
    """A value as a line can hold it: a line end inside would begin another field."""
    return value.replace("\r", " ").replace("\n", " ")


def _protocol(said: str | None) -> str | None:
    """As WARC-Protocol has it."""
    if not said:
        return None
    low = said.lower()
    return "h2" if low in ("h2", "http/2", "http/2.0") else low


def _truncated(response: "Response") -> str | None:
    if "dataloss" in response.flags:
        return "disconnect"
    return "length" if "download_stopped" in response.flags else None


def _error(request: "Request", exception: Exception) -> NewscleanError | None:
    url = request.url
    names = [kind.__name__ for kind in type(exception).__mro__]
    said = " ".join(str(exception).split()) or names[0]
    if "IgnoreRequest" in names:
        if "robots.txt" in said:
            return RobotsError(
                f"{url}: the host's robots.txt forbids it; ROBOTSTXT_OBEY = False fetches it all the same"
            )
        if request.meta.get("redirect_urls"):
            return RedirectError(f"{url}: redirected to there, where the spider does not go: {said}")
        return None
    kind: Any = next((_ERRORS[name] for name in names if name in _ERRORS), FetchError)
    error: NewscleanError = kind(f"{url}: {said}")
    return error
