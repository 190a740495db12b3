import base64
import gzip
import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsclean.errors import PageError
from newsclean.http1 import undo_chunks
from newsclean.warc.bodies import DECODED, Dechunker, Digest, explained
from tests.warc.conftest import PAGE, chunked
from tests.warc.making import digest

PIECES = st.one_of(
    st.sampled_from(
        [b"0\r\n", b"0\r\n\r\n", b"5\r\n", b"5\r\nhello\r\n", b"5;x=1\nhello\n", b"A\r\n0123456789\r\n", b"\r\n", b"\n"]
    ),
    st.sampled_from([b"\r", b"X-Sum: 1\r\n", b" 3 \r\nabc", b"zz\r\n", b"00000000000000000001\r\n", b"1\r\n\r\r\n"]),
    st.binary(max_size=6),
)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=8).map(b"".join), st.integers(1, 7))
def test_in_parts_as_at_once(body: bytes, step: int) -> None:
    entity, consumed, complete = undo_chunks(body)
    dechunker = Dechunker()
    out = [part for at in range(0, len(body), step) for part in dechunker.feed(body[at : at + step])]
    assert b"".join(out) + dechunker.close() == (entity if consumed else body)
    assert dechunker.whole == complete
    assert dechunker.framed == bool(consumed)


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"])
def test_digests_in_every_form(algorithm: str) -> None:
    value = hashlib.new(algorithm, b"x").digest()
    base32 = base64.b32encode(value).decode()
    expected = Digest(algorithm, value)
    for form in (value.hex(), value.hex().upper(), base32, base32.rstrip("="), base32.lower()):
        assert Digest.parse(f"{algorithm}:{form}") == expected
        assert Digest.parse(f"{algorithm.upper()}: {form}") == expected
    assert Digest.parse(f"sha-256:{hashlib.sha256(b'').hexdigest()}") == Digest("sha256", hashlib.sha256(b"").digest())
    for wrong in ("", algorithm, f"{algorithm}:", f"{algorithm}:{base32[:-9]}", "crc32:12345678", f"{algorithm}:ü"):
        assert Digest.parse(wrong) is None


def test_explained() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
    assert explained(head + gzip.compress(PAGE), digest(PAGE)) == DECODED
    assert explained(head + gzip.compress(PAGE), digest(b"else")) is None
    assert explained(b"no HTTP", digest(PAGE)) is None
    assert explained(chunked(), "sha1:wrong") is None
    with pytest.raises(PageError):
        explained(head.replace(b"gzip", b"odd") + PAGE, digest(PAGE))
