import gzip
from pathlib import Path

import pytest

from newsclean.errors import ArchiveError
from newsclean.settings import Settings
from newsclean.warc import StoredInput, Writer, read_inputs, recover
from tests.warc.conftest import missing, redirected, simple


def left_open(folder: Path, settings: Settings) -> tuple[Path, list[int]]:
    """A file that was not closed, and the offsets of its members and of its end."""
    with Writer(folder, settings) as writer:
        places = [writer.write(fetch) for fetch in (simple(), redirected(), missing())]
    (closed,) = folder.iterdir()
    path = closed.rename(closed.with_name(closed.name + ".open"))
    return path, [0, *(ref.offset for place in places for ref in place.records), places[-1].end]


def test_cut_at_every_byte_of_the_last_two_members(folder: Path, settings: Settings) -> None:
    path, ends = left_open(folder, settings)
    data = path.read_bytes()
    final = folder / path.name.removesuffix(".open")
    for cut in range(ends[-3], ends[-1] + 1):
        path.write_bytes(data[:cut])
        (done,) = recover(folder)
        good = max(end for end in ends if end <= cut)
        assert final.read_bytes() == data[:good]
        assert (done.kept, done.cut, done.records) == (good, cut - good, ends.index(good))
        assert bool(done.reason) == (cut != good)
        assert gzip.decompress(final.read_bytes())
        assert not path.exists()
        final.unlink()


def test_a_flipped_byte_ends_the_sound_part(folder: Path, settings: Settings) -> None:
    path, ends = left_open(folder, settings)
    data = bytearray(path.read_bytes())
    data[ends[3] + 20] ^= 0xFF
    path.write_bytes(data)
    (done,) = recover(folder)
    assert done.kept == ends[3]
    assert "broken" in done.message or "torn" in done.message


@pytest.mark.parametrize("tail", [b"\0" * 64, b"garbage", b"\x1f\x8b"])
def test_what_is_no_member_is_cut_off(folder: Path, settings: Settings, tail: bytes) -> None:
    path, ends = left_open(folder, settings)
    path.write_bytes(path.read_bytes() + tail)
    (done,) = recover(folder)
    assert (done.kept, done.cut) == (ends[-1], len(tail))


@pytest.mark.parametrize("content", [b"", b"\x1f\x8b\x08", b"garbage"])
def test_a_file_without_a_whole_record_is_removed(folder: Path, content: bytes) -> None:
    folder.mkdir()
    (folder / "x.warc.gz.open").write_bytes(content)
    (done,) = recover(folder)
    assert (done.file, done.records, done.cut) == ("x.warc.gz", 0, len(content))
    assert "removed" in done.message
    assert not list(folder.iterdir())


def test_a_whole_file_is_only_closed(folder: Path, settings: Settings) -> None:
    path, ends = left_open(folder, settings)
    (done,) = recover(folder)
    assert (done.kept, done.cut, done.reason) == (ends[-1], 0, "")
    inputs = [found for found in read_inputs(folder / done.file) if isinstance(found, StoredInput)]
    assert [stored.url for stored in inputs] == [fetch.url for fetch in (simple(), redirected(), missing())]
    assert recover(folder) == ()
    assert path.name not in [p.name for p in folder.iterdir()]


def test_no_folder(tmp_path: Path) -> None:
    assert recover(tmp_path / "none") == ()


def test_nothing_is_overwritten(folder: Path, settings: Settings) -> None:
    path, _ = left_open(folder, settings)
    (folder / path.name.removesuffix(".open")).write_bytes(b"other")
    with pytest.raises(ArchiveError, match="there already"):
        recover(folder)
    assert path.exists()


def test_a_file_is_handed_out_cut_before_it_has_its_name(folder: Path, settings: Settings) -> None:
    """Whoever keeps an index can take it in first: a crash between the two must not leave it out."""
    path, ends = left_open(folder, settings)
    path.write_bytes(path.read_bytes()[: ends[-1] - 5])
    final = path.name.removesuffix(".open")
    seen: list[tuple[str, int, bool]] = []

    def before(given: Path, name: str) -> None:
        seen.append((name, given.stat().st_size, (folder / name).exists()))

    recover(folder, before)
    assert seen == [(final, ends[-2], False)]
    assert (folder / final).stat().st_size == ends[-2]
