import gzip
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from newsclean.errors import ArchiveError, DiskFullError, InputError, NotWarcError, WarcError
from newsclean.settings import Settings
from newsclean.warc import Writer
from newsclean.warc.check import Checker
from newsclean.warc.passing import Passing, passing
from newsclean.warc.salvage import salvage
from tests.warc.conftest import ALL
from tests.warc.making import made, member, packed

INFO = made("warcinfo", b"software: test\r\n", content_type="application/warc-fields")
RECORDS = [INFO, *(made(url=f"http://news.example/{n}") for n in range(4))]


def raw(path: Path) -> list[bytes]:
    """Head and block of each record, which must all be sound."""
    with path.open("rb") as file:
        found = passing(file, "")
        return [record.head + b"".join(record.chunks()) for record in found if isinstance(record, Passing)]


def whole(records: list[bytes]) -> list[bytes]:
    return [record.removesuffix(b"\r\n\r\n") for record in records]


def sound(path: Path) -> bool:
    """By check, and by warcio, which wants one member a record."""
    with path.open("rb") as file:
        count = sum(1 for _ in ArchiveIterator(file))
    checker = Checker()
    return list(checker.check(path)) == [] and checker.records == count


def test_a_sound_file_is_copied_as_it_is(folder: Path, settings: Settings, tmp_path: Path) -> None:
    with Writer(folder, settings) as writer:
        for make in ALL:
            writer.write(make())
    (path,) = folder.iterdir()
    done = salvage(path, tmp_path / path.name)
    assert (tmp_path / path.name).read_bytes() == path.read_bytes()
    assert done.packed == 0
    assert not done.skipped
    salvage(path)
    assert [file.name for file in folder.iterdir()] == [path.name]


def test_torn_at_every_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsclean.warc.salvage.os.fsync", lambda _fd: None)  # the disk's speed
    members = [member(record) for record in RECORDS]
    data = b"".join(members)
    path, out = tmp_path / "a.warc.gz", tmp_path / "b.warc.gz"
    ends = [0]
    for part in members:
        ends.append(ends[-1] + len(part))
    for cut in range(ends[3], ends[5] + 1):
        path.write_bytes(data[:cut])
        done = salvage(path, out)
        good = max(end for end in ends if end <= cut)
        assert out.read_bytes() == data[:good]
        assert done.records == ends.index(good)
        assert len(done.skipped) == (cut != good)
        out.unlink()


def flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :]


DAMAGED = {
    "rubbish behind": (packed(*RECORDS) + b"rubbish", [0, 1, 2, 3, 4], 0, 1),
    "NULs behind": (packed(*RECORDS) + bytes(512), [0, 1, 2, 3, 4], 0, 1),
    "rubbish between": (packed(*RECORDS[:2]) + b"x" * 99 + packed(*RECORDS[2:]), [0, 1, 2, 3, 4], 0, 1),
    "a broken member": (
        packed(*RECORDS[:2]) + flipped(member(RECORDS[2])) + packed(*RECORDS[3:]),
        [0, 1, 3, 4],
        0,
        1,
    ),
    "one member for all": (member(b"".join(RECORDS)), [0, 1, 2, 3, 4], 5, 0),
    # nothing vouches for the last one: the checksum is cut
    "one member for all, torn": (member(b"".join(RECORDS))[:-4], [0, 1, 2, 3], 4, 1),
    "two members": (packed(*RECORDS[:2]) + member(b"".join(RECORDS[2:])), [0, 1, 2, 3, 4], 3, 0),
    "no line ends behind": (packed(*(record[:-4] for record in RECORDS)), [0, 1, 2, 3, 4], 5, 0),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_what_is_whole_is_kept_byte_for_byte(tmp_path: Path, name: str) -> None:
    data, kept, repacked, skipped = DAMAGED[name]
    path = tmp_path / "a.warc.gz"
    path.write_bytes(data)
    done = salvage(path)
    assert raw(path) == whole([RECORDS[number] for number in kept])
    assert (done.records, done.packed, len(done.skipped)) == (len(kept), repacked, skipped)
    assert sound(path)
    assert path.with_name("a.warc.gz.bak").read_bytes() == data
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.warc.gz", "a.warc.gz.bak"]
    again = path.read_bytes()
    with pytest.raises(InputError, match="there already"):
        salvage(path)
    assert path.read_bytes() == again


def test_plain_files_stay_plain_or_are_packed(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(b"".join(RECORDS)[:-50])
    assert salvage(path, tmp_path / "b.warc").records == 4
    assert (tmp_path / "b.warc").read_bytes() == b"".join(RECORDS[:4])
    assert salvage(path, tmp_path / "c.warc.gz").packed == 4
    assert gzip.decompress((tmp_path / "c.warc.gz").read_bytes()) == b"".join(RECORDS[:4])
    assert sound(tmp_path / "c.warc.gz")
    salvage(tmp_path / "c.warc.gz", tmp_path / "d.warc")
    assert (tmp_path / "d.warc").read_bytes() == b"".join(RECORDS[:4])


def test_a_file_that_was_not_closed_gets_its_name(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz.open"
    path.write_bytes(packed(*RECORDS)[:-3])
    done = salvage(path)
    assert done.out == str(tmp_path / "a.warc.gz")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.warc.gz", "a.warc.gz.open.bak"]
    assert len(raw(tmp_path / "a.warc.gz")) == 4


def test_what_cannot_be_repaired(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.warc.gz"
    for data, error in {b"": NotWarcError, b"<html>": NotWarcError, packed(INFO)[:-20]: WarcError}.items():
        path.write_bytes(data)
        with pytest.raises(error):
            salvage(path)
        assert [file.name for file in tmp_path.iterdir()] == [path.name]
    path.write_bytes(packed(*RECORDS) + b"x")
    with pytest.raises(InputError, match="there already"):
        salvage(path, _other(tmp_path))
    with pytest.raises(ArchiveError):
        salvage(path, tmp_path / "none" / "b.warc.gz")

    def full(_fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("newsclean.warc.salvage.os.fsync", full)
    with pytest.raises(DiskFullError):
        salvage(path)
    assert path.read_bytes().endswith(b"x")


def _other(tmp_path: Path) -> Path:
    other = tmp_path / "other.warc.gz"
    other.write_bytes(b"")
    return other


def test_large_blocks_do_not_stay_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsclean.warc.salvage._IN_MEMORY", 100)
    path = tmp_path / "a.warc.gz"
    path.write_bytes(member(b"".join(RECORDS)))
    salvage(path)
    assert raw(path) == whole(RECORDS)


def test_message(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(member(b"".join(RECORDS))[:-4])
    done = salvage(path, tmp_path / "b.warc.gz")
    assert done.message == f"{path}: 4 records kept, 4 of them packed anew, 1 place left out: {tmp_path / 'b.warc.gz'}"
