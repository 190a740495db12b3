"""Serves real pages from memory, as fast as it can: a forward proxy on loopback that knows every host name.

    python -m scripts.bench_server FOLDER…     prints its port; ends with its standard input

``http://any-host/…/N`` is page N modulo the number of pages, uncompressed, with N written at its head, so that no two
are the same. FOLDER is a set of the bench in ../shared, with pages/*.html.gz.
"""

import asyncio
import gzip
import sys
from pathlib import Path

SMALLEST, LARGEST = 20_000, 600_000
"""Bytes of the pages that are taken."""


class Sender(asyncio.Protocol):
    """One connection."""

    def __init__(self, pages: list[bytes]) -> None:
        self._pages = pages
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received:
            request, _, self._received = self._received.partition(b"\r\n\r\n")
            number = request.split(b" ", 2)[1].rpartition(b"/")[2]
            if not number.isdigit():
                self._transport.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                continue
            page = self._pages[int(number) % len(self._pages)]
            mark = b"<!-- %012d -->\n" % int(number)
            head = (
                b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nServer: bench\r\n"
                b"Content-Length: %d\r\n\r\n" % (len(mark) + len(page))
            )
            self._transport.writelines([head, mark, page])


def pages(folders: list[Path]) -> list[bytes]:
    """The pages of these sets, in an order that mixes them."""
    found = sorted((path for folder in folders for path in (folder / "pages").glob("*.html.gz")), key=lambda p: p.name)
    unpacked = (gzip.decompress(path.read_bytes()) for path in found)
    return [page for page in unpacked if SMALLEST <= len(page) <= LARGEST]


async def main() -> None:
    loop = asyncio.get_running_loop()
    served = pages([Path(word) for word in sys.argv[1:]])
    server = await loop.create_server(lambda: Sender(served), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], sum(map(len, served)) // len(served), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
