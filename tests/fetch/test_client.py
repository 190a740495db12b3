import asyncio
import contextlib
import gzip
import hashlib
import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from newsclean.errors import SettingsError
from newsclean.exchange import Exchange, Fetch
from newsclean.fetch import Client
from newsclean.settings import Settings
from tests.fetch.raw_server import RawServer, Say, for_ever, then_close, then_reset, then_stall

QUICK = Settings(
    host_delay=0,
    connect_timeout=5,
    read_timeout=5,
    page_timeout=10,
    allow_private=True,
    robots="ignore",
    max_attempts=1,
)


def fetched(answer: bytes | Say, settings: Settings = QUICK, path: str = "/story") -> Fetch:
    """What the client makes of an answer."""

    async def run() -> Fetch:
        async with RawServer({path: answer}) as server, Client(settings, proxy="") as client:
            return await client.fetch(server.url(path))

    return asyncio.run(run())


def with_server(
    answers: dict[str, bytes | Say],
    work: Callable[[RawServer, Client], Coroutine[Any, Any, Any]],
    settings: Settings = QUICK,
) -> Any:
    async def run() -> Any:
        async with RawServer(answers) as server, Client(settings, proxy="") as client:
            return await work(server, client)

    return asyncio.run(run())


def only(fetch: Fetch) -> Exchange:
    assert len(fetch.exchanges) == 1
    return fetch.exchanges[0]


LENGTH = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"

EXACT = {
    "plain": LENGTH,
    "odd-case-and-spacing": b"HTTP/1.1 200 OK\r\ncOnTeNt-LeNgTh:5\r\nX-Two:   a  b \t\r\nx-two: c\r\n\r\nhello",
    "no-reason": b"HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello",
    "empty-reason": b"HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\nhello",
    "long-reason": b"HTTP/1.1 200 All is well here\r\nContent-Length: 5\r\n\r\nhello",
    "lf-only": b"HTTP/1.1 200 OK\nContent-Length: 5\nX: y\n\nhello",
    "folded": b"HTTP/1.1 200 OK\r\nX-Long: one\r\n two\r\nContent-Length: 5\r\n\r\nhello",
    "latin-1-header": b"HTTP/1.1 200 OK\r\nX-Town: K\xf6ln\r\nContent-Length: 5\r\n\r\nhello",
    "chunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n",
    "chunk-extension": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n00005;a=b\r\nhello\r\n0\r\n\r\n",
    "trailers": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n",
}


@pytest.mark.parametrize("name", EXACT)
def test_response_bytes_are_those_of_the_wire(name: str) -> None:
    fetch = fetched(EXACT[name])
    exchange = only(fetch)
    assert fetch.error is None
    assert exchange.response_bytes == EXACT[name]
    assert exchange.entity_body == b"hello"
    assert exchange.status == 200
    assert exchange.truncated is None
    assert exchange.response_bytes[: exchange.head_length].endswith((b"\r\n\r\n", b"\n\n"))


def test_header_list_keeps_order_and_spelling() -> None:
    assert only(fetched(EXACT["odd-case-and-spacing"])).headers == (
        ("cOnTeNt-LeNgTh", "5"),
        ("X-Two", "a  b"),
        ("x-two", "c"),
    )


def test_body_to_the_end_of_the_connection() -> None:
    fetch = fetched(then_close(b"HTTP/1.0 200 OK\r\nX: y\r\n\r\nhello"))
    assert fetch.error is None
    assert only(fetch).entity_body == b"hello"
    assert only(fetch).protocol == "http/1.0"


def test_leading_1xx_answers_are_cut() -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
    exchange = only(fetched(early + LENGTH))
    assert exchange.response_bytes == LENGTH
    assert exchange.status == 200


def test_bytes_behind_the_message_are_cut_and_do_not_answer_the_next_request() -> None:
    async def work(server: RawServer, client: Client) -> None:
        first = await client.fetch(server.url("/a"))
        second = await client.fetch(server.url("/b"))
        assert only(first).response_bytes == LENGTH
        assert only(second).entity_body == b"right"

    evil = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong"
    with_server({"/a": LENGTH + evil, "/b": LENGTH.replace(b"hello", b"right")}, work)


def test_content_coding_stays_on() -> None:
    packed = gzip.compress(b"<html>hello</html>")
    answer = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%b" % (len(packed), packed)
    exchange = only(fetched(answer))
    assert exchange.entity_body == packed
    assert exchange.response_bytes == answer


def test_no_body_answers() -> None:
    fetch = fetched(b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n")
    assert fetch.error is None
    assert only(fetch).entity_body == b""


def test_request_bytes_are_what_was_sent() -> None:
    async def work(server: RawServer, client: Client) -> None:
        exchange = only(await client.fetch(server.url("/a?b=%20c#top")))
        assert [exchange.request_bytes] == server.requests
        assert exchange.request_bytes.startswith(b"GET /a?b=%20c HTTP/1.1\r\nHost: 127.0.0.1:")
        assert b"\r\nUser-Agent: newsclean/" in exchange.request_bytes
        assert b"\r\nAccept-Encoding: gzip, br\r\n" in exchange.request_bytes
        assert exchange.url == server.url("/a?b=%20c")

    with_server({"/a?b=%20c": LENGTH}, work)


def test_what_is_known_of_the_connection() -> None:
    exchange = only(fetched(LENGTH))
    assert exchange.ip == "127.0.0.1"
    assert exchange.protocol == "http/1.1"
    assert exchange.tls is None
    assert exchange.started_at.endswith("Z")
    assert len(exchange.started_at) == len("2026-11-22T20:35:21.123456Z")


def test_a_hundred_at_once_do_not_mix_their_bytes() -> None:
    settings = QUICK.with_values(host_connections=20)
    paths = [f"/{number}" for number in range(100)]

    def body(path: str) -> bytes:
        return hashlib.sha256(path.encode()).hexdigest().encode() * 500

    async def work(server: RawServer, client: Client) -> None:
        fetches = await asyncio.gather(*(client.fetch(server.url(path)) for path in paths))
        for path, fetch in zip(paths, fetches, strict=True):
            assert only(fetch).entity_body == body(path)
            assert only(fetch).request_bytes.startswith(f"GET {path} ".encode())
        assert server.connections <= 20

    answers: dict[str, bytes | Say] = {
        path: b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body(path)), body(path)) for path in paths
    }
    with_server(answers, work, settings)


def test_connection_is_used_again_and_an_idle_one_that_was_closed_is_no_failure() -> None:
    async def work(server: RawServer, client: Client) -> None:
        for path in ("/keep", "/keep", "/close", "/keep"):
            fetch = await client.fetch(server.url(path))
            assert fetch.error is None, path
        assert server.connections == 2

    with_server({"/keep": LENGTH, "/close": then_close(LENGTH)}, work)


def test_no_cookies_are_sent_back() -> None:
    async def work(server: RawServer, client: Client) -> None:
        for _ in range(2):
            await client.fetch(server.url("/a"))
        assert not any(b"ookie" in request for request in server.requests)

    with_server({"/a": b"HTTP/1.1 200 OK\r\nSet-Cookie: visit=1; Path=/\r\nContent-Length: 0\r\n\r\n"}, work)


def moved(location: str, status: int = 302) -> bytes:
    return f"HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()


def test_each_redirect_hop_is_an_exchange() -> None:
    async def work(server: RawServer, client: Client) -> None:
        fetch = await client.fetch(server.url("/1#part"))
        assert [exchange.status for exchange in fetch.exchanges] == [301, 308, 200]
        assert [exchange.url for exchange in fetch.exchanges] == [server.url(p) for p in ("/1", "/d/2", "/d/3")]
        assert fetch.redirects == (server.url("/1"), server.url("/d/2"))
        assert fetch.url == server.url("/1#part")
        assert fetch.error is None

    with_server({"/1": moved("d/2", 301), "/d/2": moved("3", 308), "/d/3": LENGTH}, work)


def test_utf8_in_location() -> None:
    async def work(server: RawServer, client: Client) -> None:
        fetch = await client.fetch(server.url("/1"))
        assert fetch.error is None
        assert server.requests[-1].startswith(b"GET /K%C3%B6ln HTTP")

    with_server({"/1": moved("/Köln"), "/K%C3%B6ln": LENGTH}, work)


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("/1", "in a loop"),
        ("ftp://files.example/x", "no http(s) URL"),
        ("javascript:alert(1)", "no http(s) URL"),
        ("https://", "without a host"),
    ],
)
def test_redirects_that_lead_nowhere(location: str, said: str) -> None:
    fetch = fetched(moved(location), path="/1")
    assert fetch.error is not None
    assert fetch.error.code == "redirect"
    assert said in str(fetch.error)
    assert only(fetch).status == 302


def test_too_many_redirects() -> None:
    async def work(server: RawServer, client: Client) -> None:
        fetch = await client.fetch(server.url("/0"))
        assert fetch.error is not None
        assert fetch.error.code == "redirect"
        assert len(fetch.exchanges) == 4

    answers: dict[str, bytes | Say] = {f"/{number}": moved(f"/{number + 1}") for number in range(20)}
    with_server(answers, work, QUICK.with_values(max_redirects=3))


def test_redirect_without_location_is_a_status() -> None:
    fetch = fetched(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n")
    assert fetch.error is not None
    assert fetch.error.code == "http-302"


@pytest.mark.parametrize("status", [400, 403, 404, 410, 429, 500, 503])
def test_a_status_that_is_no_success(status: int) -> None:
    fetch = fetched(b"HTTP/1.1 %d No\r\nContent-Length: 5\r\n\r\nhello" % status)
    assert fetch.error is not None
    assert fetch.error.code == f"http-{status}"
    assert only(fetch).error is None
    assert only(fetch).entity_body == b"hello"


CUT = b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhello"


@pytest.mark.parametrize("end", [then_close, then_reset])
def test_a_cut_body_is_kept_and_marked(end: Callable[[bytes], Say]) -> None:
    fetch = fetched(end(CUT))
    assert fetch.error is not None
    assert fetch.error.code == "bad-http"
    assert only(fetch).truncated == "disconnect"
    assert only(fetch).response_bytes == CUT
    assert only(fetch).entity_body == b"hello"


def test_cut_inside_a_chunk() -> None:
    cut = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nhello"
    exchange = only(fetched(then_close(cut)))
    assert (exchange.response_bytes, exchange.entity_body, exchange.truncated) == (cut, b"hello", "disconnect")


def test_cut_inside_the_head() -> None:
    cut = b"HTTP/1.1 200 OK\r\nContent-Le"
    exchange = only(fetched(then_close(cut)))
    assert (exchange.response_bytes, exchange.entity_body, exchange.truncated) == (cut, b"", "disconnect")


def test_nothing_at_all() -> None:
    fetch = fetched(then_close(b""))
    assert fetch.error is not None
    assert fetch.error.code == "connect"
    assert not only(fetch).answered


@pytest.mark.parametrize("garbage", [b"<html>HTTP/0.9 lives</html>", b"\x16\x03\x01\x00\xff\x01", b"SSH-2.0-x\r\n"])
def test_no_http_at_all(garbage: bytes) -> None:
    fetch = fetched(then_close(garbage))
    assert fetch.error is not None
    assert fetch.error.code == "bad-http"
    assert only(fetch).response_bytes == b""
    assert only(fetch).status is None


def test_conflicting_lengths() -> None:
    fetch = fetched(then_close(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\nhello"))
    assert fetch.error is not None
    assert fetch.error.code == "bad-http"
    assert only(fetch).truncated == "unspecified"


def test_a_head_that_the_library_refuses_is_no_failure_where_the_message_is_whole() -> None:
    answer = b"HTTP/1.1 200 OK\r\nBad Name: x\r\nContent-Length: 5\r\n\r\nhello"
    fetch = fetched(answer)
    assert fetch.error is None
    assert only(fetch).response_bytes == answer


def test_a_stall_in_the_body() -> None:
    fetch = fetched(then_stall(CUT), QUICK.with_values(read_timeout=0.2))
    assert fetch.error is not None
    assert fetch.error.code == "timeout"
    assert "read_timeout" in str(fetch.error)
    assert only(fetch).truncated == "time"
    assert only(fetch).entity_body == b"hello"


def test_a_stall_before_the_head() -> None:
    fetch = fetched(then_stall(b""), QUICK.with_values(read_timeout=0.2))
    assert fetch.error is not None
    assert fetch.error.code == "timeout"
    assert not only(fetch).answered


def test_a_drip_ends_with_the_page_timeout() -> None:
    drip = for_ever(b"HTTP/1.1 200 OK\r\nContent-Length: 500000\r\n\r\n", b"x", 0.02)
    fetch = fetched(drip, QUICK.with_values(page_timeout=0.5))
    assert fetch.error is not None
    assert fetch.error.code == "timeout"
    assert "page_timeout" in str(fetch.error)
    assert only(fetch).truncated == "time"
    assert only(fetch).entity_body.startswith(b"xx")


@pytest.mark.parametrize(
    "endless",
    [
        for_ever(b"HTTP/1.1 200 OK\r\n\r\n", b"hello" * 1000),
        for_ever(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"3e8\r\n" + b"hello" * 200 + b"\r\n"),
    ],
    ids=["to-the-end", "chunked"],
)
def test_an_endless_body_is_cut(endless: Say) -> None:
    fetch = fetched(endless, QUICK.with_values(max_body_bytes=100_000))
    exchange = only(fetch)
    assert fetch.error is not None
    assert fetch.error.code == "too-large"
    assert exchange.truncated == "length"
    assert len(exchange.response_bytes) - exchange.head_length == 100_000
    assert exchange.entity_body.startswith(b"hellohello")


def test_a_body_of_just_the_limit_is_whole() -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"x" * 1000
    fetch = fetched(answer, QUICK.with_values(max_body_bytes=1000))
    assert fetch.error is None
    assert only(fetch).response_bytes == answer


@pytest.mark.parametrize(
    "endless",
    [
        for_ever(b"HTTP/1.1 200 OK\r\n", b"X-More: and more\r\n" * 100),
        for_ever(b"", b"HTTP/1.1 103 Early\r\n\r\n" * 100),
    ],
    ids=["headers", "early-hints"],
)
def test_an_endless_head_ends(endless: Say) -> None:
    fetch = fetched(endless, QUICK.with_values(max_body_bytes=1000))
    assert fetch.error is not None
    assert fetch.error.code in ("bad-http", "too-large")


def test_no_connection() -> None:
    async def run() -> Fetch:
        async with RawServer({}) as server:
            url = server.url("/")
        async with Client(QUICK, proxy="") as client:
            return await client.fetch(url)

    fetch = asyncio.run(run())
    assert fetch.error is not None
    assert fetch.error.code == "connect"
    assert only(fetch).request_bytes == b""


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://no-such-host.invalid/", "dns"),
        ("http://" + "a" * 80 + ".invalid/", "dns"),
        ("http://a..b/", "dns"),
        ("not a url", "bad-url"),
        ("ftp://files.example/", "bad-url"),
        ("http:///story", "bad-url"),
        ("", "bad-url"),
    ],
)
def test_addresses_that_lead_nowhere(url: str, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.getaddrinfo

    def resolve(host: Any, *args: Any, **rest: Any) -> Any:
        if host in ("no-such-host.invalid", b"no-such-host.invalid"):  # without asking the network
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real(host, *args, **rest)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)

    async def run() -> Fetch:
        async with Client(QUICK, proxy="") as client:
            return await client.fetch(url)

    fetch = asyncio.run(run())
    assert fetch.error is not None
    assert fetch.error.code == code
    assert fetch.url == url
    assert "\n" not in str(fetch.error)


def test_tls_to_a_server_without_it() -> None:
    async def run() -> Fetch:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(100)
            writer.write(b"HTTP/1.1 400 This is plain\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server, Client(QUICK, proxy="") as client:
            return await client.fetch(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/")

    fetch = asyncio.run(run())
    assert fetch.error is not None
    assert fetch.error.code == "tls"
    assert only(fetch).request_bytes == b""


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 and its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not there to make a certificate")
    cert, key = folder / "cert.pem", folder / "key.pem"
    command = [openssl, *"req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2".split()]
    subprocess.run(
        [*command, "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    return cert, key


def test_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cert, key = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(LENGTH)
            await writer.drain()
        writer.close()

    async def run() -> None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
        url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/story"
        async with server:
            async with Client(QUICK, proxy="") as client:
                refused = await client.fetch(url)
            assert refused.error is not None
            assert refused.error.code == "tls"
            assert "self-signed" in str(refused.error)
            monkeypatch.setenv("SSL_CERT_FILE", str(cert))
            async with Client(QUICK, proxy="") as client:
                exchange = only(await client.fetch(url))
            assert exchange.error is None
            assert exchange.response_bytes == LENGTH
            assert exchange.request_bytes.startswith(b"GET /story HTTP/1.1\r\n")
            assert exchange.tls in ("tls/1.3", "tls/1.2")
            assert exchange.cipher is not None
            assert exchange.cipher.startswith("TLS_")

    asyncio.run(run())


def test_hosts_delay_counts_for_redirect_hops_too() -> None:
    async def work(server: RawServer, client: Client) -> None:
        await asyncio.gather(client.fetch(server.url("/1")), client.fetch(server.url("/3")))
        gaps = [after - before for before, after in zip(server.starts, server.starts[1:], strict=False)]
        assert len(gaps) == 2
        assert min(gaps) > 0.15
        assert server.most_at_once == 1

    with_server({"/1": moved("/2"), "/2": LENGTH, "/3": LENGTH}, work, QUICK.with_values(host_delay=0.2))


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_proxy_of_the_environment(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)

    async def run() -> None:
        async with RawServer({"/story": LENGTH}) as proxy:
            monkeypatch.setenv(variable, f"http://user:secret@127.0.0.1:{proxy.port}")
            async with Client(QUICK) as client:
                exchange = only(await client.fetch("http://news.example/story"))
            assert exchange.response_bytes == LENGTH
            assert exchange.ip is None
            assert proxy.requests[0].startswith(b"GET http://news.example/story HTTP/1.1\r\n")
            assert b"Proxy-Authorization: Basic" in proxy.requests[0]
            assert b"Proxy-Authorization" not in exchange.request_bytes
            assert exchange.request_bytes.startswith(b"GET http://news.example/story HTTP/1.1\r\n")
            monkeypatch.setenv("NO_PROXY", "news.example")
            async with Client(QUICK.with_values(connect_timeout=2)) as client:
                direct = await client.fetch("http://news.example/story")
            assert direct.error is not None
            assert len(proxy.requests) == 1

    asyncio.run(run())


def test_a_proxy_that_refuses_and_one_that_is_not_there() -> None:
    async def run() -> None:
        refusal = b"HTTP/1.1 501 Not Implemented\r\nContent-Length: 0\r\n\r\n"
        async with RawServer({"news.example:443": refusal}) as proxy:
            address = f"http://127.0.0.1:{proxy.port}"
            async with Client(QUICK, proxy=address) as client:
                fetch = await client.fetch("https://news.example/story")
                assert fetch.error is not None
                assert fetch.error.code == "proxy"
                assert not only(fetch).answered
        async with Client(QUICK, proxy=address) as client:
            fetch = await client.fetch("http://news.example/story")
            assert fetch.error is not None
            assert fetch.error.code == "proxy"

    asyncio.run(run())


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1080", "http://", "http://h:99999"])
def test_a_proxy_that_cannot_be_used(proxy: str) -> None:
    with pytest.raises(SettingsError, match="proxy"):
        Client(QUICK, proxy=proxy)
