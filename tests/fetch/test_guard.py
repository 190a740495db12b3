import asyncio
import ipaddress
import socket
from typing import Any

import pytest

from newsclean.fetch import Client, guard
from tests.fetch.asking import PAGE, QUICK, Aside, asking, code, status, targets
from tests.fetch.raw_server import RawServer

GUARDED = QUICK.with_values(allow_private=False)

NOT_PUBLIC = [
    *("0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254"),
    *("169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.0.170", "192.0.2.1", "192.88.99.1"),
    *("192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255"),
    *("240.0.0.1", "255.255.255.255", "192.31.196.1", "192.52.193.1", "192.175.48.1"),
    *("::", "::1", "::7f00:1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:127.0.0.1"),
    *("64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "100:0:0:1::1", "2001::1", "2001:2::1"),
    *("2001:10::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::1", "2620:4f:8000::1", "3fff::1"),
    *("5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "febf::1", "fec0::1", "ff02::1", "ff0e::1"),
]
PUBLIC = [
    *("1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.255.255", "172.32.0.1", "192.0.1.1"),
    *("198.17.255.255", "198.20.0.1", "223.255.255.255", "::ffff:8.8.8.8"),
    *("2001:4860:4860::8888", "2606:4700::1111", "2a00:1450::1", "2003::1"),
]
ODD_FORMS = [
    *("127.0.0.1", "127.1", "0x7f.1", "0x7f000001", "2130706433", "0177.0.0.1", "017700000001", "127.0.0.1."),
    *("[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "0", "169.254.169.254", "10.1"),
    *("localhost", "LOCALHOST", "localhost.", "a.localhost", "a.b.localhost.", "localhost.localdomain"),
]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_not_public(address: str) -> None:
    assert not guard.is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address: str) -> None:
    assert guard.is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("host", ODD_FORMS)
def test_refused_by_the_look_of_it(host: str) -> None:
    problem = guard.refused(host)
    assert problem is not None
    assert problem.code == "private-address"
    assert "--allow-private" in str(problem)


@pytest.mark.parametrize("host", ["news.example", "8.8.8.8", "134744072", "mylocalhost.example", "localhost.example"])
def test_not_refused_by_the_look_of_it(host: str) -> None:
    assert guard.refused(host) is None


class Resolver:
    """Answers look-ups with the given addresses, one list after the other, in place of the system's resolver."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int, **_rest: Any) -> list[tuple[Any, ...]]:
        self.asked.append(host)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            (socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in answer
        ]


def resolving(resolver: Resolver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolver)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "2130706433", "localhost", "0x7f.1"])
def test_this_machine_is_not_asked(host: str) -> None:
    async def work(server: RawServer, client: Client, _aside: Aside) -> None:
        fetch = await client.fetch(f"http://{host}:{server.port}/story")
        assert code(fetch) == "private-address"
        assert "127.0.0.1" in str(fetch.error)
        assert "--allow-private" in str(fetch.error)
        assert fetch.last
        assert (fetch.last.request_bytes, fetch.last.status, fetch.last.ip) == (b"", None, None)
        assert server.connections == 0

    asking({"/story": PAGE}, work, GUARDED)


def test_a_name_with_a_private_address_beside_a_public_one(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(server: RawServer, client: Client, _aside: Aside) -> None:
        resolving(Resolver(["1.1.1.1", "127.0.0.1"]), monkeypatch)
        fetch = await client.fetch(f"http://two.example:{server.port}/story")
        assert code(fetch) == "private-address"
        assert "two.example" in str(fetch.error)
        assert server.connections == 0

    asking({"/story": PAGE}, work, GUARDED)


def test_the_address_that_was_looked_at_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    # A name that turns private at the second look-up: there must be no second one.
    connected: list[str] = []

    async def work(server: RawServer, client: Client, _aside: Aside) -> None:
        resolver = Resolver(["1.1.1.1"], ["127.0.0.1"])
        resolving(resolver, monkeypatch)

        async def connect(_factory: Any, host: str, *_args: Any, **_rest: Any) -> Any:
            connected.append(host)
            raise OSError(111, "Connection refused")

        monkeypatch.setattr(asyncio.get_running_loop(), "create_connection", connect)
        fetch = await client.fetch(f"http://rebinding.example:{server.port}/story")
        assert code(fetch) == "connect"
        assert resolver.asked == ["rebinding.example"]
        assert connected == ["1.1.1.1"]
        assert server.connections == 0

    asking({"/story": PAGE}, work, GUARDED)


def test_each_new_connection_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(server: RawServer, client: Client, _aside: Aside) -> None:
        monkeypatch.setattr(guard, "is_public", lambda address: str(address) == "127.0.0.1")
        resolving(Resolver(["127.0.0.1"], ["127.0.0.2"]), monkeypatch)
        url = f"http://rebinding.example:{server.port}"
        assert code(await client.fetch(f"{url}/close")) is None
        assert code(await client.fetch(f"{url}/story")) == "private-address"
        assert targets(server) == ["/close"]

    closing = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    asking({"/close": closing, "/story": PAGE}, work, GUARDED)


def test_the_next_address_is_tried_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(server: RawServer, client: Client, _aside: Aside) -> None:
        resolving(Resolver(["127.0.0.9", "127.0.0.1"]), monkeypatch)  # nothing listens on the first
        fetch = await client.fetch(f"http://two.example:{server.port}/story")
        assert fetch.error is None
        assert fetch.last
        assert fetch.last.ip == "127.0.0.1"
        assert f"Host: two.example:{server.port}".encode() in server.requests[0]

    asking({"/story": PAGE}, work)


def test_a_redirect_to_a_private_address(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(server: RawServer, client: Client, _aside: Aside) -> None:
        monkeypatch.setattr(guard, "is_public", lambda address: str(address) == "127.0.0.1")
        fetch = await client.fetch(server.url("/start"))
        assert code(fetch) == "private-address"
        assert [exchange.status for exchange in fetch.exchanges] == [302, None]
        assert targets(server) == ["/start"]

    asking({"/start": status(302, "Location: http://169.254.169.254/latest/meta-data/")}, work, GUARDED)


@pytest.mark.parametrize("host", ODD_FORMS)
def test_through_a_proxy_it_is_not_even_asked(host: str) -> None:
    async def run() -> None:
        async with RawServer({"/story": PAGE}) as proxy:
            async with Client(GUARDED, proxy=f"http://127.0.0.1:{proxy.port}") as client:
                for scheme in ("http", "https"):
                    fetch = await client.fetch(f"{scheme}://{host}/story")
                    # httpx takes an address with leading zeros for no URL at all
                    assert code(fetch) in ("private-address", "bad-url"), scheme
            assert proxy.connections == 0

    asyncio.run(run())


def test_through_a_proxy_names_and_redirects() -> None:
    async def run() -> None:
        answers = {"/story": PAGE, "/start": status(302, "Location: http://127.1/admin")}
        async with RawServer({**answers}) as proxy:
            async with Client(GUARDED, proxy=f"http://127.0.0.1:{proxy.port}") as client:
                assert code(await client.fetch("http://news.example/story")) is None
                moved = await client.fetch("http://news.example/start")
            assert code(moved) == "private-address"
            assert [exchange.status for exchange in moved.exchanges] == [302]
            assert targets(proxy) == ["http://news.example/story", "http://news.example/start"]

    asyncio.run(run())


def test_the_robots_txt_of_a_private_host_is_not_asked_for() -> None:
    async def work(server: RawServer, client: Client, aside: Aside) -> None:
        fetch = await client.fetch(server.url("/story"))
        assert code(fetch) == "private-address"
        assert fetch.exchanges == ()
        assert [code(robots) for robots in aside.of("robots")] == ["private-address"]
        assert server.connections == 0

    asking({"/story": PAGE}, work, GUARDED.with_values(robots="obey"))
