"""What one fetch gives: exchanges, each with the exact bytes of request and response, and how it ended."""

from dataclasses import dataclass
from typing import Literal

from newsclean.errors import NewscleanError
from newsclean.http1 import entity_of, entity_parts, is_chunked

Purpose = Literal["page", "attempt", "robots", "feed", "sitemap"]
"""What a fetch was for: an input's page, an attempt at one that was made again, a robots.txt, a feed or a sitemap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """An earlier capture, as far as a new one of the same URL or the same payload needs it."""

    record_id: str
    """WARC-Record-ID of its response record, with angle brackets; never that of a revisit."""
    url: str
    """Its WARC-Target-URI."""
    date: str
    """Its WARC-Date, as it stands in the record."""
    payload_digest: str
    """Its WARC-Payload-Digest."""
    etag: str | None = None
    """Its ETag field; absent where it had none."""
    last_modified: str | None = None
    """Its Last-Modified field; absent where it had none."""
    chunked: bool = False
    """Whether its body is stored with chunk framing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its answer, byte by byte."""

    url: str
    """The URI that was asked for (WARC-Target-URI)."""
    request_bytes: bytes = b""
    """The request as it was sent; a Proxy-Authorization field is left out. Empty where no connection was had."""
    response_bytes: bytes = b""
    """Head and body as they came: case, order, spacing and chunk framing kept. Leading 1xx answers and bytes behind
    the message are cut off. Empty where no HTTP answer came."""
    head_length: int = 0
    """Bytes of ``response_bytes`` up to and with the empty line."""
    status: int | None = None
    """None where no HTTP answer came."""
    reason: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    """Fields of the response in their order and spelling, decoded as latin-1."""
    started_at: str
    """WARC-Date: when the exchange began, ISO 8601 in UTC with microseconds and ``Z``."""
    fetch_ms: int = 0
    """Milliseconds from the start to the last byte."""
    ip: str | None = None
    """Address of the server; absent behind a proxy and where no connection was had."""
    protocol: str | None = None
    """``http/1.1`` or ``http/1.0``, by the answer's status line; absent where no HTTP answer came."""
    tls: str | None = None
    """``tls/1.3`` or ``tls/1.2``; absent without TLS."""
    cipher: str | None = None
    """IANA name of the cipher suite; absent without TLS or where the name is not known."""
    truncated: str | None = None
    """Why the answer is not whole: ``length``, ``time``, ``disconnect`` or ``unspecified``; absent where it is."""
    error: NewscleanError | None = None
    """Why the exchange failed, or broke off; absent where it did not. A status is no failure here."""

    @property
    def entity_body(self) -> bytes:
        """Transfer coding removed, content coding kept; made from ``response_bytes`` each time, so that a large answer
        is not held twice."""
        return entity_of(self.response_bytes, self.head_length, is_chunked(self.headers))

    def entity_parts(self) -> list[memoryview]:
        """The parts of the entity body, one behind the other, without a copy."""
        return entity_parts(self.response_bytes, self.head_length, is_chunked(self.headers))

    @property
    def chunked(self) -> bool:
        """Whether the body has chunk framing."""
        return is_chunked(self.headers)

    @property
    def answered(self) -> bool:
        """Whether there is an HTTP answer to store, whole or not."""
        return self.status is not None

    def header(self, name: str) -> str | None:
        """The first field of that name in the response, in any case; None where there is none."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """One input, fetched: its exchanges in order, each redirect one of its own."""

    url: str
    """The input as it was given."""
    purpose: Purpose = "page"
    earlier: Earlier | None = None
    """The capture that the server says is still good: it answered 304 to the validators of that capture. Absent
    everywhere else; ``error`` is absent where it is there."""
    exchanges: tuple[Exchange, ...] = ()
    """Empty only where the input is no URL that can be asked for."""
    error: NewscleanError | None = None
    """Why there is no page: the last exchange's error, a status that is no success, or a redirect that leads nowhere.
    Absent where a page came, whole."""

    @property
    def last(self) -> Exchange | None:
        """The exchange that ended it; None where there was none."""
        return self.exchanges[-1] if self.exchanges else None

    @property
    def redirects(self) -> tuple[str, ...]:
        """URLs of the hops before the last exchange, the first asked first."""
        return tuple(exchange.url for exchange in self.exchanges[:-1])
