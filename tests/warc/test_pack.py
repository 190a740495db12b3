import base64
import gzip
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from shutil import which

import pytest
from cdxj_indexer.main import CompressedWriter

from newsclean.errors import InputError, NotWarcError
from newsclean.settings import Settings
from newsclean.warc import Writer, read_at
from newsclean.warc.index import Entry, index_file
from newsclean.warc.pack import Packed, PackedPage, pack
from tests.warc.conftest import ALL, DATE, PAGE, chunked, plain, simple
from tests.warc.making import made, packed

NOW = datetime(2026, 11, 22, 20, 40, tzinfo=UTC)
TOOLS = Path(sys.prefix).parent / ".venv-tools"
"""py-wacz, whose pins clash with ours, and in node_modules the player of ReplayWeb.page."""


@pytest.fixture
def files(folder: Path, settings: Settings) -> list[Path]:
    """A file of each kind of fetch, with revisits, and a plain one with more lines than a block of the index holds."""
    with Writer(folder, settings) as writer:
        for make in ALL:
            writer.write(make())
        for letter in "abc":
            writer.write(simple(f"http://news.example/{letter}", chunked()))
    plain = folder / "More (2).WARC"
    plain.write_bytes(b"".join(made(url=f"http://more.example/{number}") for number in range(700)))
    return sorted(folder.iterdir())


def made_of(files: list[Path], pages: list[PackedPage] | None = None) -> tuple[zipfile.ZipFile, Packed]:
    out = io.BytesIO()
    done = pack(files, out, pages=pages, title="Local news", created=NOW)
    return zipfile.ZipFile(out), done


def test_warc_files_are_stored_as_they_are(files: list[Path]) -> None:
    wacz, done = made_of(files)
    with wacz:
        for file in files:
            info = wacz.getinfo(f"archive/{file.name}")
            assert info.compress_type == zipfile.ZIP_STORED
            assert wacz.read(info) == file.read_bytes()
        assert wacz.testzip() is None
        assert wacz.getinfo("indexes/index.cdx.gz").compress_type == zipfile.ZIP_STORED
    assert (done.files, done.damaged) == (2, ())


def test_index_in_blocks_is_the_index(files: list[Path]) -> None:
    wacz, done = made_of(files)
    with wacz:
        data = wacz.read("indexes/index.cdx.gz")
        places = wacz.read("indexes/index.idx").decode().splitlines()
    expected = sorted(line for file in files for line in index_file(file) if isinstance(line, str))
    assert gzip.decompress(data).decode() == "".join(expected)
    assert done.entries == len(expected) > 700
    assert places[0] == '!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}'
    found = []
    for line in places[1:]:
        place = Entry.parse(line)
        start, length = int(place.fields["offset"]), int(place.fields["length"])
        block = data[start : start + length]
        assert place.fields["digest"] == f"sha256:{hashlib.sha256(block).hexdigest()}"
        lines = gzip.decompress(block).decode().splitlines()
        assert lines[0].startswith(f"{place.urlkey} {place.timestamp} {{")
        found += lines
    assert len(places) == 1 + -(-len(expected) // 300)
    assert "\n".join(found) + "\n" == "".join(expected)


def test_second_index_is_laid_out_as_cdxj_indexer_does(files: list[Path]) -> None:
    wacz, _done = made_of(files)
    with wacz:
        ours = wacz.read("indexes/index.idx").decode().splitlines()
        lines = gzip.decompress(wacz.read("indexes/index.cdx.gz")).decode().splitlines(keepends=True)
    theirs, data = io.StringIO(), io.BytesIO()
    writer = CompressedWriter(theirs, data_out=data, data_out_name="index.cdx.gz", num_lines=300, digest_records=True)
    for line in lines:
        writer.write(line)
    writer.flush()

    def without_sizes(line: str) -> str:  # another zlib packs to other sizes
        return line.partition("{")[0]

    assert ours[0] == theirs.getvalue().splitlines()[0]
    assert [*map(without_sizes, ours)] == [*map(without_sizes, theirs.getvalue().splitlines())]
    assert list(Entry.parse(ours[1]).fields) == ["offset", "length", "digest"]


def test_records_are_found_in_the_package(files: list[Path], tmp_path: Path) -> None:
    """As a player does it: by the index, without unpacking the ZIP file."""
    wacz, _done = made_of(files)
    with wacz:
        lines = gzip.decompress(wacz.read("indexes/index.cdx.gz")).decode().splitlines()
        for line in lines:
            fields = Entry.parse(line).fields
            if fields.get("mime") == "text/html" and fields["filename"].endswith(".gz"):
                data = wacz.read(f"archive/{fields['filename']}")
                start, length = int(fields["offset"]), int(fields["length"])
                one = tmp_path / "one.warc.gz"
                one.write_bytes(data[start : start + length])
                assert read_at(one, 0).body == PAGE
                assert read_at(one, 0).final_url == fields["url"]
                break
        else:
            raise AssertionError("no page")


def test_pages(files: list[Path]) -> None:
    wacz, done = made_of(files)
    with wacz:
        header, *pages = map(json.loads, wacz.read("pages/pages.jsonl").splitlines())
    assert header == {"format": "json-pages-1.0", "id": "pages", "title": "Local news"}
    assert done.pages == len(pages) == 702
    assert len({page["id"] for page in pages}) == len(pages)
    assert pages[0]["url"].startswith("http://")
    assert pages[0]["ts"] == "2026-11-22T20:35:21Z"

    given = [PackedPage(url="http://news.example/a", date="2026-11-22T20:35:21.123456Z", title="Häuser")]
    wacz, done = made_of(files, given)
    with wacz:
        header, page = map(json.loads, wacz.read("pages/pages.jsonl").splitlines())
    assert {**page, "id": ""} == {"id": "", "url": given[0].url, "ts": given[0].date, "title": "Häuser"}
    assert done.pages == 1


def test_data_package(files: list[Path]) -> None:
    wacz, _done = made_of(files)
    with wacz:
        package = json.loads(wacz.read("datapackage.json"))
        digest = json.loads(wacz.read("datapackage-digest.json"))
        assert digest == {
            "path": "datapackage.json",
            "hash": f"sha256:{hashlib.sha256(wacz.read('datapackage.json')).hexdigest()}",
        }
        listed = {resource["path"]: resource for resource in package["resources"]}
        assert {*listed, "datapackage.json", "datapackage-digest.json"} == set(wacz.namelist())
        for path, resource in listed.items():
            data = wacz.read(path)
            assert resource["bytes"] == len(data)
            assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
    assert (package["profile"], package["wacz_version"]) == ("data-package", "1.1.1")
    assert (package["created"], package["title"]) == ("2026-11-22T20:40:00Z", "Local news")
    assert len({resource["name"] for resource in package["resources"]}) == len(package["resources"])


def headers(data: bytes) -> dict[str, tuple[int, int]]:
    """For each member, the bytes of extra fields in its own header and in the directory."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(data)) as wacz:
        for info in wacz.infolist():
            own = int.from_bytes(data[info.header_offset + 28 : info.header_offset + 30], "little")
            found[info.filename] = (own, len(info.extra))
    return found


@pytest.mark.parametrize("limit", [None, 9000])
def test_headers_are_as_players_take_them(
    files: list[Path], monkeypatch: pytest.MonkeyPatch, limit: int | None
) -> None:
    """Without extra fields in the directory, wabac.js expects none in the member's own header."""
    if limit:
        monkeypatch.setattr("zipfile.ZIP64_LIMIT", limit)
    out = io.BytesIO()
    pack(files, out, created=NOW)
    found = headers(out.getvalue())
    assert all(own == 0 or directory > 0 for own, directory in found.values()), found
    assert any(own for own, _directory in found.values()) == bool(limit)


def test_same_files_same_bytes(files: list[Path]) -> None:
    one, two = io.BytesIO(), io.BytesIO()
    pack(files, one, created=NOW)
    pack(files, two, created=NOW)
    assert one.getvalue() == two.getvalue()


def test_two_files_of_one_name(tmp_path: Path) -> None:
    paths = []
    for folder, url in (("one", "http://a.example/"), ("two", "http://b.example/")):
        (tmp_path / folder).mkdir()
        paths.append(tmp_path / folder / "A.warc.gz")
        paths[-1].write_bytes(packed(made(url=url)))
    wacz, _done = made_of(paths)
    with wacz:
        assert {"archive/A.warc.gz", "archive/2-A.warc.gz"} <= set(wacz.namelist())
        lines = gzip.decompress(wacz.read("indexes/index.cdx.gz")).decode().splitlines()
    assert [Entry.parse(line).fields["filename"] for line in lines] == ["A.warc.gz", "2-A.warc.gz"]


def test_damage_is_told_and_the_rest_packed(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(packed(made(), made(url="http://news.example/b"))[:-5])
    wacz, done = made_of([path])
    with wacz:
        assert wacz.read("archive/a.warc.gz") == path.read_bytes()
    assert done.entries == 1
    assert len(done.damaged) == 1


def test_wrong_input(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(b"<html>")
    with pytest.raises(NotWarcError):
        pack([path], io.BytesIO())
    with pytest.raises(InputError):
        pack([tmp_path / "none.warc.gz"], io.BytesIO())


@pytest.mark.skipif(not (TOOLS / "bin" / "wacz").exists(), reason="py-wacz is not installed in .venv-tools")
def test_py_wacz_validates_it(files: list[Path], tmp_path: Path) -> None:
    path = tmp_path / "out.wacz"
    with path.open("wb") as out:
        pack(files, out, title="Local news")
    done = subprocess.run([TOOLS / "bin" / "wacz", "validate", "-f", path], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert "Validation succeeded" in done.stdout


@pytest.mark.skipif(
    not (TOOLS / "node_modules" / "@webrecorder" / "wabac").exists() or not which("node"),
    reason="wabac.js is not installed in .venv-tools/node_modules",
)
def test_the_player_of_replayweb_page_opens_it(folder: Path, settings: Settings, tmp_path: Path) -> None:
    framed = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n"
    zipped = gzip.compress(PAGE + b"zipped")
    answers = {
        "http://news.example/a": plain(),
        "https://www.news.example/b?y=1&x=2": framed % (len(PAGE) + 1, PAGE + b"b"),
        "http://news.example/revisit": plain(),
        "http://news.example/zipped": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n"
        b"Content-Length: %d\r\n\r\n%b" % (len(zipped), zipped),
    }
    with Writer(folder, settings) as writer:
        for url, answer in answers.items():
            writer.write(simple(url, answer))
    pages = [PackedPage(url=url, date=DATE, title=f"Title of {url}") for url in answers]
    path = tmp_path / "out.wacz"
    with path.open("wb") as out:
        pack(list(folder.iterdir()), out, pages=pages)
    script = Path(__file__).with_name("wabac.mjs")
    done = subprocess.run(["node", script, TOOLS, path], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert {page["url"]: page["title"] for page in shown["pages"]} == {page.url: page.title for page in pages}
    for (url, body), expected in zip(
        sorted(shown["bodies"].items()), [PAGE, PAGE, PAGE + b"zipped", PAGE + b"b"], strict=True
    ):
        status, _, data = body.partition(" ")
        assert status == "200", url
        assert _unpacked(base64.b64decode(data)) == expected, url


def _unpacked(data: bytes) -> bytes:
    return gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
