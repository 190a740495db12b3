import asyncio

from newsclean.fetch import Client
from newsclean.fetch.budget import Budget
from newsclean.fetch.tap import Tap
from tests.fetch.asking import QUICK, Aside, asking, code
from tests.fetch.raw_server import RawServer, Say


def test_the_oldest_goes_on_and_the_others_wait() -> None:
    budget = Budget(10)
    old, young = object(), object()
    budget.join(old)
    budget.join(young)
    budget.grow(old, 5)
    budget.grow(young, 4)
    assert not budget.full(young)
    budget.grow(young, 1)
    assert budget.full(young)
    assert not budget.full(old)
    budget.leave(old)
    assert not budget.full(young)


def test_who_takes_no_part_never_waits() -> None:
    budget = Budget(1)
    old = object()
    budget.join(old)
    budget.grow(old, 5)
    assert not budget.full(object())


def test_a_wait_ends_when_the_oldest_leaves() -> None:
    async def run() -> None:
        budget = Budget(10)
        old, young = object(), object()
        budget.join(old)
        budget.join(young)
        budget.grow(old, 50)
        waiting = asyncio.create_task(budget.room(young))
        await asyncio.sleep(0.01)
        assert not waiting.done()
        budget.leave(old)
        await asyncio.wait([waiting], timeout=5)
        assert waiting.done()

    asyncio.run(run())


def test_a_wait_does_not_count_against_the_page_timeout() -> None:
    async def run() -> None:
        budget = Budget(10)
        old = object()
        budget.join(old)
        budget.grow(old, 50)
        tap = Tap(1000, budget)
        budget.join(tap)
        asyncio.get_running_loop().call_later(0.3, budget.leave, old)
        async with asyncio.timeout(0.1) as tap.deadline:
            before = tap.deadline.when()
            await tap.room()
            after = tap.deadline.when()
            assert before is not None
            assert after is not None
            assert after > before

    asyncio.run(run())


def test_many_large_answers_at_once_end_whole_and_hold_little() -> None:
    large = b"HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n" + b"x" * 2_000_000
    most = 0

    async def work(server: RawServer, client: Client, _aside: Aside) -> None:
        nonlocal most
        tasks = [asyncio.create_task(client.fetch(server.url(f"/{number}"))) for number in range(8)]
        budget = client._asker._budget
        while not all(task.done() for task in tasks):
            most = max(most, sum(budget._held.values()))
            await asyncio.sleep(0)
        for task in tasks:
            fetch = await task
            assert code(fetch) is None
            assert fetch.last
            assert fetch.last.response_bytes == large
        assert not budget._held

    answers: dict[str, bytes | Say] = {f"/{number}": large for number in range(8)}
    asking(answers, work, QUICK.with_values(host_connections=8, max_in_flight_bytes=1_000_000))
    # The oldest may be whole; each of the others passes the limit by one read at most.
    assert most < 1_000_000 + 2_000_000 + 8 * 65_536
