"""Fetches made by hand, and files with them."""

from pathlib import Path

import pytest

from newsclean.errors import BadUrlError, DnsError, HttpStatusError
from newsclean.exchange import Exchange, Fetch
from newsclean.http1 import read_head
from newsclean.settings import Settings
from newsclean.warc import Writer, Written

DATE = "2026-11-22T20:35:21.123456Z"
PAGE = b"<html><body><p>The council met on Tuesday.</p></body></html>"


def exchange(url: str, response: bytes, **values: object) -> Exchange:
    """An exchange with an answer of these bytes."""
    head = read_head(response)
    assert head
    given = {
        "url": url,
        "request_bytes": b"GET / HTTP/1.1\r\nHost: news.example\r\n\r\n",
        "response_bytes": response,
        "head_length": head.length,
        "status": head.status,
        "reason": head.reason,
        "headers": head.headers,
        "started_at": DATE,
        "fetch_ms": 12,
        "ip": "192.0.2.7",
        "protocol": f"http/{head.version}",
    }
    return Exchange(**{**given, **values})  # type: ignore[arg-type]


def plain(body: bytes = PAGE) -> bytes:
    return b"HTTP/1.1 200 OK\r\ncontent-TYPE:text/html\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


def chunked(body: bytes = PAGE) -> bytes:
    return (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"%x;part=1\r\n%b\r\n0\r\nX-Sum: 1\r\n\r\n" % (len(body), body)
    )


MOVED = b"HTTP/1.1 301 Moved Permanently\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n"


def simple(url: str = "http://news.example/a", response: bytes | None = None) -> Fetch:
    return Fetch(url=url, exchanges=(exchange(url, response or plain()),))


def redirected() -> Fetch:
    return Fetch(
        url="http://news.example/a#top",
        exchanges=(exchange("http://news.example/a", MOVED), exchange("http://news.example/b", chunked(PAGE + b"\n"))),
    )


def missing() -> Fetch:
    url = "http://news.example/gone"
    answer = b"HTTP/1.1 404 Not Found\nContent-Length: 4\n\ngone"
    return Fetch(
        url=url, exchanges=(exchange(url, answer),), error=HttpStatusError(f"{url}: the server answered 404", 404)
    )


def unreachable() -> Fetch:
    url = "http://nowhere.example/a"
    error = DnsError(f"{url}: no address")
    return Fetch(url=url, exchanges=(Exchange(url=url, started_at=DATE, error=error),), error=error)


def lost_on_the_way() -> Fetch:
    """A redirect whose target cannot be reached."""
    error = DnsError("http://nowhere.example/b: no address")
    last = Exchange(url="http://nowhere.example/b", started_at=DATE, error=error)
    return Fetch(url="http://news.example/a", exchanges=(exchange("http://news.example/a", MOVED), last), error=error)


def no_url() -> Fetch:
    return Fetch(url="no url: Köln", error=BadUrlError("no http(s) URL: 'no url: Köln'"))


ALL = [simple, redirected, missing, unreachable, lost_on_the_way, no_url]


@pytest.fixture
def settings() -> Settings:
    return Settings(operator="Archive of the Example Library", compression=6)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "warc"


@pytest.fixture
def stored(folder: Path, settings: Settings) -> tuple[Path, list[tuple[Fetch, Written]]]:
    """A closed file with one fetch of each kind."""
    with Writer(folder, settings) as writer:
        written = [(fetch, writer.write(fetch)) for fetch in (make() for make in ALL)]
    (path,) = folder.iterdir()
    return path, written
