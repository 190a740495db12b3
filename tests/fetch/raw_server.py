"""A server that answers with the bytes that a test gives it, over a real socket."""

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

Say = Callable[[asyncio.StreamWriter], Awaitable[None]]


def then_close(data: bytes) -> Say:
    async def say(writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        writer.close()

    return say


def then_reset(data: bytes) -> Say:
    async def say(writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.transport.abort()

    return say


def then_stall(data: bytes) -> Say:
    async def say(writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        await asyncio.sleep(60)

    return say


def for_ever(head: bytes, part: bytes, pause: float = 0.0) -> Say:
    async def say(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while not writer.transport.is_closing():
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)

    return say


class RawServer:
    """Answers each path with its bytes and keeps the connection, or does what a function does."""

    def __init__(self, answers: dict[str, bytes | Say]) -> None:
        self.answers = answers
        self.requests: list[bytes] = []
        self.starts: list[float] = []
        self.connections = 0
        self.under_way = 0
        self.most_at_once = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.ensure_future(self._answers(reader, writer))
        self._tasks.add(task)
        await asyncio.wait([task])
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()
        writer.close()

    async def _answers(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not writer.is_closing():
            try:
                request = await reader.readuntil(b"\r\n\r\n")
            except (asyncio.IncompleteReadError, ConnectionError):
                return
            self.requests.append(request)
            self.starts.append(asyncio.get_running_loop().time())
            self.under_way += 1
            self.most_at_once = max(self.most_at_once, self.under_way)
            try:
                target = request.split(b" ", 2)[1].decode("latin-1")
                if target.startswith("http://"):
                    target = "/" + target.split("/", 3)[3]
                answer = self.answers.get(target, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                if isinstance(answer, bytes):
                    writer.write(answer)
                    await writer.drain()
                else:
                    await answer(writer)
            except ConnectionError:
                return
            finally:
                self.under_way -= 1
