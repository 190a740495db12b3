import asyncio
from itertools import pairwise

import pytest

from newsclean.fetch import Client, politeness
from newsclean.fetch.politeness import Hosts, Lease
from tests.fetch.asking import PAGE, QUICK, Aside, asking, in_turn, status, targets
from tests.fetch.raw_server import RawServer, Say


def test_a_lease_is_held_once_and_given_back_once() -> None:
    async def run() -> None:
        connections = asyncio.Semaphore(1)
        held = Lease(connections)
        await held.take()
        await held.take()
        assert connections.locked()
        other = held.another()
        assert not other.held
        held.give()
        held.give()
        await other.take()
        assert connections.locked()
        other.give()
        assert not connections.locked()

    asyncio.run(run())


def test_slower_when_asked_to_and_faster_again() -> None:
    async def run() -> None:
        hosts = Hosts(1, 0.5, 30.0)
        host = hosts.get("a.example")
        delays = []
        for _ in range(8):
            hosts.slow_down(host, 0.0)
            delays.append(host.delay)
        assert delays[:3] == [2.0, 4.0, 8.0]
        assert delays[-1] == delays[-2] == 60.0
        assert hosts.free_at("a.example") >= asyncio.get_running_loop().time() + 50
        for _ in range(40):
            hosts.ease(host)
        assert host.delay == 0.5

    asyncio.run(run())


def test_a_wait_that_is_longer_than_the_delay_counts() -> None:
    async def run() -> None:
        hosts = Hosts(1, 0.0, 30.0)
        hosts.slow_down(hosts.get("a.example"), 100.0)
        assert hosts.free_at("a.example") >= asyncio.get_running_loop().time() + 99
        assert hosts.free_at("b.example") == 0.0

    asyncio.run(run())


@pytest.mark.parametrize(("asked", "expected"), [(None, 1.0), (0.2, 1.0), (5.0, 5.0), (500.0, 30.0)])
def test_crawl_delay(asked: float | None, expected: float) -> None:
    async def run() -> None:
        hosts = Hosts(1, 1.0, 30.0)
        hosts.crawl_delay("a.example", asked)
        assert hosts.pace("a.example") == expected
        host = hosts.get("a.example")
        hosts.slow_down(host, 0.0)
        for _ in range(40):
            hosts.ease(host)
        assert host.delay == expected

    asyncio.run(run())


def test_hosts_at_rest_are_forgotten_and_others_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        monkeypatch.setattr(politeness, "_FORGET", 10)
        hosts = Hosts(1, 0.0, 30.0)
        hosts.slow_down(hosts.get("busy.example"), 100.0)
        hosts.crawl_delay("slow.example", 20.0)
        hosts.get("dead.example").failures = 2
        async with hosts.turn("held.example"):
            for number in range(5000):
                hosts.get(f"host{number}.example")
            assert {"busy.example", "slow.example", "dead.example", "held.example"} <= set(hosts._hosts)
            assert len(hosts._hosts) <= 20 + 4

    asyncio.run(run())


def test_side_fetches_and_hops_and_attempts_keep_the_delay() -> None:
    async def work(server: RawServer, client: Client, _aside: Aside) -> None:
        await asyncio.gather(client.fetch(server.url("/start")), client.fetch(server.url("/2")))
        assert sorted(targets(server)) == sorted(["/robots.txt", "/start", "/1", "/2", "/start", "/1"])
        assert min(after - before for before, after in pairwise(server.starts)) > 0.15
        assert server.most_at_once == 1

    answers: dict[str, bytes | Say] = {
        "/robots.txt": status(404),
        "/start": status(302, "Location: /1"),
        "/1": in_turn([status(500), PAGE]),
        "/2": PAGE,
    }
    asking(answers, work, QUICK.with_values(robots="obey", host_delay=0.2, max_attempts=2))


def test_pace_knows_slow_answers() -> None:
    async def slowly(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.3)
        writer.write(PAGE)
        await writer.drain()

    async def work(server: RawServer, client: Client, _aside: Aside) -> None:
        host = f"127.0.0.1:{server.port}"
        assert client.pace(host) == 0
        await client.fetch(server.url("/story"))
        assert client.pace(host) >= 0.3

    asking({"/story": slowly}, work)
