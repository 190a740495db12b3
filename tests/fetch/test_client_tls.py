"""TLS that fails, TLS that is not checked, and what leads away from it."""

import asyncio
import os
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from newsclean.exchange import Fetch
from newsclean.fetch import Client
from tests.fetch.asking import PAGE, QUICK, code, status
from tests.fetch.raw_server import RawServer
from tests.fetch.test_client import certificate

INSECURE = QUICK.with_values(insecure=True)
Serve = Callable[[asyncio.StreamWriter], Awaitable[None]]


def over_tls(folder: Path, serve: Serve, work: Callable[[Client, str], Awaitable[None]]) -> None:
    cert, key = certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            await serve(writer)
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            pass
        finally:
            writer.transport.abort()

    async def run() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
        async with server, Client(INSECURE, proxy="") as client:
            await work(client, f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/story")

    asyncio.run(run())


def test_a_certificate_that_is_not_checked(tmp_path: Path) -> None:
    async def serve(writer: asyncio.StreamWriter) -> None:
        writer.write(PAGE)
        await writer.drain()

    async def work(client: Client, url: str) -> None:
        fetch = await client.fetch(url)
        assert fetch.error is None
        assert fetch.last
        assert fetch.last.tls in ("tls/1.2", "tls/1.3")
        async with Client(QUICK, proxy="") as strict:
            refused = await strict.fetch(url)
        assert code(refused) == "tls"
        assert "--insecure" in str(refused.error)

    over_tls(tmp_path, serve, work)


@pytest.mark.parametrize(
    "junk", [b"\x17\x03\x03\x00\x20" + b"G" * 32, b"not TLS at all\r\n" * 5], ids=["record", "text"]
)
@pytest.mark.parametrize("before", [PAGE.replace(b": 5", b": 500"), b""], ids=["in-the-body", "before-the-head"])
def test_a_broken_record_is_an_outcome(tmp_path: Path, junk: bytes, before: bytes) -> None:
    async def serve(writer: asyncio.StreamWriter) -> None:
        writer.write(before)
        await writer.drain()
        await asyncio.sleep(0.05)
        os.write(writer.get_extra_info("socket").fileno(), junk)
        await asyncio.sleep(0.3)

    async def work(client: Client, url: str) -> None:
        fetch = await client.fetch(url)
        assert fetch.last
        if before:
            assert code(fetch) == "bad-http"
            assert (fetch.last.truncated, fetch.last.entity_body) == ("disconnect", b"hello")
        else:
            assert code(fetch) == "connect"
            assert not fetch.last.answered

    over_tls(tmp_path, serve, work)


def test_from_https_to_http_is_refused_and_the_hop_is_kept(tmp_path: Path) -> None:
    async def work(client: Client, url: str) -> None:
        async with RawServer({"/story": PAGE}) as plain:
            location.append(plain.url("/story"))
            fetch: Fetch = await client.fetch(url)
            assert code(fetch) == "redirect"
            assert "from https" in str(fetch.error)
            assert [exchange.status for exchange in fetch.exchanges] == [301]
            assert plain.connections == 0

    async def serve(writer: asyncio.StreamWriter) -> None:
        writer.write(status(301, f"Location: {location[0]}"))
        await writer.drain()

    location: list[str] = []
    over_tls(tmp_path, serve, work)
