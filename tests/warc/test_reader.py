import gzip
import io
import tracemalloc
import uuid
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from newsclean.errors import DamagedRecordError, InputError, NotWarcError, RecordNotFoundError
from newsclean.exchange import Fetch
from newsclean.model import Capture
from newsclean.settings import Settings
from newsclean.warc import Damaged, StoredInput, Writer, Written, read, read_at, read_inputs, read_warc
from tests.warc.conftest import ALL, PAGE, chunked, plain, simple

Stored = tuple[Path, list[tuple[Fetch, Written]]]


def captures(path: Path) -> list[Capture]:
    return [found for found in read(path) if isinstance(found, Capture)]


def damage(path: Path) -> list[Damaged]:
    return [found for found in read(path) if isinstance(found, Damaged)]


def record(
    block: bytes = plain(),
    kind: str = "response",
    target: str = "http://news.example/a",
    content_type: str = "application/http; msgtype=response",
    version: str = "WARC/1.0",
    length: int | None = None,
) -> bytes:
    """A record as another tool may write it."""
    head = (
        f"{version}\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, target)}>\r\n"
        f"WARC-Date: 2026-11-22T20:35:21Z\r\nWARC-Target-URI: {target}\r\nContent-Type: {content_type}\r\n"
        f"Content-Length: {len(block) if length is None else length}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def test_captures_in_order(stored: Stored) -> None:
    path, _ = stored
    assert [(c.status, c.url, c.final_url) for c in captures(path)] == [
        (200, "http://news.example/a", "http://news.example/a"),
        (301, "http://news.example/a", "http://news.example/a"),
        (200, "http://news.example/a#top", "http://news.example/b"),
        (404, "http://news.example/gone", "http://news.example/gone"),
        (301, "http://news.example/a", "http://news.example/a"),
    ]
    assert [c.redirects for c in captures(path)][2] == ("http://news.example/a",)
    assert [c.body for c in captures(path)][:3] == [PAGE, b"", PAGE + b"\n"]


def test_every_capture_reads_back_by_its_ref(stored: Stored) -> None:
    path, _ = stored
    for capture in captures(path):
        assert capture.record
        assert capture.record.file == str(path)
        assert read_at(path, capture.record.offset) == capture


def test_inputs_in_order(stored: Stored) -> None:
    path, written = stored
    inputs = [found for found in read_inputs(path, name="x.warc.gz") if isinstance(found, StoredInput)]
    assert [stored.url for stored in inputs] == [fetch.url for fetch, _ in written]
    assert [stored.outcome for stored in inputs] == [None, None, "http-404", "dns", "dns", "bad-url"]
    assert [stored.message for stored in inputs] == [str(fetch.error or "") for fetch, _ in written]
    assert [stored.status for stored in inputs] == [200, 200, 404, None, None, None]
    assert [stored.redirects for stored in inputs] == [fetch.redirects for fetch, _ in written]
    for (_, place), stored_input in zip(written, inputs, strict=True):
        ref = stored_input.capture_ref
        assert (ref.offset if ref else None) == (place.response.offset if place.response else None)
        assert ref is None or ref.file == "x.warc.gz"


def test_inputs_from_a_place_on(stored: Stored) -> None:
    path, written = stored
    for number, (_, place) in enumerate(written):
        rest = [found for found in read_inputs(path, start=place.end) if isinstance(found, StoredInput)]
        assert [found.url for found in rest] == [fetch.url for fetch, _ in written[number + 1 :]]


def test_an_exchange_without_its_metadata_is_no_input(stored: Stored) -> None:
    path, written = stored
    cut = written[1][1].records[-1].offset  # after the second fetch's response
    path.write_bytes(path.read_bytes()[:cut])
    assert [found.url for found in read_inputs(path) if isinstance(found, StoredInput)] == [written[0][0].url]


@pytest.mark.parametrize("packed", [True, False], ids=["gzip", "plain"])
def test_files_of_other_tools(tmp_path: Path, packed: bool) -> None:
    parts = [
        record(b"software: other\r\n", "warcinfo", content_type="application/warc-fields"),
        record(b"GET / HTTP/1.1\r\n\r\n", "request", content_type="application/http; msgtype=request"),
        record(plain(), target="<http://news.example/wget>"),
        record(b"HTTP/2 200\r\ncontent-type: text/html\r\n\r\n" + PAGE, target="http://news.example/h2"),
        record(chunked(), target="http://news.example/chunked"),
        record(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + PAGE, target="http://news.example/was chunked"
        ),
        record(b"", "revisit", target="http://news.example/again"),
        record(b"20260101\n192.0.2.1", target="dns:news.example", content_type="text/dns"),
    ]
    path = tmp_path / "other.warc.gz"
    path.write_bytes(b"".join(gzip.compress(part) if packed else part for part in parts))
    found = list(read(path))
    assert [c.final_url for c in found if isinstance(c, Capture)] == [
        "http://news.example/wget",
        "http://news.example/h2",
        "http://news.example/chunked",
        "http://news.example/was%20chunked",
    ]
    assert [f.reason for f in found if isinstance(f, Damaged)] == [
        "a revisit of http://news.example/again, which is not in the files given"
    ]
    for capture in captures(path):
        assert capture.body == PAGE
        assert capture.record
        assert read_at(path, capture.record.offset) == capture
        part = path.read_bytes()[capture.record.offset : capture.record.offset + capture.record.length]
        assert (gzip.decompress(part) if packed else part).startswith(b"WARC/1.0\r\n")


def test_one_gzip_member_for_the_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "single.warc.gz"
    path.write_bytes(gzip.compress(b"".join(record(target=f"http://news.example/{n}") for n in range(5))))
    assert [c.final_url for c in captures(path)] == [f"http://news.example/{n}" for n in range(5)]
    assert {c.record.length for c in captures(path) if c.record} == {0}


def test_a_file_by_warcio(tmp_path: Path) -> None:
    path = tmp_path / "warcio.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        for number in range(3):
            writer.write_record(
                writer.create_warc_record(
                    f"http://news.example/{number}",
                    "response",
                    payload=io.BytesIO(PAGE),
                    length=len(PAGE),
                    http_headers=headers,
                )
            )
    assert [c.body for c in captures(path)] == [PAGE] * 3
    assert not damage(path)


def test_cut_inside_the_last_record(stored: Stored) -> None:
    path, written = stored
    data = path.read_bytes()
    for cut in range(written[-1][1].records[0].offset + 1, len(data)):
        path.write_bytes(data[:cut])
        found = list(read_inputs(path))
        assert len([f for f in found if isinstance(f, StoredInput)]) == len(ALL) - 1, cut
        (damaged,) = [f for f in found if isinstance(f, Damaged)]
        assert damaged.offset == written[-1][1].records[0].offset
        assert "ends inside" in damaged.reason


def test_what_is_behind_a_broken_member_is_read(stored: Stored) -> None:
    path, written = stored
    whole = captures(path)
    data = bytearray(path.read_bytes())
    ref = written[0][1].response
    assert ref
    data[ref.offset + ref.length // 2] ^= 0xFF
    path.write_bytes(data)
    assert captures(path) == whole[1:]
    (damaged,) = damage(path)
    assert damaged.offset == ref.offset
    with pytest.raises(DamagedRecordError, match=f"@{ref.offset}"):
        read_at(path, ref.offset)
    with pytest.raises(DamagedRecordError):
        list(read_warc(path))


def test_what_is_behind_broken_bytes_in_a_plain_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "plain.warc"
    one, two, three = (record(target=f"http://news.example/{n}") for n in range(3))
    path.write_bytes(one + two.replace(b"Content-Length", b"Content-Lumpth", 1) + three)
    assert [c.final_url for c in captures(path)] == ["http://news.example/0", "http://news.example/2"]
    assert [d.offset for d in damage(path)] == [len(one)]


@pytest.mark.parametrize("wrong", [-5, 5])
def test_a_wrong_content_length(tmp_path: Path, wrong: int) -> None:
    path = tmp_path / "plain.warc"
    path.write_bytes(record(length=len(plain()) + wrong) + record(target="http://news.example/next"))
    assert [c.final_url for c in captures(path)] == ["http://news.example/next"]
    assert len(damage(path)) == 1


def test_nul_bytes_behind_the_last_member(stored: Stored) -> None:
    path, _ = stored
    whole = captures(path)
    path.write_bytes(path.read_bytes() + b"\0" * 64)
    assert captures(path) == whole
    assert len(damage(path)) == 1


def test_a_block_that_is_no_http(tmp_path: Path) -> None:
    path = tmp_path / "plain.warc"
    path.write_bytes(record(b"<html>") + record())
    assert len(captures(path)) == 1
    assert "no HTTP message" in damage(path)[0].message
    with pytest.raises(DamagedRecordError):
        read_at(path, 0)


def test_a_record_that_is_too_large_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsclean.warc.records.MAX_RECORD", 1000)
    path = tmp_path / "large.warc.gz"
    large = record(plain(b"x" * 100_000), target="http://news.example/large")
    path.write_bytes(gzip.compress(record()) + gzip.compress(large) + gzip.compress(record()))
    assert len(captures(path)) == 2
    (damaged,) = damage(path)
    assert damaged.offset == len(gzip.compress(record()))
    assert "passed over" in damaged.message


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"<html>no</html>", "begins b'<html>"),
        (gzip.compress(b"<html>no</html>", mtime=0), "no WARC file"),
        (b"\x28\xb5\x2f\xfd1234", "zstd"),
        (b"\0" * 5000, "no WARC file"),
    ],
)
def test_files_that_are_no_warc(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(content)
    with pytest.raises(NotWarcError, match="no WARC file") as caught:
        list(read(path))
    assert said in str(caught.value)


def test_files_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read(tmp_path / "none.warc.gz")
    with pytest.raises(InputError, match="is a folder"):
        read(tmp_path)
    with pytest.raises(InputError, match="no such file"):
        read_at(tmp_path / "none.warc.gz", 0)


def test_offsets_where_no_response_is(stored: Stored) -> None:
    path, written = stored
    with pytest.raises(RecordNotFoundError, match="warcinfo"):
        read_at(path, 0)
    with pytest.raises(RecordNotFoundError, match="request"):
        read_at(path, written[0][1].records[0].offset)
    with pytest.raises(RecordNotFoundError):
        read_at(path, 7)
    with pytest.raises(RecordNotFoundError, match="ends before"):
        read_at(path, 10**9)


def test_a_capture_does_not_need_what_is_behind_it(stored: Stored) -> None:
    path, written = stored
    ref = written[0][1].response
    assert ref
    path.write_bytes(path.read_bytes()[: ref.offset + ref.length])
    assert read_at(path, ref.offset).body == PAGE


def test_memory_stays_small_over_many_members(tmp_path: Path) -> None:
    path = tmp_path / "many.warc.gz"
    with path.open("wb") as file:
        for number in range(300):
            file.write(gzip.compress(record(plain(b"x" * 200_000), target=f"http://news.example/{number}"), 1))
    tracemalloc.start()
    assert sum(1 for _ in read(path)) == 300
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(data=st.data())
def test_damage_anywhere_is_told_and_ends(tmp_path: Path, data: st.DataObject) -> None:
    whole = b"".join(gzip.compress(record(target=f"http://news.example/{number}"), mtime=0) for number in range(3))
    place = data.draw(st.integers(0, len(whole) - 1))
    junk = data.draw(st.binary(min_size=1, max_size=8))
    cut = data.draw(st.booleans())
    path = tmp_path / "damaged.warc.gz"
    path.write_bytes(whole[:place] + junk + (b"" if cut else whole[place + len(junk) :]))
    try:
        found = list(read(path))
    except NotWarcError:
        return
    assert len([f for f in found if isinstance(f, Capture)]) <= 3


def test_compression_level_does_not_matter(folder: Path) -> None:
    with Writer(folder, Settings(compression=1)) as writer:
        writer.write(simple())
    assert [c.body for p in folder.iterdir() for c in captures(p)] == [PAGE]
