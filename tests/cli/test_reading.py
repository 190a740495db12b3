"""The commands that read an archive: show, search, export, stats."""

import csv
import io
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from newsclean.archive import Archive
from newsclean.errors import EXIT_USAGE
from tests.cli.conftest import Run, lines, one_error

TIDEWATER = "http://www.tidewater-courier.example/2025/03/14/pellworth-council-ferry-terminal-vote/"


def test_show_by_url_and_number(run: Run, archive: Path) -> None:
    (by_url,) = lines(run("show", archive, TIDEWATER).stdout)
    assert by_url["headline"] == "Pellworth council backs ferry terminal after eleven-hour debate"
    (number,) = [hit["article_id"] for hit in lines(run("search", archive, "Pellworth", "terminal").stdout)]
    assert lines(run("show", archive, number).stdout) == [by_url]
    assert run("show", archive, number, "-f", "md").stdout.startswith(f'---\nurl: "{TIDEWATER}"\n')


def test_show_what_is_not_there(run: Run, archive: Path) -> None:
    one_error(run("show", archive, "99999", status=EXIT_USAGE), "99999")
    one_error(run("show", archive, "http://elsewhere.example/", status=EXIT_USAGE), "http://elsewhere.example/")


def test_search(run: Run, archive: Path) -> None:
    hits = lines(run("search", archive, '"ferry terminal"').stdout)
    assert hits[0]["url"] == TIDEWATER
    start, end = hits[0]["spans"][0]
    assert hits[0]["snippet"][start:end].lower() in ("ferry", "ferry terminal")
    assert run("search", archive, "xylographically").stdout == ""
    assert len(lines(run("search", archive, "the", "-n", "2").stdout)) == 2
    one_error(run("search", archive, "...", status=EXIT_USAGE), "...")


def test_export(run: Run, archive: Path, tmp_path: Path) -> None:
    records = lines(run("export", archive).stdout)
    assert len(records) > 12
    rows = list(csv.DictReader(io.StringIO(run("export", archive, "-f", "csv").stdout)))
    assert [row["url"] for row in rows] == [record["url"] for record in records]
    result = run("export", archive, "-f", "jsonl", "-o", "articles.jsonl")
    assert result.stdout == ""
    assert f"{len(records)} articles in articles.jsonl" in result.stderr
    assert lines((tmp_path / "articles.jsonl").read_text()) == records


def test_stats(run: Run, archive: Path) -> None:
    (stats,) = lines(run("stats", archive).stdout)
    assert stats["outcomes"]["article"] == stats["articles"]
    assert sum(stats["outcomes"].values()) == stats["inputs"]
    assert sum(stats["warc_files"].values()) == stats["warc_bytes"]


def test_stats_of_failures(run: Run, archive: Path) -> None:
    failed = {record["outcome"]: record for record in lines(run("stats", archive, "--failed").stdout)}
    assert "article" not in failed
    assert failed["http-404"]["message"]
    assert failed["bad-url"]["url"] == "no url"


def test_archive_of_a_newer_version(run: Run, tmp_path: Path) -> None:
    Archive.create_or_open(tmp_path / "kept").close()
    with closing(sqlite3.connect(tmp_path / "kept" / "catalog.sqlite")) as file:
        file.execute("PRAGMA user_version = 99")
    for command in (["stats"], ["export"], ["search", "x"]):
        one_error(run(command[0], "kept", *command[1:], status=EXIT_USAGE), "kept", "newer")


@pytest.mark.parametrize("command", ["show", "search", "export", "stats", "reindex"])
def test_folder_that_is_no_archive(command: str, run: Run, tmp_path: Path) -> None:
    words = ["1"] if command in ("show", "search") else []
    one_error(run(command, tmp_path / "none", *words, status=EXIT_USAGE), "none")
    (tmp_path / "photos").mkdir()
    one_error(run(command, tmp_path / "photos", *words, status=EXIT_USAGE), "photos")
