import io
import os
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsclean.errors import InputError
from newsclean.fetch import Entry, read_list
from newsclean.fetch.sources import MAX_LINE


def entries(data: bytes, name: str = "urls.txt") -> list[tuple[int, str]]:
    return [(entry.line, entry.text) for entry in read_list(name, io.BytesIO(data))]


def test_plain_text() -> None:
    data = b"# stories\n\n http://a.example/1 \nhttp://a.example/2#part\n  # no\nnot a url\n"
    assert entries(data) == [(3, "http://a.example/1"), (4, "http://a.example/2#part"), (6, "not a url")]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_line_ends(end: bytes) -> None:
    assert entries(end.join([b"http://a.example/1", b"", b"http://a.example/2"])) == [
        (1, "http://a.example/1"),
        (3, "http://a.example/2"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(encoding: str) -> None:
    text = "http://a.example/Köln\nhttp://a.example/2\n"
    assert [text for _, text in entries(text.encode(encoding))] == text.split()


def test_wrong_bytes_are_replaced() -> None:
    assert entries(b"http://a.example/K\xf6ln\n") == [(1, "http://a.example/K\ufffdln")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("header", ["url", "URL", ' "Url" '])
def test_csv(delimiter: str, header: str) -> None:
    rows = [
        ["title", header, "n"],
        ['"One, two; three"', "http://a.example/1", "1"],
        ["x", ' "http://a.example/2" ', ""],
    ]
    data = "".join(delimiter.join(row) + "\r\n" for row in rows).replace(' "', '"').replace('" ', '"')
    assert entries(data.encode()) == [(2, "http://a.example/1"), (3, "http://a.example/2")]


def test_csv_lines_are_those_of_the_file() -> None:
    data = b'# made by hand\nurl,title\n\nhttp://a.example/1,"two\nlines"\n# later,\nhttp://a.example/2,\n,no url\nx\n'
    assert entries(data) == [(4, "http://a.example/1"), (7, "http://a.example/2"), (8, ""), (9, "x")]


def test_csv_with_a_short_row() -> None:
    assert entries(b"title,url\nonly a title\n") == [(2, "")]


def test_a_line_with_commas_is_no_header() -> None:
    assert entries(b"http://a.example/1,2,3\nurl\n") == [(1, "http://a.example/1,2,3"), (2, "url")]


def test_open_quotation_mark() -> None:
    rows = b"\n".join(b"http://a.example/%d,x" % number for number in range(10_000))
    with pytest.raises(InputError, match="quotation mark"):
        entries(b'url,title\nhttp://a.example/0,"open\n' + rows)


def test_a_very_long_line_is_cut() -> None:
    found = entries(b"http://a.example/1\n" + b"x" * 5_000_000 + b"\nhttp://a.example/2\n")
    assert [(line, len(text)) for line, text in found] == [(1, 18), (2, MAX_LINE), (3, 18)]


def test_origin(tmp_path: Path) -> None:
    path = tmp_path / "urls.txt"
    path.write_text("\nhttp://a.example/1\n")
    assert list(read_list(path)) == [Entry(text="http://a.example/1", origin=f"{path}:2", line=2)]


def test_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"http://a.example/1\n")))
    assert [entry.origin for entry in read_list("-")] == ["-:1"]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"# only this\n", b"url,title\n"])
def test_a_list_without_an_entry(data: bytes) -> None:
    with pytest.raises(InputError, match=r"urls\.txt: no URL in it"):
        entries(data)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_list(tmp_path / "none.txt")
    with pytest.raises(InputError, match="is a folder"):
        read_list(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "urls.txt"
    path.write_text("http://a.example/1\n")
    path.chmod(0)
    with pytest.raises(InputError, match="permission"):
        read_list(path)


def test_a_pipe_is_opened_once(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=lambda: path.write_text("http://a.example/1\n"))
    writer.start()
    assert [entry.text for entry in read_list(path)] == ["http://a.example/1"]
    writer.join()


def test_a_long_list_is_a_stream() -> None:
    class Endless(io.RawIOBase):
        read_so_far = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
            data = (b"http://a.example/x\n" * (len(buffer) // 19 + 1))[: len(buffer)]
            buffer[:] = data
            self.read_so_far += len(data)
            return len(data)

    source = Endless()
    found = read_list("urls.txt", io.BufferedReader(source))  # type: ignore[type-var]
    for _ in range(1000):
        next(found)
    assert source.read_so_far < 1_000_000


@given(st.binary(max_size=400))
def test_any_bytes_give_entries_or_a_clear_error(data: bytes) -> None:
    try:
        found = entries(data)
    except InputError:
        return
    assert all(text == text.strip() for _, text in found)
    assert [line for line, _ in found] == sorted({line for line, _ in found})


@given(st.lists(st.from_regex(r"https?://[a-z]{1,8}\.example/[a-zA-Z0-9?=&%_,;-]{0,20}", fullmatch=True), min_size=1))
def test_urls_come_back(urls: list[str]) -> None:
    assert [text for _, text in entries("\n".join(urls).encode())] == urls
    quoted = "url\n" + "".join(f'"{url}"\n' for url in urls)
    assert [text for _, text in entries(quoted.encode())] == urls
