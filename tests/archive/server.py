"""A small web server on loopback, whose pages are a table."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SENTENCES = (
    "The council of Port Amber voted on Tuesday to repair the old harbour bridge before the winter storms arrive.",
    "Engineers had warned for two years that the northern pillars were sinking into the soft ground of the bay.",
    "The mayor, Lena Orlov, said that the work would cost four million crowns and take until the spring.",
    "Fishermen who cross the bridge each morning welcomed the decision but asked for a ferry during the closure.",
)


def story(number: int) -> bytes:
    """A page with one article."""
    paragraphs = "".join(f"<p>{text} Report {number}.</p>" for text in SENTENCES)
    head = f"<title>Bridge story {number}</title><meta property='og:title' content='Bridge story {number}'>"
    return (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'>{head}</head>"
        f"<body><nav><a href='/'>Home</a></nav><article><h1>Bridge story {number}</h1>{paragraphs}</article>"
        "<footer>Share this</footer></body></html>"
    ).encode()


@dataclass
class Site:
    """What the server answers: ``path -> (status, content type, body)``; a Location for 3xx stands in the body."""

    port: int = 0
    pages: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)
    etags: dict[str, str] = field(default_factory=dict)
    """ETag of a path; a request that names it is answered 304."""
    requests: Counter[str] = field(default_factory=Counter)
    gate: threading.Event = field(default_factory=threading.Event)
    """Requests for ``/gated…`` wait until it is set."""

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def stories(self, count: int, prefix: str = "/story-") -> list[str]:
        for number in range(count):
            self.pages[f"{prefix}{number}"] = (200, "text/html; charset=utf-8", story(number))
        return [self.url(f"{prefix}{number}") for number in range(count)]


@contextmanager
def serving() -> Iterator[Site]:
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.requests[self.path] += 1
            if self.path.startswith("/gated"):
                site.gate.wait(20)
            status, kind, body = site.pages.get(self.path, (404, "text/html", b"<p>Nothing here</p>"))
            etag = site.etags.get(self.path)
            if etag and self.headers.get("If-None-Match") == etag:
                self.send_response(304)
                self.send_header("ETag", etag)
                self.end_headers()
                return
            self.send_response(status)
            if etag:
                self.send_header("ETag", etag)
            if 300 <= status < 400:
                self.send_header("Location", body.decode())
                body = b""
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield site
    finally:
        site.gate.set()
        server.shutdown()
        thread.join()
        server.server_close()
