"""Conditional requests: what is sent, and which 304 is believed."""

import pytest

from newsclean.exchange import Earlier
from newsclean.fetch import Client
from tests.fetch.asking import PAGE, Aside, asking, code, status
from tests.fetch.raw_server import RawServer, Say

DATE = "Sun, 06 Nov 1994 08:49:37 GMT"
UNCHANGED = b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n'


def earlier(url: str, etag: str | None = None, last_modified: str | None = None) -> Earlier:
    return Earlier(
        record_id="<urn:uuid:1>",
        url=url,
        date="2026-11-22T12:00:00Z",
        payload_digest="sha1:A",
        etag=etag,
        last_modified=last_modified,
    )


@pytest.mark.parametrize(
    ("etag", "last_modified", "fields"),
    [
        ('"a"', DATE, [b'If-None-Match: "a"', b"If-Modified-Since: " + DATE.encode()]),
        ('W/"b"', None, [b'If-None-Match: W/"b"']),
        (None, DATE, [b"If-Modified-Since: " + DATE.encode()]),
    ],
)
def test_an_honest_304(etag: str | None, last_modified: str | None, fields: list[bytes]) -> None:
    async def work(server: RawServer, client: Client, _aside: Aside) -> None:
        known = earlier(server.url("/story"), etag, last_modified)
        fetch = await client.fetch(server.url("/story"), known)
        assert fetch.error is None
        assert fetch.earlier is known
        assert fetch.last
        assert fetch.last.status == 304
        assert fetch.last.response_bytes == UNCHANGED
        sent = [line for line in server.requests[0].split(b"\r\n") if line.startswith(b"If-")]
        assert sent == fields
        assert fetch.last.request_bytes == server.requests[0]

    asking({"/story": UNCHANGED}, work)


def test_a_page_that_changed() -> None:
    async def work(server: RawServer, client: Client, _aside: Aside) -> None:
        fetch = await client.fetch(server.url("/story"), earlier(server.url("/story"), '"a"'))
        assert (fetch.error, fetch.earlier) == (None, None)
        assert fetch.last
        assert fetch.last.entity_body == b"hello"

    asking({"/story": PAGE}, work)


@pytest.mark.parametrize(
    "values",
    [(None, None), ("", ""), ('"a"\r\nX-Evil: 1', None), ('"\xe9"', None)],
    ids=["none", "empty", "line-break", "latin-1"],
)
def test_a_304_that_nobody_asked_for(values: tuple[str | None, str | None]) -> None:
    async def work(server: RawServer, client: Client, _aside: Aside) -> None:
        fetch = await client.fetch(server.url("/story"), earlier(server.url("/story"), *values))
        assert code(fetch) == "http-304"
        assert fetch.earlier is None
        assert b"If-" not in server.requests[0]
        assert b"Evil" not in server.requests[0]

    asking({"/story": UNCHANGED}, work)


def test_only_the_hop_that_the_capture_is_of_is_asked_with_its_validators() -> None:
    async def work(server: RawServer, client: Client, _aside: Aside) -> None:
        known = earlier(server.url("/story"), '"a"')
        fetch = await client.fetch(server.url("/start"), known)
        assert fetch.error is None
        assert fetch.earlier is known
        assert [b"If-None-Match" in request for request in server.requests] == [False, True]

    asking({"/start": status(302, "Location: /story"), "/story": UNCHANGED}, work)


def test_a_304_of_another_hop_is_not_believed() -> None:
    async def work(server: RawServer, client: Client, _aside: Aside) -> None:
        fetch = await client.fetch(server.url("/start"), earlier(server.url("/elsewhere"), '"a"'))
        assert code(fetch) == "http-304"
        assert fetch.earlier is None

    answers: dict[str, bytes | Say] = {"/start": status(302, "Location: /story"), "/story": UNCHANGED}
    asking(answers, work)
