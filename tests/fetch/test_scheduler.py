import asyncio
from collections import Counter, deque
from collections.abc import Callable, Collection, Sequence
from itertools import pairwise

import pytest

from newsclean.exchange import Earlier, Fetch
from newsclean.fetch import Job, crawl
from newsclean.fetch.politeness import Hosts, lease
from newsclean.fetch.scheduler import HOST_LOOK_AHEAD, LOOK_AHEAD, MOST_JOBS
from newsclean.settings import Settings
from newsclean.urls import host_of

FAST = Settings(host_delay=0, connections=8)


class Source:
    """Gives jobs in order, and notes what is asked of it."""

    def __init__(self, urls: Sequence[str], *, leaves_out: bool = False) -> None:
        self.left = deque(Job(url=url, key=number) for number, url in enumerate(urls))
        self.leaves_out = leaves_out
        self.given = 0

    def __call__(self, count: int, full: Collection[str]) -> list[Job[int]]:
        jobs: list[Job[int]] = []
        skipped: list[Job[int]] = []
        while self.left and len(jobs) < count:
            job = self.left.popleft()
            (skipped if self.leaves_out and host_of(job.url) in full else jobs).append(job)
        self.left.extendleft(reversed(skipped))
        self.given += len(jobs)
        return jobs


class Web:
    """Takes a moment for each page, in its host's turn, and notes who was there at once."""

    def __init__(self, moment: float = 0.0, settings: Settings = FAST) -> None:
        self.moment = moment
        self.settings = settings
        self.hosts = Hosts(settings.host_connections, settings.host_delay, settings.max_crawl_delay)
        self.on_parked: Callable[[], None] = lambda: None
        self.under_way: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self.most_in_all = 0
        self.starts: dict[str, list[float]] = {}
        self.done: list[int] = []

    async def fetch(self, url: str, earlier: Earlier | None = None) -> Fetch:
        held = lease.get()
        assert held
        async with self.hosts.turn(host_of(url), held.take):
            return await self.page(url, earlier)

    async def page(self, url: str, _earlier: Earlier | None) -> Fetch:
        host = host_of(url)
        self.under_way[host] += 1
        self.most[host] = max(self.most[host], self.under_way[host])
        self.most_in_all = max(self.most_in_all, self.under_way.total())
        self.starts.setdefault(host, []).append(asyncio.get_running_loop().time())
        await asyncio.sleep(self.moment)
        self.under_way[host] -= 1
        return Fetch(url=url)

    async def on_done(self, job: Job[int], fetch: Fetch) -> None:
        assert fetch.url == job.url
        self.done.append(job.key)


def urls(hosts: int, each: int) -> list[str]:
    return [f"http://host{host}.example/{number}" for host in range(hosts) for number in range(each)]


def run(source: Source, web: Web) -> None:
    asyncio.run(crawl(source, web, web.on_done))


def test_every_job_once() -> None:
    web = Web()
    run(Source(urls(50, 20)), web)
    assert sorted(web.done) == list(range(1000))


@pytest.mark.parametrize("host_connections", [1, 3])
def test_limits(host_connections: int) -> None:
    web = Web(0.002, FAST.with_values(host_connections=host_connections))
    run(Source(urls(5, 20)), web)
    assert len(web.done) == 100
    assert set(web.most.values()) == {host_connections}
    assert web.most_in_all <= 8


def test_all_connections_are_used() -> None:
    web = Web(0.01)
    run(Source(urls(20, 3)), web)
    assert web.most_in_all == 8


def test_delay_between_two_starts_of_a_host() -> None:
    web = Web(settings=FAST.with_values(host_delay=0.05))
    run(Source(urls(3, 4)), web)
    for starts in web.starts.values():
        assert len(starts) == 4
        assert all(after - before > 0.045 for before, after in pairwise(starts))


def test_look_ahead_is_bounded() -> None:
    source = Source(urls(100, 200))
    web = Web()
    most = 0

    async def on_done(job: Job[int], fetch: Fetch) -> None:
        nonlocal most
        await web.on_done(job, fetch)
        most = max(most, source.given - len(web.done))

    asyncio.run(crawl(source, web, on_done))
    assert len(web.done) == 20_000
    assert most <= LOOK_AHEAD + MOST_JOBS


def test_a_host_with_very_many_does_not_keep_others_waiting() -> None:
    many = [f"http://large.example/{number}" for number in range(LOOK_AHEAD * 2)]
    source = Source([*many, "http://small.example/1"], leaves_out=True)
    web = Web()
    stop = asyncio.Event()

    async def on_done(job: Job[int], fetch: Fetch) -> None:
        await web.on_done(job, fetch)
        if job.url.startswith("http://small."):
            stop.set()

    asyncio.run(crawl(source, web, on_done, stop))
    assert len(web.done) < HOST_LOOK_AHEAD + LOOK_AHEAD
    assert LOOK_AHEAD * 2 in web.done


def test_what_was_left_out_is_fetched_in_the_end() -> None:
    web = Web()
    run(Source([f"http://large.example/{n}" for n in range(HOST_LOOK_AHEAD * 30)], leaves_out=True), web)
    assert sorted(web.done) == list(range(HOST_LOOK_AHEAD * 30))


def test_stop_finishes_what_is_under_way() -> None:
    web = Web(0.02)
    stop = asyncio.Event()
    source = Source(urls(100, 1))

    async def main() -> None:
        asyncio.get_running_loop().call_later(0.01, stop.set)
        await crawl(source, web, web.on_done, stop)

    asyncio.run(main())
    assert len(web.done) == 8
    assert web.under_way.total() == 0


def test_stopped_before_the_start() -> None:
    web = Web()
    stop = asyncio.Event()
    stop.set()
    asyncio.run(crawl(Source(urls(3, 3)), web, web.on_done, stop))
    assert web.done == []


def test_nothing_to_do() -> None:
    run(Source([]), Web())


def test_an_error_ends_the_crawl() -> None:
    web = Web(0.001)

    async def on_done(job: Job[int], fetch: Fetch) -> None:
        await web.on_done(job, fetch)
        if len(web.done) == 10:
            raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        asyncio.run(crawl(Source(urls(100, 2)), web, on_done))
    assert len(web.done) < 30


def test_what_is_no_url_goes_through() -> None:
    web = Web()
    run(Source(["not a url", "", "http://[x/"]), web)
    assert len(web.done) == 3
