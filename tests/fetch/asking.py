"""A client on a raw server of its own, and what it says of what it fetched."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from newsclean.exchange import Fetch
from newsclean.fetch import Client
from newsclean.settings import Settings
from tests.fetch.raw_server import RawServer, Say

QUICK = Settings(
    host_delay=0,
    connect_timeout=5,
    read_timeout=5,
    page_timeout=10,
    allow_private=True,
    robots="ignore",
    max_attempts=1,
)
PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


def status(code: int, *fields: str, body: bytes = b"") -> bytes:
    lines = [f"HTTP/1.1 {code} Status", *fields, f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def in_turn(answers: Sequence[bytes]) -> Say:
    """One answer after the other; the last one again and again."""
    left = list(answers)

    async def say(writer: asyncio.StreamWriter) -> None:
        writer.write(left.pop(0) if len(left) > 1 else left[0])
        await writer.drain()

    return say


class Aside:
    """Notes what a client fetches on the way."""

    def __init__(self) -> None:
        self.fetches: list[Fetch] = []

    async def __call__(self, fetch: Fetch) -> None:
        self.fetches.append(fetch)

    def of(self, purpose: str) -> list[Fetch]:
        return [fetch for fetch in self.fetches if fetch.purpose == purpose]


Work = Callable[[RawServer, Client, Aside], Awaitable[None]]


def asking(answers: dict[str, bytes | Say], work: Work, settings: Settings = QUICK) -> None:
    """Do the work with a server that gives these answers."""

    async def run() -> None:
        aside = Aside()
        async with RawServer(answers) as server, Client(settings, proxy="", on_side=aside) as client:
            await work(server, client, aside)

    asyncio.run(run())


def code(fetch: Fetch) -> str | None:
    return fetch.error.code if fetch.error else None


def targets(server: RawServer) -> list[str]:
    """What the server was asked for, in order."""
    return [request.split(b" ", 2)[1].decode("latin-1") for request in server.requests]
