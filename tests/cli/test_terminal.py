"""The layouts that a person sees, on a terminal of its own."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

from newsclean.demo.newsstand import Newsstand
from tests.cli.test_reading import TIDEWATER


def on_terminal(*args: object, cwd: Path, status: int = 0, **environment: str) -> str:
    """What a command prints where stdout and stderr are a terminal."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "newsclean", *map(str, args)],
        cwd=cwd,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "100"} | environment,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        parts = []
        try:
            while part := os.read(ours, 65536):
                parts.append(part)
        except OSError:  # Linux ends a terminal whose other side was closed with EIO
            pass
        os.close(ours)
    assert process.returncode == status
    return b"".join(parts).decode().replace("\r\n", "\n")


def test_show(archive: Path, tmp_path: Path) -> None:
    text = on_terminal("show", archive, TIDEWATER, cwd=tmp_path, NO_COLOR="1")
    assert re.sub(r"\x1b\[\d*m", "", text).startswith("Pellworth council backs ferry terminal after eleven-hour")
    assert not re.search(r"\x1b\[[34]\d", text), "NO_COLOR is set, and there is colour"
    assert "{" not in text
    assert max(map(len, text.splitlines())) <= 100
    assert on_terminal("show", archive, TIDEWATER, "-f", "jsonl", cwd=tmp_path).startswith('{"schema_version"')


@pytest.mark.parametrize(
    ("args", "parts"),
    [
        (["search", "ARCHIVE", "ferry"], ["Pellworth council backs", "newsclean show"]),
        (["stats", "ARCHIVE"], ["outcomes", "article", "http-404", "WARC files"]),
        (["stats", "ARCHIVE", "--failed"], ["http-404", "no url"]),
        (["explain", "-o", "ARCHIVE", TIDEWATER], ["-  counter", "This news has been read", "It counts", " drop\n"]),
        (["rules", "list", "--label", "counter"], ["counter", "why"]),
        (["rules", "show", "any.class-share"], ["any.class-share", "match"]),
    ],
)
def test_layouts(args: list[str], parts: list[str], archive: Path, tmp_path: Path) -> None:
    words = [str(archive) if word == "ARCHIVE" else word for word in args]
    text = on_terminal(*words, cwd=tmp_path, NO_COLOR="1")
    for part in parts:
        assert part in text
    assert "schema_version" not in text


def test_archive_shows_the_table_only(newsstand: Newsstand, tmp_path: Path) -> None:
    text = on_terminal("archive", *newsstand.urls[:2], "-o", "kept", "--proxy", newsstand.url, cwd=tmp_path)
    assert "schema_version" not in text
    assert "Articles: kept/catalog.sqlite" in text


def test_table_fits_a_narrow_terminal(tmp_path: Path) -> None:
    urls = [f"http://a.example/{'long-' * 30}{n}" for n in range(2)]
    args = ("archive", *urls, "-o", "kept", "--proxy", "http://127.0.0.1:1")
    text = on_terminal(*args, cwd=tmp_path, COLUMNS="60", NO_COLOR="1", status=3)
    assert re.search(r"^proxy +2  http://a\.example/long-.*…$", text, re.MULTILINE)


def test_pages_cannot_steer_the_terminal(tmp_path: Path) -> None:
    sentence = "The board of the harbour met on Tuesday evening &#27;[2J and voted to rebuild the quay, it said. "
    (tmp_path / "page.html").write_text(f"<html><body><article><h1>Quay</h1>{f'<p>{sentence * 3}</p>' * 4}</article>")
    for command in ("extract", "explain"):
        text = on_terminal(command, "page.html", cwd=tmp_path, NO_COLOR="1")
        assert "The board of the harbour" in text
        assert "\x1b[2J" not in text


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[\d;]*m", "", text)


def test_explain_is_one_line_a_block_in_columns(tmp_path: Path) -> None:
    wide = (
        "議会は火曜日の夜に開かれ、北の岸壁を建て直すことを賛成多数で決めた。工事は五月に始まり、二年ほど続く見込みだ。"
    )
    narrow = "The board of the harbour met on Tuesday evening and voted to rebuild the northern quay, members said. "
    paragraphs = "".join(f"<p>{number} {wide * 2}</p><p>{narrow * 2}{number}.</p>" for number in "123")
    page = f"<html><body><article><h1>Quay</h1>{paragraphs}<p>Share this article</p></article></body></html>"
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    for width in (60, 100):
        text = plain(on_terminal("explain", "page.html", cwd=tmp_path, COLUMNS=str(width)))
        rows = [line for line in text.splitlines() if re.match(r" *\d+  [+~-]  ", line)]
        assert len(rows) == 8
        assert [cell_len(row.rstrip()) > width for row in rows] == [False] * 8
        reasons = {cell_len(row.split("  The classifier")[0].rstrip("…")) for row in rows if "  The classifier" in row}
        assert len(reasons) <= 2  # what is left of a wide character that was cut is one column
        assert re.search(r"^ *7  -  share +100%  Share this article", text, re.MULTILINE)
        assert "newsclean: + 6 keep, ~ 1 aside, - 1 drop" in text


def test_explain_of_one_block_shows_the_words_and_wraps(tmp_path: Path) -> None:
    sentence = "The board of the harbour met on Tuesday evening and voted to rebuild the quay, members said. "
    body = f"<h1>Quay</h1>{f'<p>{sentence * 3}</p>' * 4}<p>Share this article</p>"
    (tmp_path / "page.html").write_text(f"<html><body><article class='story'>{body}</article></body></html>")
    text = on_terminal("explain", "page.html", "--block", "5", cwd=tmp_path, COLUMNS="72")
    assert "\x1b[7mShare this article\x1b[0m" in text
    text = plain(text)
    assert "5 - drop: share, 100% sure" in text
    assert "article.story › p" in text
    assert re.search(r"^ *-10\.0  rule:en\.share +share +“Share this article” *$", text, re.MULTILINE)
    assert re.search(r"^ *-\d+\.\d  classifier:\w+ +paragraph +", text, re.MULTILINE)
    assert max(map(len, text.splitlines()[:-1])) <= 72
