import gzip
import json
import shutil
import zipfile
from pathlib import Path

import pytest

from newsclean.archive.lock import Lock
from newsclean.errors import EXIT_NOTHING_SUCCEEDED, EXIT_SOME_FAILED, EXIT_USAGE
from newsclean.warc.index import index_file
from tests.cli.conftest import Run, has_line, lines, one_error
from tests.cli.test_reading import TIDEWATER
from tests.cli.test_terminal import on_terminal
from tests.warc.conftest import PAGE, chunked
from tests.warc.making import made, member, packed

INFO = made("warcinfo", b"software: test\r\n", content_type="application/warc-fields")
URL = "http://news.example/story?b=2&a=1"
ZIPPED = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(PAGE, mtime=0)
REVISIT = made(
    "revisit",
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
    url=URL,
    date="2026-11-23T08:00:00Z",
    more=["WARC-Refers-To-Target-URI: http://news.example/b", "WARC-Refers-To-Date: 2026-11-22T20:35:21Z"],
)
RECORDS = [
    INFO,
    made(url=URL, block=chunked()),
    made("request", b"GET /story HTTP/1.1\r\nHost: news.example\r\n\r\n", url=URL),
    made(url="http://news.example/b", block=ZIPPED),
    made(url="http://news.example/gone", block=b"HTTP/1.1 404 Not Found\r\n\r\n"),
    made("resource", b"\x00\xffbytes", url="http://news.example/r", content_type="image/png"),
    REVISIT,
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(packed(*RECORDS))
    return path


def offset(number: int) -> int:
    return len(packed(*RECORDS[:number]))


# ls


def test_ls(run: Run, file: Path) -> None:
    found = lines(run("warc", "ls", file).stdout)
    assert [record["offset"] for record in found] == [offset(number) for number in range(len(RECORDS))]
    assert [record["length"] for record in found] == [len(member(record)) for record in RECORDS]
    assert [record["type"] for record in found][:3] == ["warcinfo", "response", "request"]
    assert [record["status"] for record in found] == [None, 200, None, 200, 404, None, 200]
    assert [record["mime"] for record in found][3] == "text/html"
    assert found[1]["url"] == URL
    assert found[1]["payload_digest"].startswith("sha1:")
    assert {record["file"] for record in found} == {str(file)}
    assert all(record["damage"] is None for record in found)


def test_ls_filters(run: Run, file: Path) -> None:
    found = lines(run("warc", "ls", file, "--type", "response", "--type", "request", "--url", "*/story*").stdout)
    assert [record["type"] for record in found] == ["response", "request"]
    assert run("warc", "ls", file, "--url", "*/none").stdout == ""


def test_ls_shows_damage_in_its_place(run: Run, file: Path) -> None:
    broken = bytearray(file.read_bytes())
    broken[offset(2) + 30] ^= 0xFF
    file.write_bytes(broken)
    found = lines(run("warc", "ls", file, "--type", "response", status=EXIT_SOME_FAILED).stdout)
    assert [record["damage"] is not None for record in found] == [False, True, False, False]
    assert found[1]["offset"] == offset(2)
    text = run("warc", "ls", file, "-f", "txt", status=EXIT_SOME_FAILED).stdout
    assert has_line(text, str(offset(2)), "damaged:")


def test_ls_of_stdin_and_of_an_archive(run: Run, file: Path, archive: Path) -> None:
    piped = lines(run("warc", "ls", "-", stdin=file.read_bytes()).stdout)
    assert [record | {"file": str(file)} for record in piped] == lines(run("warc", "ls", file).stdout)
    assert {record["file"] for record in piped} == {"-"}
    found = lines(run("warc", "ls", archive).stdout)
    assert {Path(record["file"]).parent for record in found} == {archive / "warc"}
    assert TIDEWATER in {record["url"] for record in found}


def test_ls_on_a_terminal(file: Path, tmp_path: Path) -> None:
    text = on_terminal("warc", "ls", file, cwd=tmp_path)
    assert has_line(text, str(offset(1)), "response", "200", "text/html", URL)
    assert "{" not in text


# cat


@pytest.mark.parametrize(
    ("number", "part", "expected"),
    [
        (1, "body", PAGE),
        (1, "entity", PAGE),
        (1, "block", chunked()),
        (1, "http", chunked().partition(b"\r\n\r\n")[0] + b"\r\n\r\n"),
        (1, "record", RECORDS[1]),
        (1, "head", RECORDS[1].partition(b"\r\n\r\n")[0] + b"\r\n\r\n"),
        (2, "http", b"GET /story HTTP/1.1\r\nHost: news.example\r\n\r\n"),
        (2, "body", b""),
        (3, "body", PAGE),
        (3, "entity", gzip.compress(PAGE, mtime=0)),
        (4, "body", b""),
        (5, "body", b"\x00\xffbytes"),
        (5, "entity", b"\x00\xffbytes"),
        (6, "http", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"),
    ],
)
def test_cat_parts(run: Run, file: Path, number: int, part: str, expected: bytes) -> None:
    assert run("warc", "cat", f"{file}@{offset(number)}", "--part", part).stdout_bytes == expected


def test_cat_several(run: Run, file: Path) -> None:
    result = run("warc", "cat", f"{file}@{offset(1)}", f"{file}@{offset(3)}")
    assert result.stdout_bytes == PAGE + PAGE


def test_cat_by_url(run: Run, file: Path, archive: Path) -> None:
    result = run("warc", "cat", file, "--url", "http://NEWS.example/story?a=1&b=2")
    assert result.stdout_bytes == PAGE
    assert f"2 captures; this is {file}@{offset(1)}" in result.stderr
    assert b"ferry" in run("warc", "cat", archive, "--url", TIDEWATER).stdout_bytes
    missing = run("warc", "cat", file, "--url", "http://news.example/none", status=EXIT_NOTHING_SUCCEEDED)
    one_error(missing, "http://news.example/none", "no capture", str(file))


def test_cat_from_stdin(run: Run, file: Path) -> None:
    result = run("warc", "cat", "-", "--url", "http://news.example/b", stdin=file.read_bytes())
    assert result.stdout_bytes == PAGE


@pytest.mark.parametrize(
    ("place", "part", "status", "words"),
    [
        ("crawl.warc.gz@7", "body", EXIT_NOTHING_SUCCEEDED, ["crawl.warc.gz@7", "no WARC record", "warc ls"]),
        ("crawl.warc.gz@999999", "body", EXIT_NOTHING_SUCCEEDED, ["no record there"]),
        ("none.warc.gz@0", "body", EXIT_NOTHING_SUCCEEDED, ["no file none.warc.gz"]),
        ("crawl.warc.gz", "body", EXIT_USAGE, ["crawl.warc.gz@OFFSET", "--url"]),
        (f"crawl.warc.gz@{offset(5)}", "http", EXIT_NOTHING_SUCCEEDED, ["resource record", "--part block"]),
        (f"crawl.warc.gz@{offset(6)}", "body", EXIT_NOTHING_SUCCEEDED, ["a revisit", "http://news.example/b"]),
    ],
)
@pytest.mark.usefixtures("file")
def test_cat_says_what_is_wrong(run: Run, place: str, part: str, status: int, words: list[str]) -> None:
    one_error(run("warc", "cat", place, "--part", part, status=status), *words)


def test_cat_of_what_is_damaged(run: Run, file: Path) -> None:
    file.write_bytes(file.read_bytes()[: offset(4) - 4])
    result = run("warc", "cat", f"{file}@{offset(3)}", "--part", "block", status=EXIT_NOTHING_SUCCEEDED)
    assert "ends inside" in result.stderr
    broken = made(block=ZIPPED.replace(b"gzip", b"odd!"))
    file.write_bytes(packed(broken))
    one_error(run("warc", "cat", f"{file}@0", status=EXIT_NOTHING_SUCCEEDED), "odd!", "--part entity")


def test_cat_on_a_terminal_steers_nothing(file: Path, tmp_path: Path) -> None:
    file.write_bytes(packed(made("resource", b"red \x1b[31m", url="http://a.example", content_type="text/plain")))
    assert "\x1b" not in on_terminal("warc", "cat", f"{file}@0", cwd=tmp_path)
    file.write_bytes(packed(*RECORDS))
    text = on_terminal("warc", "cat", f"{file}@{offset(5)}", cwd=tmp_path, status=EXIT_USAGE)
    assert "no text" in text


# check


def test_check_of_an_archive(run: Run, archive: Path) -> None:
    result = run("warc", "check", archive)
    assert result.stdout == ""
    assert "0 errors, 0 warnings" in result.stderr


def test_check(run: Run, file: Path) -> None:
    file.write_bytes(packed(INFO, made(date="yesterday")) + bytes(9))
    result = run("warc", "check", file, status=EXIT_SOME_FAILED)
    date, rest = lines(result.stdout)
    assert (date["finding"], date["severity"], date["clause"]) == ("date", "error", "5.4")
    assert (date["file"], date["offset"]) == (str(file), len(packed(INFO)))
    assert date["record_id"].startswith("<urn:uuid:")
    assert rest["finding"] == "trailing-bytes"
    assert "2 records: 2 errors, 0 warnings" in result.stderr
    text = run("warc", "check", file, "-f", "txt", status=EXIT_SOME_FAILED).stdout
    assert text.startswith(f"{file}@{len(packed(INFO))}: error: WARC-Date 'yesterday'")


def test_check_warnings_are_no_failure(run: Run, file: Path) -> None:
    file.write_bytes(packed(made()))
    assert lines(run("warc", "check", file).stdout)[0]["finding"] == "warcinfo-first"
    assert run("warc", "check", file, "--errors").stdout == ""
    assert "0 errors, 1 warnings" in run("warc", "check", "-", stdin=file.read_bytes()).stderr


@pytest.mark.usefixtures("file")
def test_check_goes_on_behind_what_is_no_warc_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(b"")
    found = lines(run("warc", "check", tmp_path, status=EXIT_SOME_FAILED).stdout)
    assert found[0]["finding"] == "not-warc"
    assert {Path(finding["file"]).name for finding in found} == {"a.warc.gz", "crawl.warc.gz"}


# repair


def test_repair(run: Run, file: Path, tmp_path: Path) -> None:
    file.write_bytes(packed(*RECORDS)[:-3])
    result = run("warc", "repair", file, "-o", "out.warc.gz", status=EXIT_SOME_FAILED)
    assert has_line(result.stderr, "left out", f"{file}@{offset(6)}")
    assert (tmp_path / "out.warc.gz").read_bytes() == packed(*RECORDS[:6])
    assert "6 records: 0 errors" in run("warc", "check", tmp_path / "out.warc.gz").stderr
    one_error(run("warc", "repair", file, "-o", "out.warc.gz", status=EXIT_USAGE), "there already")


def test_repair_in_place_and_into_a_folder(run: Run, file: Path, tmp_path: Path) -> None:
    file.write_bytes(member(b"".join(RECORDS)))
    (tmp_path / "out").mkdir()
    run("warc", "repair", file, "-o", "out")
    run("warc", "repair", file, "--in-place")
    assert file.read_bytes() == (tmp_path / "out" / file.name).read_bytes()
    assert gzip.decompress(file.read_bytes()) == b"".join(RECORDS)
    assert (tmp_path / "crawl.warc.gz.bak").read_bytes() == member(b"".join(RECORDS))
    assert "sound" in run("warc", "repair", tmp_path / "out" / file.name, "--in-place").stderr


def test_repair_goes_on(run: Run, file: Path, tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(b"")
    (tmp_path / "out").mkdir()
    result = run("warc", "repair", tmp_path / "a.warc.gz", file, "-o", "out", status=EXIT_SOME_FAILED)
    assert has_line(result.stderr, "a.warc.gz", "empty")
    assert (tmp_path / "out" / file.name).read_bytes() == file.read_bytes()


def test_repair_wants_to_know_where(run: Run, file: Path, tmp_path: Path) -> None:
    one_error(run("warc", "repair", file, status=EXIT_USAGE), "-o OUT", "--in-place")
    one_error(run("warc", "repair", file, "--in-place", "-o", "x", status=EXIT_USAGE), "-o OUT")
    one_error(run("warc", "repair", file, file, "-o", "x", status=EXIT_USAGE), "no folder")
    one_error(run("warc", "repair", tmp_path, "--in-place", status=EXIT_USAGE), "is a folder")


def test_repair_in_an_archive(run: Run, archive: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(archive, copy)
    path = next((copy / "warc").iterdir())
    path.write_bytes(path.read_bytes() + b"rubbish")
    lock = Lock(copy)
    lock.take()
    try:
        one_error(run("warc", "repair", path, "--in-place", status=EXIT_USAGE), "is writing to this archive")
    finally:
        lock.drop()
    assert "newsclean reindex" in run("warc", "repair", path, "--in-place", status=EXIT_SOME_FAILED).stderr


# index


def test_index(run: Run, file: Path, tmp_path: Path) -> None:
    expected = [line for line in index_file(file) if isinstance(line, str)]
    assert run("warc", "index", file, "--unsorted").stdout == "".join(expected)
    assert run("warc", "index", file).stdout == "".join(sorted(expected))
    run("warc", "index", tmp_path, "-o", "index.cdxj")
    assert (tmp_path / "index.cdxj").read_text() == "".join(sorted(expected))
    piped = run("warc", "index", "-", stdin=file.read_bytes()).stdout
    assert piped == "".join(sorted(expected)).replace("crawl.warc.gz", "-")


def test_index_of_an_archive(run: Run, archive: Path) -> None:
    text = run("warc", "index", archive).stdout
    assert text.splitlines() == sorted(text.splitlines())
    assert f'"url": "{TIDEWATER}"' in text


def test_index_says_what_it_cannot_index(run: Run, file: Path, tmp_path: Path) -> None:
    file.write_bytes(packed(*RECORDS)[:-3])
    (tmp_path / "a.warc").write_bytes(b"<html>")
    result = run("warc", "index", tmp_path, status=EXIT_SOME_FAILED)
    assert len(result.stdout.splitlines()) == 4
    assert has_line(result.stderr, f"{file}@{offset(6)}", "ends inside")
    assert has_line(result.stderr, "a.warc", "no WARC file")


# wacz


def test_wacz_of_files(run: Run, file: Path, tmp_path: Path) -> None:
    result = run("warc", "wacz", file, "-o", "out.wacz", "--title", "Local")
    assert "1 files, 5 captures, 2 pages" in result.stderr
    with zipfile.ZipFile(tmp_path / "out.wacz") as wacz:
        assert wacz.read(f"archive/{file.name}") == file.read_bytes()
        assert json.loads(wacz.read("datapackage.json"))["title"] == "Local"


def test_wacz_of_an_archive_lists_its_articles(run: Run, archive: Path, tmp_path: Path) -> None:
    run("warc", "wacz", archive, "-o", "out.wacz")
    with zipfile.ZipFile(tmp_path / "out.wacz") as wacz:
        _header, *pages = map(json.loads, wacz.read("pages/pages.jsonl").splitlines())
        listed = {json.loads(line)["url"]: json.loads(line) for line in run("export", archive).stdout.splitlines()}
    assert {page["url"] for page in pages} == set(listed)
    for page in pages:
        assert page["title"] == listed[page["url"]]["headline"]
        assert page["ts"] == listed[page["url"]]["captured_at"]


def test_wacz_of_what_is_damaged_or_open(run: Run, file: Path, tmp_path: Path) -> None:
    file.rename(tmp_path / "b.warc.gz.open")
    one = run("warc", "wacz", tmp_path, "-o", "out.wacz", status=EXIT_USAGE)
    assert has_line(one.stderr, "left out", "b.warc.gz.open")
    file.write_bytes(packed(*RECORDS)[:-3])
    result = run("warc", "wacz", tmp_path, "-o", "out.wacz", status=EXIT_SOME_FAILED)
    assert has_line(result.stderr, "not indexed", str(file))
    one_error(run("warc", "wacz", "-", "-o", "x.wacz", status=EXIT_USAGE), "not stdin")


# wrong input


@pytest.mark.parametrize("command", ["ls", "check", "index", "wacz", "repair"])
def test_wrong_input(run: Run, tmp_path: Path, command: str) -> None:
    more = ["-o", "x.wacz"] if command == "wacz" else ["-o", "x.warc"] if command == "repair" else []
    (tmp_path / "empty.warc.gz").write_bytes(b"")
    (tmp_path / "page.warc").write_text("<html>")
    (tmp_path / "folder").mkdir()
    for name, words in {
        "none.warc.gz": ["none.warc.gz", "no such file"],
        "empty.warc.gz": ["empty.warc.gz", "empty"],
        "page.warc": ["page.warc", "no WARC file"],
        "folder": ["folder"],
    }.items():
        one_error(run("warc", command, name, *more, status=EXIT_USAGE), *words)
    assert not (tmp_path / "x.wacz").exists()
    assert not (tmp_path / "x.warc").exists()


def test_unreadable_stdin_names_it(run: Run) -> None:
    one_error(run("warc", "ls", "-", stdin=b"<html>", status=EXIT_USAGE), "error: -: no WARC file")
