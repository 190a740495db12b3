"""When a host may be asked again: so many requests at once, a delay between two starts, a pause when it asks for one.

The one place that knows a host's state. For one event loop.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar

_FORGET = 4096
"""Hosts remembered before those that may be asked at once are forgotten."""
_SLOWED = 2.0
"""Seconds between two starts, at least, with a host that said it is asked too much."""
_SLOWEST = 60.0
"""Seconds to which that grows when it says so again."""
_EASE = 0.8
"""What is left of such a delay after each answer that is none."""
_WEIGHT = 0.3
"""Weight of the last page in the mean time that a host's pages take."""
GIVEN_UP = 3
"""Inputs of a host in a row that could not be reached, from which on the next gets one attempt only."""


class Lease:
    """One of the connections that may be in use at once: held from the start of an exchange until what came is handed
    on, given back wherever its holder waits for something else."""

    def __init__(self, connections: asyncio.Semaphore) -> None:
        self._connections = connections
        self.held = False

    async def take(self) -> None:
        """Hold it; waits until one is free."""
        if not self.held:
            await self._connections.acquire()
            self.held = True

    def another(self) -> "Lease":
        """One more of the same connections, not held yet."""
        return Lease(self._connections)

    def give(self) -> None:
        """Give it back, where it is held."""
        if self.held:
            self.held = False
            self._connections.release()


lease: ContextVar[Lease | None] = ContextVar("newsclean_lease", default=None)
"""The lease of the job that this task works on; None where connections are not counted."""


class Host:
    """What is known of one host."""

    __slots__ = ("delay", "failures", "free_at", "own_delay", "seconds", "slots", "users")

    def __init__(self, connections: int, delay: float) -> None:
        self.slots = asyncio.Semaphore(connections)
        self.own_delay = delay
        """Seconds between two starts, by the settings and its robots.txt."""
        self.delay = delay
        """The same, longer where it said that it is asked too much."""
        self.free_at = 0.0
        self.users = 0
        self.seconds = 0.0
        """Mean time that its pages take."""
        self.failures = 0
        """Inputs in a row that could not be reached."""


class Hosts:
    """Gives each host's requests their turns: pages, redirect hops, robots.txt, further attempts."""

    def __init__(self, connections: int, delay: float, max_crawl_delay: float) -> None:
        """``connections``: requests at once to one host. ``delay``: seconds between the starts of two.
        ``max_crawl_delay``: seconds up to which a host's own wish counts."""
        self._connections = connections
        self._delay = delay
        self._max_crawl_delay = max_crawl_delay
        self._hosts: dict[str, Host] = {}
        self._room = _FORGET

    def free_at(self, name: str) -> float:
        """When the host may be asked next, by the loop's clock; 0 for one that was not asked yet."""
        known = self._hosts.get(name)
        return known.free_at if known else 0.0

    def pace(self, name: str) -> float:
        """Seconds that one page of the host takes now: its delay, or longer where it answers slowly."""
        known = self._hosts.get(name)
        return max(known.delay, known.seconds) if known else self._delay

    @asynccontextmanager
    async def turn(self, name: str, take: Callable[[], Awaitable[None]] | None = None) -> AsyncIterator[Host]:
        """Wait for the host's turn and hold it. ``take`` is awaited before the turn begins: it gets what else is
        needed, such as a connection."""
        known = self.get(name)
        known.users += 1
        loop = asyncio.get_running_loop()
        try:
            async with known.slots:
                await _until(known)
                if take:
                    await take()
                    await _until(known)
                began = loop.time()
                if known.delay:
                    known.free_at = began + known.delay
                yield known
                taken = loop.time() - began
                known.seconds = taken if not known.seconds else known.seconds + _WEIGHT * (taken - known.seconds)
        finally:
            known.users -= 1

    def answered(self, host: Host, moment: float) -> None:
        """Its answer began at that moment of the loop's clock: the delay counts from there, since a server that is late
        to read one request would see the next too early."""
        if host.delay:
            host.free_at = max(host.free_at, moment + host.delay)

    def slow_down(self, host: Host, seconds: float) -> None:
        """It is asked too much: leave it alone for so long, and ask more slowly from then on."""
        host.delay = max(host.delay, min(max(2 * host.delay, _SLOWED), _SLOWEST))
        host.free_at = max(host.free_at, asyncio.get_running_loop().time() + max(seconds, host.delay))

    def ease(self, host: Host) -> None:
        """It answered as it should."""
        host.delay = max(host.own_delay, host.delay * _EASE)

    def crawl_delay(self, name: str, seconds: float | None) -> None:
        """What the host's robots.txt asks for."""
        if seconds is not None:
            host = self.get(name)
            host.own_delay = max(self._delay, min(seconds, self._max_crawl_delay))
            host.delay = max(host.delay, host.own_delay)
            # It was asked for its robots.txt when this was not known.
            host.free_at = max(host.free_at, asyncio.get_running_loop().time() + host.own_delay)

    def get(self, name: str) -> Host:
        """What is known of a host, made where nothing is."""
        known = self._hosts.get(name)
        if known is None:
            self._forget()
            known = self._hosts[name] = Host(self._connections, self._delay)
        return known

    def _forget(self) -> None:
        if len(self._hosts) >= self._room:
            now = asyncio.get_running_loop().time()
            self._hosts = {
                name: host
                for name, host in self._hosts.items()
                if host.users or host.free_at > now or host.delay > self._delay or host.failures
            }
            self._room = max(_FORGET, 2 * len(self._hosts))


async def _until(host: Host) -> None:
    """Wait until the host may be asked."""
    while (wait := host.free_at - asyncio.get_running_loop().time()) > 0:
        await asyncio.sleep(wait)
