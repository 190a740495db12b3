"""Works off a long list of URLs: many hosts at once, each host with its delay, in bounded memory."""

import asyncio
import heapq
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from newsclean.exchange import Earlier, Fetch
from newsclean.settings import Settings
from newsclean.urls import host_of

Key = TypeVar("Key")

LOOK_AHEAD = 4096
"""Jobs in memory; more are pulled when half of them are under way or done."""
HOST_LOOK_AHEAD = 256
"""Jobs of one host in memory from which on the host is named as full to ``pull``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job(Generic[Key]):
    """One URL to fetch."""

    url: str
    key: Key
    """Whatever the caller knows it by; handed back untouched."""
    earlier: Earlier | None = None
    """The latest whole page of it that is stored, for a conditional request; absent where there is none."""


Pull = Callable[[int, Collection[str]], Sequence[Job[Key]]]
"""Gives up to so many further jobs, in the order in which they are to be fetched; an empty answer says that there are
no more. The second argument names hosts (as :func:`newsclean.urls.host_of`) that have enough jobs waiting: a source
that can leave them out for now keeps other hosts busy, and is asked again later; one that cannot may ignore it."""


async def crawl(
    pull: Pull[Key],
    fetch: Callable[[str], Awaitable[Fetch]],
    on_done: Callable[[Job[Key], Fetch], Awaitable[None]],
    settings: Settings,
    stop: asyncio.Event | None = None,
) -> None:
    """Fetch all jobs that ``pull`` gives and hand each to ``on_done``.

    At most ``settings.connections`` jobs are under way at once, ``on_done`` included, at most
    ``settings.host_connections`` of one host, and two jobs of one host start at least ``settings.host_delay`` seconds
    apart. A redirect hop waits for its host's turn inside ``fetch`` (:class:`Client` does).
    Once ``stop`` is set, no new job starts and those under way are finished. An error that ``pull``, ``fetch`` or
    ``on_done`` raises ends the crawl: the jobs under way are cancelled, and the error is raised here.
    """
    await _Crawl(pull, fetch, on_done, settings, stop or asyncio.Event()).run()


class _Crawl(Generic[Key]):
    def __init__(
        self,
        pull: Pull[Key],
        fetch: Callable[[str], Awaitable[Fetch]],
        on_done: Callable[[Job[Key], Fetch], Awaitable[None]],
        settings: Settings,
        stop: asyncio.Event,
    ) -> None:
        self._pull, self._fetch, self._on_done, self._settings, self._stop = pull, fetch, on_done, settings, stop
        self._waiting: dict[str, deque[Job[Key]]] = {}
        self._queued = 0
        self._dry = False
        self._skipped = False
        self._ready: list[tuple[float, int, str]] = []
        """Heap: when the host may start its next job, order of arrival, host. A host with jobs is in it once for
        each connection that it has free."""
        self._arrivals = 0
        self._next_start: dict[str, float] = {}
        self._running: dict[str, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._now = asyncio.get_running_loop().time

    async def run(self) -> None:
        stopped = asyncio.create_task(self._until_stopped())
        try:
            while not self._stop.is_set():
                self._fill()
                self._start()
                if not self._tasks and not self._queued and self._dry:
                    break
                await self._wait(stopped)
            while self._tasks:
                await self._wait(None)
        finally:
            stopped.cancel()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(stopped, *self._tasks, return_exceptions=True)

    async def _until_stopped(self) -> None:
        await self._stop.wait()

    async def _wait(self, stopped: "asyncio.Task[None] | None") -> None:
        """Wait until a job ends, a host is ready or the stop is asked for; raise what a job raised."""
        free = len(self._tasks) < self._settings.connections
        timeout = max(0.0, self._ready[0][0] - self._now()) if stopped and free and self._ready else None
        waited = self._tasks | {stopped} if stopped else self._tasks
        done, _ = await asyncio.wait(waited, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            if task is not stopped:
                self._tasks.discard(task)
                task.result()

    def _fill(self) -> None:
        """Pull jobs until the look-ahead is full, once half of it is used up."""
        if self._dry and self._skipped and not self._full():
            self._dry = False  # what was left out because its host was full can be had now
        while not self._dry and self._queued <= LOOK_AHEAD // 2:
            full = self._full()
            jobs = self._pull(LOOK_AHEAD - self._queued, full)
            if not jobs:
                self._dry, self._skipped = True, bool(full)
            for job in jobs:
                self._add(job)

    def _full(self) -> frozenset[str]:
        return frozenset(host for host, jobs in self._waiting.items() if len(jobs) >= HOST_LOOK_AHEAD)

    def _add(self, job: Job[Key]) -> None:
        host = host_of(job.url)
        jobs = self._waiting.get(host)
        if jobs is None:
            jobs = self._waiting[host] = deque()
            for _ in range(self._settings.host_connections - self._running.get(host, 0)):
                self._offer(host)
        jobs.append(job)
        self._queued += 1

    def _offer(self, host: str) -> None:
        self._arrivals += 1
        heapq.heappush(self._ready, (self._next_start.get(host, 0.0), self._arrivals, host))

    def _start(self) -> None:
        """Start jobs while there are connections and hosts whose turn it is."""
        now = self._now()
        while self._ready and len(self._tasks) < self._settings.connections:
            when, _, host = self._ready[0]
            if when > now:
                break
            heapq.heappop(self._ready)
            if host not in self._waiting or self._running.get(host, 0) >= self._settings.host_connections:
                continue  # the last of these jobs to end offers the host again
            if (later := self._next_start.get(host, 0.0)) > now:
                heapq.heappush(self._ready, (later, self._arrivals, host))
                continue
            jobs = self._waiting[host]
            job = jobs.popleft()
            self._queued -= 1
            if not jobs:
                del self._waiting[host]
            self._next_start[host] = now + self._settings.host_delay
            self._running[host] = self._running.get(host, 0) + 1
            self._tasks.add(asyncio.create_task(self._work(job, host)))
        if len(self._next_start) > 2 * LOOK_AHEAD:
            self._next_start = {host: when for host, when in self._next_start.items() if when > now}

    async def _work(self, job: Job[Key], host: str) -> None:
        try:
            fetched = await self._fetch(job.url)
            await self._on_done(job, fetched)
        finally:
            left = self._running[host] - 1
            if left:
                self._running[host] = left
            else:
                del self._running[host]
            if host in self._waiting:
                self._offer(host)
