"""Files in the shape that other tools give them, read from end to end: ARC, WACZ, records that share a member."""

import gzip
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from newsclean.errors import NotWarcError
from newsclean.model import Capture
from newsclean.warc import Damaged, read, read_at, read_many
from tests.warc.others import ANSWER, PAGE, arc_record, arc_start, wacz, warc_record
from tests.warc.test_members import RECORDS, SINGLE

URLS = [f"http://news.example/{number}" for number in range(5)]
FORMS = ["plain", "member-a-record", "single-member"]
FILES = {
    "archive/a.warc.gz": b"".join(gzip.compress(warc_record(number)) for number in range(2)),
    "archive/b.warc": warc_record(2) + warc_record(3),
    "archive/c.arc.gz": gzip.compress(arc_start()) + gzip.compress(arc_record(4)),
}
PARTS = [
    arc_start(),
    arc_record(url="dns:news.example", block=b"20080430204825\nnews.example. 100 IN A 192.0.2.7\n", kind="text/dns"),
    arc_record(0),
    arc_record(1, ANSWER + b"\n\nhttp://in.the/page\n" + b"x" * 300),
    arc_record(2, b"HTTP/1.0 404 Not Found\r\n\r\n"),
]


def read_or_nothing(path: Path) -> list[Capture | Damaged]:
    try:
        return list(read(path))
    except NotWarcError:
        return []


def sound_text(data: bytes) -> bytes:
    """What zlib gives byte by byte, until it fails or the data ends."""
    unpacker = zlib.decompressobj(31)
    parts = []
    for number in range(len(data)):
        try:
            parts.append(unpacker.decompress(data[number : number + 1]))
        except zlib.error:
            break
    return b"".join(parts)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(place=st.integers(0, len(SINGLE) - 1), change=st.integers(0, 255))
def test_records_before_the_damage_of_a_single_member(tmp_path: Path, place: int, change: int) -> None:
    """``change``: 0 cuts the file there, all others flip bits."""
    damaged = SINGLE[:place] + (bytes([SINGLE[place] ^ change]) + SINGLE[place + 1 :] if change else b"")
    path = tmp_path / "x.warc.gz"
    path.write_bytes(damaged)
    text, whole, start = sound_text(damaged), 0, 0
    for record in RECORDS:
        if text[start : start + len(record)] != record:
            break
        start += len(record)
        whole += 1
    urls = [found.final_url for found in read_or_nothing(path) if isinstance(found, Capture)]
    # The first record may be all that the member holds; then it counts only with the checksum behind it.
    assert urls[:whole] == URLS[:whole] or (whole == 1 and not urls)


def test_a_broken_record_inside_a_member_costs_no_other(tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz"
    broken = RECORDS[1].replace(b"Content-Length: ", b"Content-Length: 9", 1)
    short = RECORDS[3].replace(b"Content-Length: 8", b"Content-Length: ", 1)
    path.write_bytes(gzip.compress(RECORDS[0] + short + RECORDS[2] + RECORDS[4] + broken))
    found = list(read(path))
    assert [f.final_url for f in found if isinstance(f, Capture)] == [URLS[0], URLS[2], URLS[4]]
    assert [f.offset for f in found if isinstance(f, Damaged)] == [0, 0]


def packed(parts: list[bytes], form: str) -> bytes:
    if form == "plain":
        return b"".join(parts)
    if form == "single-member":
        return gzip.compress(b"".join(parts), mtime=0)
    return b"".join(gzip.compress(part, mtime=0) for part in parts)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("version", [1, 2])
def test_captures_of_an_arc_file(tmp_path: Path, form: str, version: int) -> None:
    path = tmp_path / "x.arc"
    path.write_bytes(packed([arc_start(version), *PARTS[1:]], form))
    found = [capture for capture in read(path) if isinstance(capture, Capture)]
    assert [c.final_url for c in found] == URLS[:3]
    assert [c.status for c in found] == [200, 200, 404]
    assert found[0].body == PAGE
    assert {c.fetched_at for c in found} == {"2008-04-30T20:48:25Z"}
    assert len(list(read(path))) == 3
    for capture in found:
        ref = capture.record
        assert ref
        assert read_at(path, ref.offset, record_id=ref.record_id) == capture
        if form != "single-member":
            part = path.read_bytes()[ref.offset : ref.offset + ref.length]
            assert (gzip.decompress(part) if form != "plain" else part).startswith(capture.final_url.encode())


def test_the_same_as_warcio(tmp_path: Path) -> None:
    path = tmp_path / "x.arc.gz"
    path.write_bytes(packed(PARTS, "member-a-record"))
    with path.open("rb") as file:
        theirs = [
            (record.rec_headers["uri"], record.rec_headers["archive-date"], record.content_stream().read())
            for record in ArchiveIterator(file)
            if record.rec_headers["uri"].startswith("http")
        ]
    ours = [
        (c.final_url, "".join(filter(str.isdigit, c.fetched_at)), c.body) for c in read(path) if isinstance(c, Capture)
    ]
    assert ours == theirs


def test_what_is_behind_damage_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.arc"
    wrong = PARTS[2].replace(b"text/html ", b"text/html 1")
    for form in ("plain", "member-a-record"):
        path.write_bytes(packed([*PARTS[:2], wrong.replace(b" 105\n", b" 99\n"), *PARTS[3:]], form))
        found = list(read(path))
        assert [c.final_url for c in found if isinstance(c, Capture)][-2:] == URLS[1:3]
        assert any(isinstance(item, Damaged) for item in found)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(form=st.sampled_from(FORMS[:2]), data=st.data())
def test_records_before_a_cut_or_a_wrong_byte(tmp_path: Path, form: str, data: st.DataObject) -> None:
    path = tmp_path / "x.arc"
    whole = packed(PARTS, form)
    place = data.draw(st.integers(1, len(whole) - 1))
    behind = bytes([whole[place] ^ data.draw(st.integers(1, 255))]) + whole[place + 1 :]
    path.write_bytes(whole[:place] + (b"" if data.draw(st.booleans()) else behind))
    ends = [len(packed(PARTS[: number + 1], form)) for number in range(2, 5)]
    before = sum(1 for end in ends if end <= place)
    try:
        found = [capture.final_url for capture in read(path) if isinstance(capture, Capture)]
    except NotWarcError:
        assert not before
        return
    assert found[:before] == URLS[:before]


@pytest.fixture(params=[zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED], ids=["stored", "deflated"])
def path(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    return wacz(tmp_path / "x.wacz", FILES, request.param)


def test_captures_of_a_wacz_read_back(path: Path) -> None:
    found = [capture for capture in read(path) if isinstance(capture, Capture)]
    assert [capture.final_url for capture in found] == URLS
    for capture in found:
        ref = capture.record
        assert ref
        assert ref.file.startswith(f"{path}!archive/")
        assert read_at(ref.file, ref.offset) == capture
    assert [c.record.file for c in read(path, name="x") if isinstance(c, Capture) and c.record][:2] == [
        "x!archive/a.warc.gz"
    ] * 2


def test_a_revisit_whose_original_is_in_another_file(tmp_path: Path) -> None:
    original = warc_record(0, version="WARC/1.1")
    revisit = warc_record(
        "again",
        b"HTTP/1.1 200 OK\r\n\r\n",
        "revisit",
        version="WARC/1.1",
        more="WARC-Profile: http://netpreserve.org/warc/1.1/revisit/identical-payload-digest\r\n"
        "WARC-Refers-To-Target-URI: http://news.example/0\r\nWARC-Refers-To-Date: 2026-11-22T20:35:21Z\r\n",
    )
    inner = {"archive/a.warc.gz": gzip.compress(revisit), "archive/b.warc.gz": gzip.compress(original)}
    first, second = (capture for capture in read(wacz(tmp_path / "x.wacz", inner)) if isinstance(capture, Capture))
    assert first.body == second.body
    assert first.final_url == "http://news.example/again"
    assert first.revisit_of
    plain = tmp_path / "original.warc"
    plain.write_bytes(original)
    alone = wacz(tmp_path / "y.wacz", {"archive/a.warc.gz": gzip.compress(revisit)})
    (unresolved,) = read(alone)
    assert isinstance(unresolved, Damaged)
    found, _ = read_many([alone, plain])
    assert isinstance(found, Capture)
    assert found.body == first.body


def test_one_bad_file_inside_costs_no_other(tmp_path: Path) -> None:
    path = wacz(tmp_path / "x.wacz", {"archive/0.warc.gz": b"", "archive/1.warc.gz": b"<html>", **FILES})
    found = list(read(path))
    assert [c.final_url for c in found if isinstance(c, Capture)] == URLS
    assert [(d.file, d.offset) for d in found if isinstance(d, Damaged)] == [
        (f"{path}!archive/0.warc.gz", 0),
        (f"{path}!archive/1.warc.gz", 0),
    ]


def test_a_torn_member_gives_what_it_has(tmp_path: Path) -> None:
    path = wacz(tmp_path / "x.wacz", {"archive/a.warc.gz": FILES["archive/a.warc.gz"][:-9]})
    first, second = read(path)
    assert isinstance(first, Capture)
    assert isinstance(second, Damaged)
    assert second.file == f"{path}!archive/a.warc.gz"
