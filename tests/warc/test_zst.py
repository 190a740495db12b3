import random
import shutil
import subprocess
import tracemalloc
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsclean.errors import DamagedRecordError, NotWarcError
from newsclean.model import Capture
from newsclean.warc import Damaged, read, read_at
from newsclean.warc.unpack import UnpackError
from newsclean.warc.zst import DICTIONARY_MAGIC, FrameUnpacker
from tests.warc.others import ANSWER, PAGE, warc_record


def page(number: int) -> bytes:
    words = random.Random(number).choices(["council", "vote", "ferry", "Tuesday", "harbour", "<p>", "</p>"], k=3000)
    return ANSWER + " ".join(words).encode()


RECORDS = [warc_record(number, page(number)) for number in range(6)]
URLS = [f"http://news.example/{number}" for number in range(6)]
DICTIONARY = zstandard.train_dictionary(4096, [warc_record(number, page(number)[:3000]) for number in range(200)])


def pack(text: bytes, dictionary: zstandard.ZstdCompressionDict | None = None, checksum: bool = True) -> bytes:
    return zstandard.ZstdCompressor(dict_data=dictionary, write_checksum=checksum).compress(text)


def skippable(data: bytes, magic: bytes = DICTIONARY_MAGIC) -> bytes:
    return magic + len(data).to_bytes(4, "little") + data


def one_frame(text: bytes) -> bytes:
    """As a stream is packed: no size in the head, many blocks."""
    packer = zstandard.ZstdCompressor(write_checksum=True).compressobj()
    return packer.compress(text) + packer.flush()


PLAIN = b"".join(map(pack, RECORDS))
WITH_DICTIONARY = [pack(record, DICTIONARY) for record in RECORDS]
FILES = {
    "frame-a-record": PLAIN,
    "no-checksum": b"".join(pack(record, checksum=False) for record in RECORDS),
    "dictionary": skippable(DICTIONARY.as_bytes()) + b"".join(WITH_DICTIONARY),
    "packed-dictionary": skippable(pack(DICTIONARY.as_bytes())) + b"".join(WITH_DICTIONARY),
    "one-frame": one_frame(b"".join(RECORDS)),
    "other-skippable-frames": skippable(b"x" * 300_000, b"\x50\x2a\x4d\x18")
    + skippable(b"", b"\x53\x2a\x4d\x18").join(map(pack, RECORDS))
    + skippable(b"end", b"\x5f\x2a\x4d\x18"),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "x.warc.zst"


def captures(path: Path) -> list[Capture]:
    return [found for found in read(path) if isinstance(found, Capture)]


@pytest.mark.parametrize("form", FILES)
def test_captures_of_every_form(path: Path, form: str) -> None:
    path.write_bytes(FILES[form])
    found = list(read(path))
    assert [c.final_url for c in found if isinstance(c, Capture)] == URLS
    assert len(found) == len(URLS)
    assert [c.body for c in captures(path)] == [page(number).partition(b"\r\n\r\n")[2] for number in range(6)]


@pytest.mark.parametrize("form", sorted(set(FILES) - {"one-frame"}))
def test_every_capture_reads_back_by_its_ref(path: Path, form: str) -> None:
    path.write_bytes(FILES[form])
    for capture in captures(path):
        ref = capture.record
        assert ref
        assert read_at(path, ref.offset) == capture
        frame = FILES[form][ref.offset : ref.offset + ref.length]
        dictionary = DICTIONARY if "dictionary" in form else None
        assert zstandard.ZstdDecompressor(dict_data=dictionary).decompress(frame).startswith(b"WARC/1.0\r\n")


def test_captures_of_one_frame_read_back_by_their_id(path: Path) -> None:
    path.write_bytes(FILES["one-frame"])
    for capture in captures(path):
        assert capture.record
        assert capture.record.offset == 0
        assert read_at(path, 0, record_id=capture.record.record_id) == capture


def test_what_is_behind_a_broken_frame_is_read(path: Path) -> None:
    for form in ("frame-a-record", "packed-dictionary"):
        path.write_bytes(FILES[form])
        ref = captures(path)[2].record
        assert ref
        data = bytearray(FILES[form])
        data[ref.offset + ref.length // 2] ^= 0xFF
        path.write_bytes(data)
        assert [c.final_url for c in captures(path)] == URLS[:2] + URLS[3:]
        (damaged,) = [found for found in read(path) if isinstance(found, Damaged)]
        assert damaged.offset == ref.offset
        assert "zstd" in damaged.reason
        with pytest.raises(DamagedRecordError, match=f"@{ref.offset}"):
            read_at(path, ref.offset)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(form=st.sampled_from(["frame-a-record", "packed-dictionary"]), data=st.data())
def test_records_before_a_cut_or_a_wrong_byte(path: Path, form: str, data: st.DataObject) -> None:
    whole = FILES[form]
    path.write_bytes(whole)
    refs = [capture.record for capture in captures(path)]
    place = data.draw(st.integers(refs[0].offset if refs[0] else 0, len(whole) - 1))
    if data.draw(st.booleans()):
        path.write_bytes(whole[:place])
    else:
        path.write_bytes(whole[:place] + bytes([whole[place] ^ data.draw(st.integers(1, 255))]) + whole[place + 1 :])
    before = sum(1 for ref in refs if ref and ref.offset + ref.length <= place)
    try:
        found = captures(path)
    except NotWarcError:
        assert not before
        return
    assert [c.final_url for c in found][:before] == URLS[:before]
    assert {c.final_url for c in found} <= set(URLS)


def test_records_before_a_broken_block_of_one_frame(path: Path) -> None:
    records = [warc_record(number, ANSWER + random.Random(number).randbytes(40_000)) for number in range(30)]
    data = bytearray(one_frame(b"".join(records)))
    place = len(data) // 2
    data[place : place + 3] = b"\xff\xff\xff"
    path.write_bytes(data)
    # What is no better than packed plain stands as plain text in the frame: its place says how many records are whole.
    assert len(captures(path)) >= 30 * place // len(data) - 5


@pytest.mark.parametrize(
    "start",
    [
        skippable(b"\x37\xa4\x30\xecbroken"),
        skippable(pack(DICTIONARY.as_bytes())[:-20]),
    ],
    ids=["broken", "cut"],
)
def test_a_dictionary_that_is_broken(path: Path, start: bytes) -> None:
    path.write_bytes(start + b"".join(WITH_DICTIONARY))
    (damaged,) = read(path)
    assert isinstance(damaged, Damaged)
    assert damaged.offset == len(start)
    assert "dictionary" in damaged.reason


@pytest.mark.parametrize("start", [b"", DICTIONARY_MAGIC + (2**31).to_bytes(4, "little")], ids=["missing", "cut"])
def test_a_dictionary_that_is_not_there(path: Path, start: bytes) -> None:
    path.write_bytes(start + b"".join(WITH_DICTIONARY))
    with pytest.raises(NotWarcError, match="dictionary"):
        list(read(path))


@pytest.mark.skipif(not shutil.which("zstd"), reason="needs the zstd command")
@pytest.mark.parametrize("options", [[], ["-19"], ["--no-check"], ["-B64KB", "-T2"], ["--long=27"]], ids=" ".join)
def test_a_file_by_the_zstd_command(path: Path, options: list[str]) -> None:
    subprocess.run(["zstd", "-q", *options, "-o", path], input=b"".join(RECORDS), check=True)
    assert [c.final_url for c in captures(path)] == URLS


def test_zstd_of_something_else(path: Path) -> None:
    path.write_bytes(pack(PAGE))
    with pytest.raises(NotWarcError, match="no WARC file"):
        list(read(path))


def test_a_bomb_is_passed_over_in_little_memory(path: Path) -> None:
    path.write_bytes(pack(warc_record("bomb", b"\0" * 200_000_000)) + pack(warc_record(1)))
    assert path.stat().st_size < 100_000
    tracemalloc.start()
    found = list(read(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [type(item) for item in found] == [Damaged, Capture]
    assert peak < 8_000_000


@given(
    text=st.binary(max_size=3000), behind=st.binary(max_size=10), step=st.integers(1, 500), most=st.integers(1, 4000)
)
def test_the_unpacker_gives_the_text_in_any_steps(text: bytes, behind: bytes, step: int, most: int) -> None:
    packed = one_frame(text * 20) + behind
    unpacker = FrameUnpacker(zstandard.ZstdDecompressor().decompressobj())
    out = rest = b""
    place = 0
    while not unpacker.eof:
        rest += packed[place : place + step]
        place += step
        out += unpacker.decompress(rest, most)
        rest = unpacker.unconsumed_tail
    assert out == text * 20
    assert unpacker.unused_data + packed[place:] == behind


def test_the_unpacker_gives_what_is_before_broken_bytes() -> None:
    text = random.Random(1).randbytes(1_000_000)
    packed = bytearray(one_frame(text))
    packed[500_000:] = b"\xff" * (len(packed) - 500_000)
    unpacker = FrameUnpacker(zstandard.ZstdDecompressor().decompressobj())
    out = unpacker.decompress(bytes(packed), 10_000_000)
    assert out[:300_000] == text[:300_000]
    with pytest.raises(UnpackError):
        unpacker.decompress(b"", 10_000_000)
