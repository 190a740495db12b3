"""Works off a long list of URLs: many hosts at once, each host with its delay, in bounded memory."""

import asyncio
import heapq
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from newsclean.exchange import Earlier, Fetch
from newsclean.fetch.politeness import Hosts, Lease, lease
from newsclean.settings import Settings
from newsclean.urls import host_of

Key = TypeVar("Key")

LOOK_AHEAD = 4096
"""Jobs in memory; more are pulled when half of them are under way or done."""
MOST_JOBS = 256
"""Jobs under way, or as many as there are connections, before no more are begun: most of them wait for a host's turn,
or before they ask again."""
MOST_PARKED = 16
"""Jobs of one host that wait before they ask again, before no more of that host are begun."""
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


class Fetcher(Protocol):
    """What a crawl needs of a :class:`~newsclean.fetch.Client`."""

    settings: Settings
    hosts: Hosts
    on_parked: Callable[[], None]

    async def fetch(self, url: str, earlier: Earlier | None = None) -> Fetch:
        """Fetch one URL, in its host's turn."""


async def crawl(
    pull: Pull[Key],
    client: Fetcher,
    on_done: Callable[[Job[Key], Fetch], Awaitable[None]],
    stop: asyncio.Event | None = None,
) -> None:
    """Fetch all jobs that ``pull`` gives and hand each to ``on_done``.

    At most ``connections`` jobs, of the client's settings, ask for something or hand it on at once, and of one host at
    most ``host_connections`` are under way; when a host may be asked, ``client.hosts`` knows. A job that waits before
    it asks again leaves its place to others. Once ``stop`` is set, no new job starts, what is being asked for is
    finished, and jobs that wait for anything are given up: ``on_done`` does not hear of them. An error that ``pull``,
    ``client.fetch`` or ``on_done`` raises ends the crawl: the jobs under way are cancelled, and the error is raised
    here.
    """
    await _Crawl(pull, client, on_done, stop or asyncio.Event()).run()


@dataclass(slots=True)
class _Place:
    """What a job under way has."""

    host: str
    lease: Lease
    parked: bool = False
    """It waited before it asked again, and is not counted among its host's running jobs any more."""


class _Crawl(Generic[Key]):
    def __init__(
        self,
        pull: Pull[Key],
        client: Fetcher,
        on_done: Callable[[Job[Key], Fetch], Awaitable[None]],
        stop: asyncio.Event,
    ) -> None:
        self._pull, self._client, self._on_done, self._stop = pull, client, on_done, stop
        self._settings = client.settings
        self._connections = asyncio.Semaphore(self._settings.connections)
        self._most = max(MOST_JOBS, self._settings.connections)
        self._waiting: dict[str, deque[Job[Key]]] = {}
        self._queued = 0
        self._dry = False
        self._skipped = False
        self._ready: list[tuple[float, int, str]] = []
        """Heap: when the host may start its next job, order of arrival, host. A host with jobs is in it once for
        each connection that it has free."""
        self._arrivals = 0
        self._running: Counter[str] = Counter()
        """Jobs under way by host, without those that wait before they ask again."""
        self._parked: Counter[str] = Counter()
        """Those that do, or did before."""
        self._tasks: dict[asyncio.Task[None], _Place] = {}
        self._ended: deque[asyncio.Task[None]] = deque()
        self._now = asyncio.get_running_loop().time
        self._changed = asyncio.Event()

    async def run(self) -> None:
        self._client.on_parked = self._on_parked
        watch = asyncio.create_task(self._watch())
        try:
            while not self._stop.is_set():
                self._fill()
                self._start()
                if not self._tasks and not self._queued and self._dry:
                    break
                await self._wait()
            while self._tasks:
                for job, place in self._tasks.items():
                    if not place.lease.held:
                        job.cancel()
                await self._wait()
        finally:
            watch.cancel()
            for job in self._tasks:
                job.cancel()
            await asyncio.gather(watch, *self._tasks, return_exceptions=True)
            self._client.on_parked = lambda: None

    async def _watch(self) -> None:
        await self._stop.wait()
        self._changed.set()

    async def _wait(self) -> None:
        """Wait until a job ends or is parked, a host is ready or the stop is asked for; raise what a job raised."""
        may_start = not self._stop.is_set() and self._ready and len(self._tasks) < self._most
        with suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, self._ready[0][0] - self._now()) if may_start else None):
                await self._changed.wait()
        self._changed.clear()
        while self._ended:
            task = self._ended.popleft()
            del self._tasks[task]
            if not (task.cancelled() and self._stop.is_set()):
                task.result()

    def _on_ended(self, task: "asyncio.Task[None]") -> None:
        self._ended.append(task)
        self._changed.set()

    def _on_parked(self) -> None:
        """A job waits before it asks again: its place is free for others."""
        task = asyncio.current_task()
        place = self._tasks.get(task) if task else None  # None where a robots.txt is asked for again
        if place and not place.parked:
            place.parked = True
            self._parked[place.host] += 1
            self._leave(place.host)
        self._changed.set()

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
            for _ in range(self._settings.host_connections - self._running[host]):
                self._offer(host)
        jobs.append(job)
        self._queued += 1

    def _offer(self, host: str) -> None:
        self._arrivals += 1
        heapq.heappush(self._ready, (self._client.hosts.free_at(host), self._arrivals, host))

    def _start(self) -> None:
        """Start jobs while there is room and hosts whose turn it is."""
        now = self._now()
        while self._ready and len(self._tasks) < self._most:
            when, _, host = self._ready[0]
            if when > now:
                break
            heapq.heappop(self._ready)
            busy = self._running[host] >= self._settings.host_connections or self._parked[host] >= MOST_PARKED
            if host not in self._waiting or busy:
                continue  # the last of these jobs to end offers the host again
            if (later := self._client.hosts.free_at(host)) > now:
                heapq.heappush(self._ready, (later, self._arrivals, host))
                continue
            jobs = self._waiting[host]
            job = jobs.popleft()
            self._queued -= 1
            if not jobs:
                del self._waiting[host]
            self._running[host] += 1
            place = _Place(host, Lease(self._connections))
            task = asyncio.create_task(self._work(job, place))
            task.add_done_callback(self._on_ended)
            self._tasks[task] = place

    async def _work(self, job: Job[Key], place: _Place) -> None:
        lease.set(place.lease)
        try:
            fetched = await self._client.fetch(job.url, job.earlier)
            await place.lease.take()
            await self._on_done(job, fetched)
        finally:
            place.lease.give()
            self._leave(place.host, parked=place.parked)

    def _leave(self, host: str, *, parked: bool = False) -> None:
        """A job of the host is over, or leaves its place; ``parked``: it had left it before."""
        jobs = self._parked if parked else self._running
        jobs[host] -= 1
        if not jobs[host]:
            del jobs[host]
        if host in self._waiting:
            self._offer(host)
