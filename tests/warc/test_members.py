import gzip
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsclean.errors import NotWarcError
from newsclean.model import Capture
from newsclean.warc import Damaged, read, read_at
from newsclean.warc.members import MemberError, Source, find_member, find_text
from tests.warc.others import ANSWER, arc_record, arc_start, warc_record

RECORDS = [warc_record(number, ANSWER + bytes(range(256)) * number) for number in range(5)]
URLS = [f"http://news.example/{number}" for number in range(5)]
MEMBERS = b"".join(gzip.compress(record, mtime=0) for record in RECORDS)
SINGLE = gzip.compress(b"".join(RECORDS), mtime=0)


def shown(path: Path) -> list[Capture | int | str]:
    """Captures, offsets of damage, and what is said where there is nothing."""
    try:
        return [found.offset if isinstance(found, Damaged) else found for found in read(path)]
    except NotWarcError as problem:
        return [str(problem)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(whole=st.sampled_from([MEMBERS, SINGLE]), data=st.data())
def test_every_library_gives_the_same(tmp_path: Path, whole: bytes, data: st.DataObject) -> None:
    pytest.importorskip("isal")
    path = tmp_path / "x.warc.gz"
    place = data.draw(st.integers(0, len(whole)))
    junk = data.draw(st.binary(max_size=4))
    path.write_bytes(whole[:place] + junk + (b"" if data.draw(st.booleans()) else whole[place + len(junk) :]))
    with_isal = shown(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("newsclean.warc.unpack._ZLIB", zlib)
        assert shown(path) == with_isal


def test_captures_of_a_shared_member_read_back(tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(gzip.compress(RECORDS[0]) + gzip.compress(RECORDS[1] + RECORDS[2]) + gzip.compress(RECORDS[3]))
    for capture in read(path):
        assert isinstance(capture, Capture)
        assert capture.record
        assert read_at(path, capture.record.offset, record_id=capture.record.record_id) == capture


def test_a_small_bomb_of_a_member_takes_little_memory() -> None:
    source = Source(BytesIO(gzip.compress(b"\0" * 50_000_000)))
    assert source.skip(50_000_000) == 50_000_000
    assert len(source._out) <= 300_000
    assert source.at_member_end()


def test_offsets_are_those_of_the_file() -> None:
    source = Source(BytesIO(MEMBERS))
    places = []
    while True:
        places.append(source.member)
        assert source.skip(10**9) == len(RECORDS[len(places) - 1])
        assert source.at_member_end()
        if not source.next_member():
            break
    assert places == [len(MEMBERS) - sum(len(gzip.compress(r, mtime=0)) for r in RECORDS[n:]) for n in range(5)]
    assert source.offset == len(MEMBERS)


def test_what_stands_where_a_member_should_is_named() -> None:
    source = Source(BytesIO(gzip.compress(b"text") + b"\0" * 20))
    source.read(10)
    source.next_member()
    with pytest.raises(MemberError, match="no gzip member or zstd frame begins here") as caught:
        source.read(1)
    assert caught.value.offset == len(gzip.compress(b"text"))


def test_the_next_member_is_one_with_a_record() -> None:
    other = gzip.compress(b"<html>", mtime=0) + b"\x1f\x8b\x08" + b"\x28\xb5\x2f\xfd"
    assert find_member(BytesIO(b"x" + other + MEMBERS), 1) == 1 + len(other)
    assert find_member(BytesIO(b"x" + other), 1) is None
    assert find_member(BytesIO(b""), 0) is None


@pytest.mark.parametrize("gap", [0, 1, 256 * 1024 - 6, 256 * 1024 - 2, 256 * 1024 - 1, 256 * 1024, 700_000])
def test_the_next_record_behind_any_gap(gap: int) -> None:
    junk = b"j" * gap + b"\n"
    assert find_member(BytesIO(b"j" + junk + MEMBERS), 1) == 1 + len(junk)
    assert find_text(BytesIO(b"j" + junk + RECORDS[0]), 1) == 1 + len(junk)
    assert find_text(BytesIO(b"j" + junk + b"WARC/x\n"), 1) is None
    arc = arc_start() + junk
    assert find_text(BytesIO(arc + arc_record()), 1) == len(arc)
    assert find_text(BytesIO(b"\n" + junk + arc_record()), 1) is None


def test_versions_before_1_are_found() -> None:
    assert find_text(BytesIO(b"junk\n" + warc_record(version="WARC/0.18")), 1) == 5


@pytest.mark.parametrize(
    "junk", [b"\x1f\x8b\x08\x00", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", b"\x28\xb5\x2f\xfd\x28"]
)
def test_junk_that_looks_like_members_is_passed(tmp_path: Path, junk: bytes) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(gzip.compress(RECORDS[0]) + junk * 2000 + gzip.compress(RECORDS[1]))
    assert [c.final_url for c in read(path) if isinstance(c, Capture)] == URLS[:2]
