import asyncio
import logging
import socket
import time
from email.utils import formatdate
from typing import Any

import pytest

from newsclean.exchange import Exchange, Fetch
from newsclean.fetch import Client, Job, crawl, retries
from newsclean.fetch.politeness import GIVEN_UP
from tests.fetch.asking import PAGE, QUICK, Aside, asking, code, in_turn, status, targets
from tests.fetch.raw_server import RawServer, Say, then_close

AGAIN = QUICK.with_values(max_attempts=3)


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short waits between attempts."""
    monkeypatch.setattr(retries, "_FIRST_WAIT", 0.02)
    monkeypatch.setattr(retries, "_JITTER", 0.01)


def asked_after(value: str) -> float | None:
    headers = (("Retry-After", value),)
    return retries.retry_after(Exchange(url="http://a.example/", started_at="", headers=headers))


def test_retry_after_in_seconds() -> None:
    assert asked_after("120") == 120
    assert asked_after(" 0 ") == 0
    assert asked_after("9" * 400) is not None


def test_retry_after_as_a_date() -> None:
    wait = asked_after(formatdate(time.time() + 60, usegmt=True))
    assert wait is not None
    assert 50 < wait <= 60
    assert asked_after(formatdate(time.time() - 3600, usegmt=True)) == 0
    assert asked_after("Sunday, 06-Nov-94 08:49:37 GMT") == 0
    assert asked_after("Sun Nov  6 08:49:37 1994") == 0


@pytest.mark.parametrize("value", ["", "soon", "-5", "1.5", "٣", "Xyz, 99 Foo 2026", "Mon, 01 Jan 99999 00:00:00 GMT"])
def test_retry_after_that_says_nothing(value: str) -> None:
    assert asked_after(value) is None


def test_no_retry_after() -> None:
    assert retries.retry_after(None) is None
    assert retries.retry_after(Exchange(url="http://a.example/", started_at="")) is None


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("number", sorted(retries.STATUSES - {429, 503}))
def test_a_status_that_may_pass_is_asked_again(number: int) -> None:
    async def work(server: RawServer, client: Client, aside: Aside) -> None:
        fetch = await client.fetch(server.url("/story"))
        assert fetch.error is None
        assert len(fetch.exchanges) == 1
        assert targets(server) == ["/story"] * 3
        assert [(item.url, code(item)) for item in aside.of("attempt")] == [
            (server.url("/story"), f"http-{number}"),
            (server.url("/story"), f"http-{number}"),
        ]

    asking({"/story": in_turn([status(number), status(number), PAGE])}, work, AGAIN)


@pytest.mark.parametrize("number", [400, 401, 403, 404, 410, 451, 501])
def test_a_status_that_will_not_pass_is_asked_once(number: int) -> None:
    async def work(server: RawServer, client: Client, aside: Aside) -> None:
        assert code(await client.fetch(server.url("/story"))) == f"http-{number}"
        assert targets(server) == ["/story"]
        assert aside.fetches == []

    asking({"/story": status(number)}, work, AGAIN)


@pytest.mark.usefixtures("soon")
def test_the_attempts_end_and_the_last_is_the_answer() -> None:
    async def work(server: RawServer, client: Client, aside: Aside) -> None:
        fetch = await client.fetch(server.url("/story"))
        assert code(fetch) == "http-500"
        assert fetch.purpose == "page"
        assert fetch.last
        assert fetch.last.entity_body == b"third"
        assert [item.last.entity_body for item in aside.fetches if item.last] == [b"first", b"second"]

    asking({"/story": in_turn([status(500, body=b) for b in (b"first", b"second", b"third")])}, work, AGAIN)


@pytest.mark.usefixtures("soon")
def test_a_broken_connection_is_asked_again_with_its_redirects() -> None:
    cut = then_close(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhello")
    calls = 0

    async def say(writer: asyncio.StreamWriter) -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            await cut(writer)
        else:
            writer.write(PAGE)
            await writer.drain()

    async def work(server: RawServer, client: Client, aside: Aside) -> None:
        fetch = await client.fetch(server.url("/start"))
        assert fetch.error is None
        assert targets(server) == ["/start", "/story"] * 2
        (first,) = aside.of("attempt")
        assert [exchange.truncated for exchange in first.exchanges] == [None, "disconnect"]

    asking({"/start": status(302, "Location: /story"), "/story": say}, work, AGAIN)


def test_an_answer_that_is_no_http_is_asked_once() -> None:
    async def work(server: RawServer, client: Client, aside: Aside) -> None:
        assert code(await client.fetch(server.url("/story"))) == "bad-http"
        assert len(server.requests) == 1
        assert aside.fetches == []

    asking({"/story": then_close(b"SSH-2.0-x\r\n")}, work, AGAIN)


@pytest.mark.usefixtures("soon")
def test_no_address_is_looked_up_twice_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        looked_up = 0

        async def resolve(*_args: Any, **_rest: Any) -> Any:
            nonlocal looked_up
            looked_up += 1
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve)
        async with Client(AGAIN.with_values(max_attempts=4), proxy="") as client:
            assert code(await client.fetch("http://no-such-host.invalid/")) == "dns"
        assert looked_up == 2

    asyncio.run(run())


@pytest.mark.usefixtures("soon")
def test_a_host_that_was_not_reached_often_gets_one_attempt_until_it_answers() -> None:
    async def run() -> None:
        aside = Aside()
        async with RawServer({}) as server:
            url, port = server.url("/story"), server.port
        async with Client(AGAIN, proxy="", on_side=aside) as client:
            for number in range(GIVEN_UP):
                assert code(await client.fetch(url)) == "connect"
                assert len(aside.fetches) == 2 * (number + 1)
            assert code(await client.fetch(url)) == "connect"
            assert len(aside.fetches) == 2 * GIVEN_UP
            host = client.hosts.get(f"127.0.0.1:{port}")
            assert host.failures == GIVEN_UP + 1
            back = RawServer({"/story": PAGE})
            real = asyncio.start_server
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(asyncio, "start_server", lambda serve, address, _port: real(serve, address, port))
                async with back:
                    assert code(await client.fetch(url)) is None
            assert host.failures == 0

    asyncio.run(run())


def test_a_retry_after_is_waited_for() -> None:
    async def work(server: RawServer, client: Client, _aside: Aside) -> None:
        assert code(await client.fetch(server.url("/story"))) is None
        assert server.starts[1] - server.starts[0] >= 1.0

    asking({"/story": in_turn([status(500, "Retry-After: 1"), PAGE])}, work, AGAIN)


def test_a_retry_after_that_asks_for_too_much_ends_the_attempts() -> None:
    async def work(server: RawServer, client: Client, aside: Aside) -> None:
        fetch = await client.fetch(server.url("/story"))
        assert code(fetch) == "http-500"
        assert "max_retry_after" in str(fetch.error)
        assert len(server.requests) == 1
        assert aside.fetches == []

    asking({"/story": status(500, "Retry-After: 3600")}, work, AGAIN.with_values(max_retry_after=0.1))


def test_no_attempt_begins_after_the_retry_time() -> None:
    async def work(server: RawServer, client: Client, _aside: Aside) -> None:
        assert code(await client.fetch(server.url("/story"))) == "http-500"
        assert len(server.requests) == 1

    asking({"/story": status(500)}, work, AGAIN.with_values(retry_time=0.5))


def test_a_429_holds_up_the_whole_host() -> None:
    async def work(server: RawServer, client: Client, _aside: Aside) -> None:
        busy = asyncio.create_task(client.fetch(server.url("/busy")))
        while not server.requests:
            await asyncio.sleep(0.01)
        assert code(await client.fetch(server.url("/other"))) is None
        assert code(await busy) is None
        first, *others = server.starts
        assert all(start - first >= 1.0 for start in others)
        assert client.pace(f"127.0.0.1:{server.port}") > 0.5

    asking({"/busy": in_turn([status(429, "Retry-After: 1"), PAGE]), "/other": PAGE}, work, AGAIN)


@pytest.mark.usefixtures("soon")
def test_one_url_s_trouble_does_not_hold_up_its_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "_FIRST_WAIT", 0.5)

    async def work(server: RawServer, client: Client, _aside: Aside) -> None:
        jobs = [Job(url=server.url(path), key=path) for path in ("/broken", "/1", "/2", "/3")]
        done: list[str] = []

        def pull(count: int, _full: object) -> list[Job[str]]:
            given, jobs[:count] = jobs[:count], []
            return given

        async def on_done(job: Job[str], fetch: Fetch) -> None:
            assert fetch.error is None
            done.append(job.key)

        await crawl(pull, client, on_done)
        assert done == ["/1", "/2", "/3", "/broken"]
        assert server.most_at_once == 1

    answers: dict[str, bytes | Say] = {f"/{number}": PAGE for number in range(1, 4)}
    # One connection in all: a wait that held it would let nothing else through.
    asking({**answers, "/broken": in_turn([status(500), PAGE])}, work, AGAIN.with_values(connections=1))


def test_a_stop_gives_up_what_waits() -> None:
    async def work(server: RawServer, client: Client, _aside: Aside) -> None:
        stop = asyncio.Event()
        jobs = [Job(url=server.url("/broken"), key=0)]
        done: list[int] = []

        def pull(count: int, _full: object) -> list[Job[int]]:
            given, jobs[:count] = jobs[:count], []
            return given

        async def on_done(job: Job[int], _fetch: Fetch) -> None:
            done.append(job.key)

        crawling = asyncio.create_task(crawl(pull, client, on_done, stop))
        while not server.requests:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        stop.set()
        await asyncio.wait([crawling], timeout=10)  # it would wait 30 s
        assert crawling.done()
        await crawling
        assert done == []

    asking({"/broken": status(500, "Retry-After: 30")}, work, AGAIN)


def test_no_more_of_a_host_begin_while_many_of_it_wait() -> None:
    async def work(server: RawServer, client: Client, _aside: Aside) -> None:
        stop = asyncio.Event()
        jobs = [Job(url=server.url(f"/{number}"), key=number) for number in range(60)]

        def pull(count: int, _full: object) -> list[Job[int]]:
            given, jobs[:count] = jobs[:count], []
            return given

        async def on_done(_job: Job[int], _fetch: Fetch) -> None:
            raise AssertionError("nothing ends here")

        crawling = asyncio.create_task(crawl(pull, client, on_done, stop))
        before = -1
        while len(server.requests) != before:
            before = len(server.requests)
            await asyncio.sleep(0.3)
        stop.set()
        await crawling
        assert 2 <= before <= 20

    slow: dict[str, bytes | Say] = {f"/{number}": status(500) for number in range(60)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(retries, "_FIRST_WAIT", 20.0)
        asking(slow, work, AGAIN)


@pytest.mark.usefixtures("soon")
def test_logging_does_not_grow() -> None:
    async def work(server: RawServer, client: Client, _aside: Aside) -> None:
        before = len(logging.getLogger("stamina").handlers)
        for _ in range(5):
            await client.fetch(server.url("/story"))
        assert len(logging.getLogger("stamina").handlers) == before

    asking({"/story": PAGE}, work)
