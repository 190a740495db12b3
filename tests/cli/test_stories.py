"""Copies of one text: stories, export --one-per-story, show and stats."""

import gzip
import random
from pathlib import Path

import pytest

from newsclean.archive import Archive
from newsclean.errors import EXIT_USAGE
from tests.cli.conftest import Run, lines, one_error
from tests.cli.test_terminal import on_terminal
from tests.near_stories import Body, agency_marked, paragraph_cut, stories
from tests.warc.others import warc_record

WIRE = "http://northern-wire.example/ferry"
PAPERS = ("http://tidewater.example/news/quay", "http://arle-post.example/local/88")


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of one story on three hosts, in the WARC file before the one that has it first, and of another."""
    folder = tmp_path_factory.mktemp("copies") / "archive"
    (folder / "warc").mkdir(parents=True)
    body, rng = stories()["ferry/0"], random.Random(1)
    pages: list[tuple[str, str, str, Body]] = [
        (PAPERS[0], "New quay for Pellworth", "2025-03-15", agency_marked(body, rng)),
        (PAPERS[1], "Storm quay to be rebuilt", "2025-03-16", paragraph_cut(body, rng)),
        (WIRE, "Board votes for quay", "2025-03-14", body),
        ("http://tidewater.example/news/evening", "A cold room", "2025-03-15", stories()["ferry/1"]),
    ]
    with (folder / "warc" / "made.warc.gz").open("wb") as file:
        for url, headline, day, text in pages:
            html = f"<!DOCTYPE html><html lang=en><title>{headline}</title><article><h1>{headline}</h1>"
            html += "".join(f"<p>{paragraph}</p>" for paragraph in text)
            answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + html.encode()
            file.write(gzip.compress(warc_record(block=answer, target=url).replace(b"2026-11-22", day.encode(), 1)))
    Archive.reindex(folder)
    return folder


def test_stories_in_a_pipe(run: Run, copies: Path) -> None:
    (story,) = lines(run("stories", copies).stdout)
    assert story["first"]["url"] == WIRE
    assert [copy["url"] for copy in story["copies"]] == list(PAPERS)
    assert story["copies"][0]["headline"] == "New quay for Pellworth"
    assert story["copies"][0]["likeness"] > 0.9 > story["copies"][1]["likeness"]


def test_export_one_per_story(run: Run, copies: Path) -> None:
    urls = [record["url"] for record in lines(run("export", copies, "--one-per-story").stdout)]
    assert urls == [WIRE, "http://tidewater.example/news/evening"]
    assert len(lines(run("export", copies).stdout)) == 4
    one_error(run("export", copies, "--one-per-story", "--versions", status=EXIT_USAGE), "exclude each other")


def test_show_names_the_copies(run: Run, copies: Path) -> None:
    (record,) = lines(run("show", copies, WIRE).stdout)
    assert [copy["url"] for copy in record["copies"]] == list(PAPERS)
    (record,) = lines(run("show", copies, "http://tidewater.example/news/evening").stdout)
    assert record["copies"] == []


def test_stats_count_the_copies(run: Run, copies: Path) -> None:
    (stats,) = lines(run("stats", copies).stdout)
    assert (stats["stories"], stats["copies"]) == (1, 2)


def test_on_a_terminal(copies: Path, tmp_path: Path) -> None:
    text = on_terminal("stories", copies, cwd=tmp_path, NO_COLOR="1")
    assert text.index("Board votes for quay") < text.index("New quay for Pellworth") < text.index(PAPERS[1])
    assert "1 story, 2 copies" in text
    assert "copies of this text" in on_terminal("show", copies, WIRE, cwd=tmp_path)
    assert "2 of them are copies, of 1 story" in on_terminal("stats", copies, cwd=tmp_path, NO_COLOR="1")


def test_an_archive_without_copies(run: Run, archive: Path, tmp_path: Path) -> None:
    assert "no story is there more than once" in on_terminal("stories", archive, cwd=tmp_path)
    one_error(run("stories", tmp_path / "none", status=EXIT_USAGE), "none")
