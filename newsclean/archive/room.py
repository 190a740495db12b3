"""A room for so many bytes: what comes in when it is full waits outside."""

import asyncio
from collections import deque


class Room:
    """Lets sizes in, in their order, while their sum stays under a limit; one that is larger than that goes in alone.

    For one event loop.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._inside = 0
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()

    async def enter(self, size: int) -> None:
        """Wait until there is room for ``size`` bytes, and take it."""
        if self._waiting or not self._fits(size):
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            entry = (size, turn)
            self._waiting.append(entry)
            try:
                await turn
            except asyncio.CancelledError:
                if entry in self._waiting:
                    self._waiting.remove(entry)
                else:
                    self.leave(size)
                raise
        else:
            self._inside += size

    def leave(self, size: int) -> None:
        """Give the room of ``size`` bytes back."""
        self._inside -= size
        while self._waiting and self._fits(self._waiting[0][0]):
            size, turn = self._waiting.popleft()
            self._inside += size
            turn.set_result(None)

    def _fits(self, size: int) -> bool:
        return not self._inside or self._inside + size <= self._limit
