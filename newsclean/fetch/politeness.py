"""When a host may be asked again: at most so many requests at once, and a delay between two starts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_FORGET = 4096
"""Hosts remembered before those that may be asked at once are forgotten."""


class _Host:
    __slots__ = ("free_at", "slots", "users")

    def __init__(self, connections: int) -> None:
        self.slots = asyncio.Semaphore(connections)
        self.free_at = 0.0
        self.users = 0


class Turns:
    """Gives each host's requests their turns, redirect hops included. For one event loop."""

    def __init__(self, connections: int, delay: float) -> None:
        """``connections``: requests at once to one host. ``delay``: seconds between the starts of two."""
        self._connections = connections
        self._delay = delay
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for the host's turn and hold it."""
        known = self._hosts.get(host)
        if known is None:
            self._forget()
            known = self._hosts[host] = _Host(self._connections)
        known.users += 1
        try:
            async with known.slots:
                now = asyncio.get_running_loop().time()
                start = max(now, known.free_at)
                known.free_at = start + self._delay
                if start > now:
                    await asyncio.sleep(start - now)
                yield
        finally:
            known.users -= 1

    def _forget(self) -> None:
        if len(self._hosts) < _FORGET:
            return
        now = asyncio.get_running_loop().time()
        self._hosts = {name: host for name, host in self._hosts.items() if host.users or host.free_at > now}
