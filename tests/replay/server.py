"""A server on loopback that sends, for each path, the bytes that a test gives it, and then closes the connection."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Answer = bytes | Callable[[bytes], bytes]
"""A whole HTTP message, or what makes one of the request's head."""


@dataclass
class Sender:
    """What it answers, and what it was asked."""

    port: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)
    requests: list[bytes] = field(default_factory=list)
    """Heads of the requests."""

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


def message(status: str, *fields: str, body: bytes = b"", length: bool = True) -> bytes:
    """An HTTP message; with ``length``, it says how long its body is."""
    head = [f"HTTP/1.1 {status}", *fields, *([f"Content-Length: {len(body)}"] if length else []), "Connection: close"]
    return "\r\n".join([*head, "", ""]).encode() + body


def chunked(status: str, *fields: str, body: bytes, size: int = 700) -> bytes:
    """An HTTP message in chunks, the first of which has an extension."""
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    framed = b"".join(b"%x%b\r\n%b\r\n" % (len(p), b"" if n else b";first=1", p) for n, p in enumerate(parts))
    return message(status, *fields, "Transfer-Encoding: chunked", body=framed + b"0\r\n\r\n", length=False)


@contextmanager
def sending() -> Iterator[Sender]:
    """Serve until the block ends."""
    sender = Sender()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                line = self.rfile.readline()
                if not line:
                    return
                head += line
            sender.requests.append(head)
            answer = sender.answers.get(head.split(b" ")[1].decode("latin-1"), message("404 Not Found"))
            self.wfile.write(answer if isinstance(answer, bytes) else answer(head))

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        sender.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield sender
        finally:
            server.shutdown()
            thread.join()
