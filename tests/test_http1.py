import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsclean.http1 import content_length, final_response, message_end, read_head, read_response, undo_chunks


@pytest.mark.parametrize(
    ("data", "status", "reason", "headers"),
    [
        (b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n", 200, "OK", (("A", "b"),)),
        (b"HTTP/1.1 200 OK\nA:b\nc :  d \n\n", 200, "OK", (("A", "b"), ("c", "d"))),
        (b"HTTP/1.0 404 Not  Found \r\n\r\n", 404, "Not  Found", ()),
        (b"HTTP/1.1 200\r\n\r\n", 200, "", ()),
        (b"HTTP/1.1 200 \n\n", 200, "", ()),
        (b"HTTP/2 200\r\nx: y\r\n\r\n", 200, "", (("x", "y"),)),
        (b"HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\td\r\nE: f\r\n\r\n", 200, "OK", (("A", "b c d"), ("E", "f"))),
        (b"HTTP/1.1 200 OK\r\nno colon\r\n: no name\r\nA: b:c\r\n\r\n", 200, "OK", (("", "no name"), ("A", "b:c"))),
        (b"HTTP/1.1 200 OK\r\nA: \xe4\r\n\r\n", 200, "OK", (("A", "ä"),)),
    ],
)
def test_heads(data: bytes, status: int, reason: str, headers: tuple[tuple[str, str], ...]) -> None:
    head = read_head(data + b"body")
    assert head
    assert (head.status, head.reason, head.headers) == (status, reason, headers)
    assert (head.length, head.complete) == (len(data), True)


@pytest.mark.parametrize(
    "data", [b"", b"<html>", b"HTTP/1.1", b"HTTP/1.1 OK\r\n\r\n", b"http/1.1 200 OK\r\n\r\n", b"ICY 200 OK\r\n"]
)
def test_no_head(data: bytes) -> None:
    assert read_head(data) is None
    assert read_response(data) is None


@pytest.mark.parametrize("cut", range(15, 38))
def test_cut_heads(cut: int) -> None:
    data = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"[:cut]
    head = read_head(data)
    assert head
    assert head.complete == (cut >= 38)
    assert head.length == cut
    assert message_end(data, head) == (cut, False)


@pytest.mark.parametrize(
    ("body", "entity", "consumed", "complete"),
    [
        (b"5\r\nhello\r\n0\r\n\r\n", b"hello", 15, True),
        (b"5\r\nhello\r\n0\r\n\r\nnext", b"hello", 15, True),
        (b"5;a=b\r\nhello\r\n0\r\nT: 1\r\nU: 2\r\n\r\nnext", b"hello", 31, True),
        (b"2\nhe\n3\nllo\n0\n\n", b"hello", 14, True),
        (b"A\r\n0123456789\r\n0\r\n\r\n", b"0123456789", 20, True),
        (b"0\r\n\r\n", b"", 5, True),
        (b"5\r\nhel", b"hel", 6, False),
        (b"5\r\nhello", b"hello", 8, False),
        (b"5\r\nhello\r\n", b"hello", 10, False),
        (b"5\r\nhello\r\n0\r\n", b"hello", 13, False),
        (b"5\r\nhelloX\r\n", b"hello", 11, False),
        (b"<html>", b"", 0, False),
        (b"", b"", 0, False),
        (b"fffffffffffffffff\r\nhello", b"", 0, False),
    ],
)
def test_chunks(body: bytes, entity: bytes, consumed: int, complete: bool) -> None:
    assert undo_chunks(body) == (entity, consumed, complete)


@pytest.mark.parametrize(
    ("fields", "length"),
    [
        (b"Content-Length: 5", 5),
        (b"content-length:5\r\nContent-Length: 5", 5),
        (b"Content-Length: 5, 5", 5),
        (b"Content-Length: 5\r\nContent-Length: 6", None),
        (b"Content-Length: -5", None),
        (b"Content-Length: 5 bytes", None),
        (b"Content-Length: \xb2", None),
        (b"Content-Length: " + b"9" * 5000, None),
        (b"X: y", None),
    ],
)
def test_content_length(fields: bytes, length: int | None) -> None:
    head = read_head(b"HTTP/1.1 200 OK\r\n" + fields + b"\r\n\r\n")
    assert head
    assert content_length(head) == length


def test_ends() -> None:
    for data, end in [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloEXCESS", (43, True)),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nX", (71, True)),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nhello", (48, True)),
        (b"HTTP/1.1 200 OK\r\n\r\nto the end", (29, True)),
    ]:
        head = read_head(data)
        assert head
        assert message_end(data, head) == end


def test_final_response() -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    last = b"HTTP/1.1 200 OK\r\n\r\nbody"
    assert final_response(early * 3 + last) == last
    assert final_response(early) == b""
    assert final_response(early[:-2]) == early[:-2]
    assert final_response(b"HTTP/1.1 101 Switching\r\n\r\nx") == b"HTTP/1.1 101 Switching\r\n\r\nx"


def test_a_body_that_was_stored_decoded() -> None:
    response = read_response(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n<html></html>")
    assert response
    assert response.body == b"<html></html>"


@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    for sample in (
        data,
        b"HTTP/1.1 200 OK\r\n" + data,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + data,
    ):
        response = read_response(sample)
        head = read_head(sample)
        if head:
            end, _ = message_end(sample, head)
            assert head.length <= end <= len(sample)
        assert (response is None) == (read_head(final_response(sample)) is None)


@given(st.lists(st.binary(min_size=1, max_size=50)), st.booleans())
def test_entity_as_h11_reads_it(parts: list[bytes], trailers: bool) -> None:
    body = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts)
    data = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body + b"0\r\n" + b"X: y\r\n" * trailers + b"\r\n"
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method="GET", target="/", headers=[("Host", "news.example")]))
    connection.send(h11.EndOfMessage())
    connection.receive_data(data)
    entity = b""
    while not isinstance(event := connection.next_event(), h11.EndOfMessage):
        if isinstance(event, h11.Data):
            entity += event.data
    response = read_response(data)
    assert response
    assert response.body == entity == b"".join(parts)


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 200 " + b" " * 100_000 + b"\rX",
        b"HTTP/1.1" + b" " * 100_000,
        b"HTTP/1.1 200 OK\r\n" + b"\r" * 100_000,
    ],
)
def test_hostile_heads_take_no_time(data: bytes) -> None:
    read_head(data)
    final_response(data)
