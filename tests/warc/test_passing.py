import gzip
import tempfile
import tracemalloc
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsclean.errors import InputError
from newsclean.warc.check import Checker
from newsclean.warc.passing import Passing, passing, warc_files
from newsclean.warc.records import Damaged, Record, records
from tests.warc.conftest import chunked
from tests.warc.making import made, member, packed

RECORDS = [made("warcinfo", b"software: test\r\n", content_type="application/warc-fields")]
RECORDS += [made(url=f"http://news.example/{number}", block=chunked()) for number in range(3)]


def walked(path: Path, start: int = 0) -> list[Passing | Damaged]:
    with path.open("rb") as file:
        return [found for found in passing(file, "a", start) if isinstance(found, Damaged) or found.finish()]


@pytest.mark.parametrize("data", [packed(*RECORDS), b"".join(RECORDS), member(b"".join(RECORDS))])
def test_as_the_reader_has_them(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(data)
    with path.open("rb") as file:
        expected = [found for found in records(file, "a") if isinstance(found, Record)]
    with path.open("rb") as file:
        for found, record in zip(passing(file, "a"), expected, strict=True):
            assert isinstance(found, Passing)
            assert b"".join(found.chunks()) == record.block
            assert found.finish()
            assert (found.offset, found.length) == (record.offset, record.length)
            assert (tuple(found.headers), found.head) == (record.headers, record.head)
            assert found.size == len(record.block)
            assert found.ending == b"\r\n\r\n"


def test_a_block_can_be_read_in_any_way_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(packed(*RECORDS))
    with path.open("rb") as file:
        for number, found in enumerate(passing(file, "a")):
            assert isinstance(found, Passing)
            if number == 1:
                assert found.readline() == b"HTTP/1.1 200 OK\r\n"
                assert found.read(14) == b"Content-Type: "
                assert found.readline(4) == b"text"
            elif number == 2:
                block = b"".join(found.chunks())
                assert block == chunked()
                assert found.read(5) == found.readline() == b""
            assert found.finish()
    assert number == 3


def test_a_record_right_behind_a_block(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(RECORDS[0] + RECORDS[1][:-4] + RECORDS[2])
    found = walked(path)
    assert [one.offset for one in found] == [0, len(RECORDS[0]), len(RECORDS[0]) + len(RECORDS[1]) - 4]
    assert not any(isinstance(one, Damaged) for one in found)
    assert [finding.slug for finding in Checker().check(path)] == ["record-end"]


def test_from_a_place_on(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(packed(*RECORDS))
    assert len(walked(path, len(member(RECORDS[0])))) == 3
    assert walked(path, path.stat().st_size) == []


@settings(max_examples=200, deadline=None)
@given(st.booleans(), st.data())
def test_whatever_is_broken_the_rest_is_found(packing: bool, data: st.DataObject) -> None:
    """A stretch of a file is overwritten: nothing but findings, and the records that it spares are all there."""
    parts = [member(part) if packing else part for part in RECORDS]
    whole = b"".join(parts)
    start = data.draw(st.integers(len(parts[0]), len(whole) - 1))
    end = data.draw(st.integers(start + 1, min(len(whole), start + 400)))
    broken = whole[:start] + data.draw(st.binary(max_size=40)) + whole[end:]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.warc"
        path.write_bytes(broken)
        found = walked(path)
        checked = list(Checker().check(path))
    ids = {one.header("WARC-Record-ID") for one in found if isinstance(one, Passing)}
    begin = 0
    for part, record in zip(parts, RECORDS, strict=True):
        own = next(line[16:] for line in record.decode().splitlines() if line.startswith("WARC-Record-ID: "))
        if end <= begin or begin + len(part) <= start:
            # in a plain file, a record before can take in the ones behind it
            assert own in ids or (not packing and start < begin), (start, end)
        begin += len(part)
    edges = {sum(map(len, parts[:number])) for number in range(len(parts) + 1)}
    if packing and not checked:  # time and system in a gzip header are free to be anything
        assert (start in edges and end in edges) or gzip.decompress(broken) == b"".join(RECORDS)


def test_memory_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    block = b"HTTP/1.1 200 OK\r\n\r\n" + bytes(80 * 1024 * 1024)
    path.write_bytes(zlib_member(made(block=block)))
    tracemalloc.start()
    assert [finding.slug for finding in Checker().check(path)] == ["warcinfo-first"]
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * 1024 * 1024


def zlib_member(data: bytes) -> bytes:
    machine = zlib.compressobj(1, zlib.DEFLATED, 31)
    return machine.compress(data) + machine.flush()


def test_a_head_without_end(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(packed(RECORDS[0], b"WARC/1.1\r\n" + b"X: y\r\n" * 300_000, RECORDS[1]))
    found = walked(path)
    assert [isinstance(one, Damaged) for one in found] == [False, True, False]


@pytest.mark.parametrize("length", ["-1", "ten", "", "9" * 30, "1, 1"])
def test_a_wrong_content_length(tmp_path: Path, length: str) -> None:
    path = tmp_path / "a.warc.gz"
    wrong = RECORDS[1].replace(b"Content-Length: %d" % len(chunked()), b"Content-Length: " + length.encode())
    path.write_bytes(packed(RECORDS[0], wrong, RECORDS[2]))
    found = walked(path)
    assert [isinstance(one, Damaged) for one in found] == [False, True, False]


def test_files_of_folders(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    (folder / "warc").mkdir(parents=True)
    (folder / "other").mkdir()
    for name in ("warc/b.warc.gz", "warc/a.WARC", "warc/c.warc.gz.open", "warc/notes.txt", "other/d.warc"):
        (folder / name).write_bytes(gzip.compress(b""))
    assert [file.name for file in warc_files([folder])] == ["a.WARC", "b.warc.gz", "c.warc.gz.open"]
    assert [file.name for file in warc_files([folder / "other", folder / "warc" / "notes.txt"])] == [
        "d.warc",
        "notes.txt",
    ]
    for missing in (tmp_path / "none", folder / "warc" / "none.warc"):
        with pytest.raises(InputError, match="no such"):
            warc_files([missing])
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no WARC file in that folder"):
        warc_files([tmp_path / "empty"])
