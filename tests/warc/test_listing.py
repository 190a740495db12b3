"""Parts of odd records; the usual ones are in tests/cli/test_warc.py."""

import gzip
import zlib
from pathlib import Path

import pytest

from newsclean.errors import DamagedRecordError, InputError, RecordNotFoundError
from newsclean.warc import listing
from newsclean.warc.listing import listed, part_of, record_at
from tests.warc.conftest import PAGE, chunked, plain
from tests.warc.making import made, member, packed

EARLY = b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"


def part(path: Path, name: str, offset: int = 0) -> bytes:
    with record_at(path, offset) as record:
        return b"".join(part_of(record, name, f"{path}@{offset}"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.warc.gz"


def test_early_answers_are_no_head(path: Path) -> None:
    path.write_bytes(packed(made(block=EARLY + plain())))
    assert part(path, "http") == plain().partition(PAGE)[0]
    assert part(path, "body") == PAGE
    assert part(path, "block") == EARLY + plain()
    assert next(listed(path))["status"] == 103  # as indexes have it


def test_without_a_head_all_is_body(path: Path) -> None:
    path.write_bytes(packed(made(block=b"<html>")))
    assert part(path, "body") == part(path, "entity") == b"<html>"
    with pytest.raises(RecordNotFoundError, match="no HTTP head"):
        part(path, "http")


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("deflate", zlib.compress(PAGE)),
        ("gzip, deflate", zlib.compress(gzip.compress(PAGE, mtime=0))),
        ("identity", PAGE),
        ("gzip", PAGE),
    ],
)
def test_codings(path: Path, coding: str, body: bytes) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\n\r\n".encode()
    path.write_bytes(packed(made(block=head + body)))
    assert part(path, "entity") == body
    assert part(path, "body") == PAGE


def test_a_chunked_body_of_any_size(path: Path) -> None:
    body = bytes(range(256)) * 4000
    framed = b"".join(b"%x\r\n%b\r\n" % (7000, body[at : at + 7000]) for at in range(0, len(body) - 7000, 7000))
    rest = body[len(body) // 7000 * 7000 :]
    block = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + framed + b"%x\r\n%b\r\n0\r\n\r\n" % (len(rest), rest)
    )
    path.write_bytes(packed(made(block=block)))
    assert part(path, "body") == body
    assert part(path, "block") == block


def test_packed_bodies_have_a_limit(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    zipped = gzip.compress(bytes(100_000))
    path.write_bytes(packed(made(block=b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + zipped)))
    monkeypatch.setattr(listing, "_DECODED", 5000)
    with pytest.raises(DamagedRecordError, match="--part entity"):
        part(path, "body")
    monkeypatch.setattr(listing, "MAX_RECORD", 50)
    with pytest.raises(RecordNotFoundError, match="more than 50 packed bytes"):
        part(path, "body")
    assert part(path, "entity") == zipped


def test_records_that_share_a_member(path: Path) -> None:
    path.write_bytes(member(made() + made(url="http://news.example/b", block=chunked())))
    assert [(entry["offset"], entry["length"]) for entry in listed(path)] == [(0, 0), (0, 0)]


def test_no_record_there(path: Path) -> None:
    path.write_bytes(packed(made(), made(url="http://news.example/b")))
    for offset in (1, len(member(made())) - 1, 10**6):
        with pytest.raises(RecordNotFoundError):
            part(path, "body", offset)
    with pytest.raises(InputError):
        part(path.with_name("none.warc"), "body")


def test_damage_is_listed(path: Path) -> None:
    path.write_bytes(packed(made())[:-9])
    (entry,) = listed(path, "shown")
    assert (entry["file"], entry["offset"]) == ("shown", 0)
    assert "ends inside" in entry["damage"]
    with pytest.raises(DamagedRecordError):
        part(path, "block")
