"""Many hosts behind one forward proxy on 127.0.0.1, with the answers that a test gives them."""

import asyncio
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

from newsclean.fetch import Client
from newsclean.settings import Settings


def answer(body: bytes = b"", kind: str = "text/html", status: int = 200, **fields: str) -> bytes:
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    head += "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    return head.encode() + b"\r\n" + body


def moved(url: str) -> bytes:
    return answer(status=301, Location=url)


SETTINGS = Settings(host_delay=0, max_attempts=1)


class Web:
    """An http URL that is not in ``answers`` is 404; there is no https."""

    def __init__(self, answers: dict[str, bytes], settings: Settings = SETTINGS) -> None:
        self.settings = settings
        self.answers = answers
        self.asked: list[str] = []

    async def __aenter__(self) -> Self:
        self._stack = AsyncExitStack()
        self._tasks: set[asyncio.Task[None]] = set()
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._stack.push_async_callback(server.wait_closed)
        self._stack.push_async_callback(self._end)
        self._stack.callback(server.close)
        port = server.sockets[0].getsockname()[1]
        self.client = await self._stack.enter_async_context(Client(self.settings, proxy=f"http://127.0.0.1:{port}"))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def _end(self) -> None:
        """Wait until what the client has closed is closed here, too."""
        await asyncio.gather(*self._tasks)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            while True:
                method, url, _rest = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split(" ", 2)
                if method == "CONNECT":
                    writer.write(answer(status=502))
                    break
                self.asked.append(url)
                writer.write(self.answers.get(url, answer(status=404)))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
