"""The newsstand: the pages of ``pages/`` served on loopback under their own host names, over real HTTP/1.1.

It is a forward proxy that forwards nothing: a client that sends its plain-http requests through it sees
``http://harbour-herald.example/…`` as if the paper were online. Nothing leaves the machine.
"""

import gzip
import socket
import threading
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.resources import files
from types import TracebackType
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from newsclean.errors import UsageError

_PAGES = files("newsclean.demo") / "pages"
_CHUNK = 4096
"""Bytes of a chunk in a chunked answer."""
_IDLE_SECONDS = 30
"""How long a connection is kept open without a request."""
_JOIN_SECONDS = 5
_ROBOTS = b"User-agent: *\nDisallow: /private/\n"


@dataclass(frozen=True, kw_only=True)
class NewsstandPage:
    """One page of ``newsstand.toml``."""

    file: str
    """File name in ``pages/``."""
    url: str
    """Where the newsstand serves it."""
    title: str
    language: str
    """BCP 47 primary language of the text."""
    moved_from: str | None = None
    """A URL that answers 301 with ``url``; absent for most pages."""
    coding: str | None = None
    """``gzip`` where the body is sent with that content coding to clients that accept it."""
    chunked: bool = False
    """Sent in chunks, without Content-Length."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Fields instead of the usual ones."""

    @cached_property
    def html(self) -> bytes:
        """The page, without any coding."""
        return (_PAGES / self.file).read_bytes()

    def entity(self, *, accept_gzip: bool) -> bytes:
        """The body as it is sent, before chunks are made of it."""
        if self.coding == "gzip" and accept_gzip:
            return gzip.compress(self.html, mtime=0)
        return self.html

    def fields(self, entity: bytes) -> list[tuple[str, str]]:
        """The header fields of an answer with that body, in their order; Date is not among them."""
        fields = {"Server": "nginx", "Content-Type": "text/html; charset=utf-8"} | dict(self.headers)
        fields["Content-Language"] = self.language
        if self.coding:
            fields["Vary"] = "Accept-Encoding"
        if self.coding and entity != self.html:
            fields["Content-Encoding"] = self.coding
        if self.chunked:
            fields["Transfer-Encoding"] = "chunked"
        else:
            fields["Content-Length"] = str(len(entity))
        return list(fields.items())


def load_pages() -> tuple[NewsstandPage, ...]:
    """The pages of ``newsstand.toml`` in its order."""
    return tuple(NewsstandPage(**row) for row in _listing()["page"])


def chunks(body: bytes) -> Iterator[bytes]:
    """The body in chunked transfer coding (RFC 9112, 7.1), the end mark included."""
    for start in range(0, len(body), _CHUNK):
        part = body[start : start + _CHUNK]
        yield b"%x\r\n%b\r\n" % (len(part), part)
    yield b"0\r\n\r\n"


class Newsstand:
    """The server, running in threads of its own between ``__enter__`` and ``__exit__``.

    ``port`` 0 takes a free one. Entering raises UsageError where the port cannot be had.
    """

    def __init__(self, port: int = 0) -> None:
        self._port = port
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self.pages = load_pages()
        """The pages in the order of ``newsstand.toml``."""
        self.urls = [page.moved_from or page.url for page in self.pages]
        """The list for the main job: the address of each page, the old one for a page that has moved, and addresses
        that answer 404."""
        self.urls += [row["url"] for row in _listing().get("missing", ())]

    def __enter__(self) -> Self:
        try:
            self._server = _Server(self._port, self.pages, {urlsplit(url).netloc for url in self.urls})
        except (OSError, OverflowError) as problem:
            reason = getattr(problem, "strerror", None) or problem
            raise UsageError(f"cannot listen on 127.0.0.1:{self._port}: {reason}; take another port, or 0") from None
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="newsstand", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server and self._thread:
            self._server.shutdown()
            self._thread.join()
            self._server.close_all()
        self._server = self._thread = None

    @property
    def port(self) -> int:
        """The port on 127.0.0.1. Raises ValueError where the newsstand is not running."""
        if self._server is None:
            raise ValueError("the newsstand is not running; use it in a with statement")
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """The address to be used as HTTP proxy: ``http://127.0.0.1:port``. Raises ValueError as ``port`` does."""
        return f"http://127.0.0.1:{self.port}"


def _listing() -> dict[str, Any]:
    return tomllib.loads((_PAGES / "newsstand.toml").read_text(encoding="utf-8"))


class _Server(HTTPServer):
    """One thread a connection; open connections are known, so that they can be ended."""

    request_queue_size = 128

    def __init__(self, port: int, pages: tuple[NewsstandPage, ...], hosts: set[str]) -> None:
        self.by_url = {page.url: page for page in pages}
        self.moved = {page.moved_from: page.url for page in pages if page.moved_from}
        self.hosts = {urlsplit(url).netloc for url in self.by_url} | hosts
        self._lock = threading.Lock()
        self._open: dict[Any, threading.Thread] = {}
        super().__init__(("127.0.0.1", port), _Handler)

    def server_bind(self) -> None:
        """As TCPServer has it: HTTPServer would ask the resolver for the name of 127.0.0.1."""
        super(HTTPServer, self).server_bind()
        self.server_name, self.server_port = "127.0.0.1", int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        thread = threading.Thread(target=self._talk, args=(request, client_address), daemon=True)
        with self._lock:
            self._open[request] = thread
        thread.start()

    def _talk(self, request: Any, client_address: Any) -> None:
        try:
            self.finish_request(request, client_address)
        except OSError:  # the client went away; there is nobody left to tell
            pass
        finally:
            with self._lock:
                self._open.pop(request, None)
            self.shutdown_request(request)

    def close_all(self) -> None:
        """End the connections that are open, then close the port."""
        with self._lock:
            talks = dict(self._open)
        for request, thread in talks.items():
            with suppress(OSError):  # already gone
                request.shutdown(socket.SHUT_RDWR)
            thread.join(_JOIN_SECONDS)
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = _IDLE_SECONDS
    wbufsize = -1
    disable_nagle_algorithm: ClassVar[bool] = True

    def do_GET(self) -> None:
        """Answer a request in absolute form (to a proxy) or in origin form with Host."""
        url = self._asked()
        host = urlsplit(url).netloc
        if host not in self.server.hosts:
            self._say(HTTPStatus.BAD_GATEWAY, "no such host on this newsstand")
        elif page := self.server.by_url.get(url):
            self._send_page(page)
        elif target := self.server.moved.get(url):
            self._say(HTTPStatus.MOVED_PERMANENTLY, target, ("Location", target))
        elif urlsplit(url).path == "/robots.txt":
            self._send(HTTPStatus.OK, [("Content-Type", "text/plain"), ("Content-Length", str(len(_ROBOTS)))], _ROBOTS)
        else:
            self._say(HTTPStatus.NOT_FOUND, "there is no page at this address")

    def do_HEAD(self) -> None:
        """As GET, without the body."""
        self.do_GET()

    def _asked(self) -> str:
        """The URL that is asked for, host in lower case, default port left out."""
        if self.path.startswith("/"):
            host, rest = self.headers.get("Host", ""), self.path
        else:
            parts = urlsplit(self.path)
            host, rest = parts.netloc, parts._replace(scheme="", netloc="").geturl() or "/"
        return f"http://{host.lower().removesuffix(':80')}{rest}"

    def _send_page(self, page: NewsstandPage) -> None:
        entity = page.entity(accept_gzip="gzip" in self.headers.get("Accept-Encoding", ""))
        body = b"".join(chunks(entity)) if page.chunked else entity
        self._send(HTTPStatus.OK, page.fields(entity), body)

    def _say(self, status: HTTPStatus, text: str, *fields: tuple[str, str]) -> None:
        """Answer with a short page of that status."""
        line = f"{status.value} {status.phrase}"
        body = f"<!DOCTYPE html><title>{line}</title><h1>{line}</h1><p>{text}</p>\n".encode()
        usual = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]
        self._send(status, [*usual, *fields], body)

    def _send(self, status: HTTPStatus, fields: list[tuple[str, str]], body: bytes) -> None:
        self.send_response_only(status)
        self.send_header("Date", self.date_time_string())
        for name, value in fields:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay quiet."""
