import gzip
import json
import struct
import zipfile
from pathlib import Path

import pytest

from newsclean.errors import InputError, NotWarcError
from newsclean.warc.wacz_read import inside, is_wacz, members, open_member, warc_files_in
from tests.warc.others import ANSWER, arc_record, arc_start, wacz, warc_record

FILES = {
    "archive/a.warc.gz": b"".join(gzip.compress(warc_record(number)) for number in range(2)),
    "archive/b.warc": warc_record(2) + warc_record(3),
    "archive/c.arc.gz": gzip.compress(arc_start()) + gzip.compress(arc_record(4)),
}
OTHERS = {"datapackage.json": b'{"profile": "data-package"}', "pages/pages.jsonl": b"{}\n", "archive/": b""}
URLS = [f"http://news.example/{number}" for number in range(5)]


@pytest.fixture(params=[zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA], ids=["stored", "deflated", "lzma"])
def path(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    return wacz(tmp_path / "x.wacz", {**OTHERS, **FILES}, request.param)


def test_the_files_of_a_wacz(path: Path) -> None:
    assert is_wacz(path)
    assert members(path) == warc_files_in(path) == [Path(f"{path}!{name}") for name in FILES]
    for name, data in FILES.items():
        assert inside(Path(f"{path}!{name}")) == (path, name)
        with open_member(path, name) as file:
            assert file.read() == data
            assert file.seek(-5, 2) == len(data) - 5
            assert file.read(99) == data[-5:]
            assert file.read(1) == b""
            assert file.seek(3) == 3
            assert file.read(4) == data[3:7]
            assert file.tell() == 7


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "no WARC file in archive/"),
        ({"pages/a.html": b"<p>"}, "no WARC file in archive/"),
        ({"warc/a.warc.gz": b""}, "no WARC file in archive/"),
        ({"archive/../../a.warc.gz": b""}, "outside"),
        ({"/archive/a.warc.gz": b"", **FILES}, "outside"),
        ({"archive\\..\\a.warc.gz": b"", **FILES}, "outside"),
        ({"a.wacz": b"", "b.wacz": b""}, "multi-WACZ"),
        ({"datapackage.json": json.dumps({"profile": "multi-wacz-package"}).encode()}, "multi-WACZ"),
        ({"datapackage.json": b"["}, "no WARC file in archive/"),
    ],
)
def test_zip_files_that_are_no_wacz(tmp_path: Path, files: dict[str, bytes], said: str) -> None:
    path = wacz(tmp_path / "x.wacz", files)
    if not files:
        path.write_bytes(b"PK\x03\x04" + path.read_bytes())  # a ZIP without files begins in another way
    with pytest.raises(NotWarcError, match=said) as caught:
        members(path)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = wacz(tmp_path / "x.wacz", {"archive/a.warc": b"\0" * 70_000_000}, zipfile.ZIP_DEFLATED)
    with pytest.raises(NotWarcError, match="would unpack from"):
        members(path)


def test_a_size_that_lies_unpacks_no_more(tmp_path: Path) -> None:
    path = wacz(tmp_path / "x.wacz", {"archive/a.warc": b"\0" * 1_000_000}, zipfile.ZIP_DEFLATED)
    path.write_bytes(path.read_bytes().replace(struct.pack("<I", 1_000_000), struct.pack("<I", 1000)))
    with pytest.raises(NotWarcError, match="broken"):
        open_member(path, "archive/a.warc")


def test_an_encrypted_member(tmp_path: Path) -> None:
    path = wacz(tmp_path / "x.wacz", FILES)
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(NotWarcError, match="encrypted"):
        members(path)


def test_a_file_cut_anywhere(tmp_path: Path) -> None:
    path = wacz(tmp_path / "x.wacz", {"archive/a.warc.gz": FILES["archive/a.warc.gz"]})
    data = path.read_bytes()
    for cut in range(4, len(data)):
        path.write_bytes(data[:cut])
        with pytest.raises(NotWarcError):
            members(path)


def test_a_file_with_any_byte_wrong(tmp_path: Path) -> None:
    path = wacz(tmp_path / "x.wacz", {"archive/a.warc": warc_record(0, ANSWER)}, zipfile.ZIP_DEFLATED)
    data = path.read_bytes()
    for place in range(4, len(data)):
        path.write_bytes(data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :])
        try:
            for member in members(path):
                open_member(path, member.name).close()
        except (NotWarcError, InputError) as problem:
            assert str(path) in str(problem)  # noqa: PT017


def test_paths_that_lead_to_no_member(tmp_path: Path) -> None:
    assert inside(tmp_path / "x.warc.gz") is None
    odd = tmp_path / "x!archive"
    odd.mkdir()
    (odd / "a.warc").write_bytes(warc_record())
    assert inside(odd / "a.warc") is None
    assert not is_wacz(tmp_path)
    assert not is_wacz(tmp_path / "none")
    path = wacz(tmp_path / "x.wacz", FILES)
    with pytest.raises(InputError, match=r"no archive/none\.warc in it"):
        open_member(path, "archive/none.warc")
    with pytest.raises(InputError, match="no such file"):
        open_member(tmp_path / "none.wacz", "archive/a.warc")
    with pytest.raises(InputError):
        members(tmp_path / "none.wacz")
