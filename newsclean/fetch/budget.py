"""A budget for the bytes of answers under way, so that many large ones at once do not fill the memory."""

import asyncio


class Budget:
    """Answers take from it as they grow. Above the limit only the oldest goes on, so that one always ends.

    For one event loop. Whoever takes part is known by an object of its own.
    """

    def __init__(self, limit: int) -> None:
        """``limit``: bytes."""
        self._limit = limit
        self._held: dict[object, int] = {}
        self._change = asyncio.Event()

    def join(self, who: object) -> None:
        """Take part, behind those who do so already."""
        self._held[who] = 0

    def leave(self, who: object) -> None:
        """Give all back."""
        if self._held.pop(who, None) is not None:
            self._wake()

    def grow(self, who: object, count: int) -> None:
        """Hold so many bytes more."""
        if who in self._held:
            self._held[who] += count

    def full(self, who: object) -> bool:
        """Whether ``who`` has to wait before it reads on."""
        return who in self._held and sum(self._held.values()) >= self._limit and next(iter(self._held)) is not who

    async def room(self, who: object) -> None:
        """Wait until ``who`` may read on."""
        while self.full(who):
            await self._change.wait()

    def _wake(self) -> None:
        self._change.set()
        self._change = asyncio.Event()
