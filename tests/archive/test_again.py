"""Inputs that are fetched again, from the server to the export and back from the WARC files."""

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from newsclean.archive import Archive
from newsclean.model import Outcome
from newsclean.settings import Settings
from newsclean.warc import read
from tests.archive.server import Site, story

LATER = datetime(2100, 1, 1, tzinfo=UTC)
SAME = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
UNMODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


def answers(folder: Path) -> list[tuple[str, str, str | None]]:
    """Type, URL and profile of each answer, in the order of the runs, by warcio."""
    found = []
    for path in sorted((folder / "warc").iterdir(), key=lambda path: path.stat().st_mtime_ns):
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                if record.rec_type in ("response", "revisit"):
                    header = record.rec_headers.get_header
                    found.append((record.rec_type, header("WARC-Target-URI"), header("WARC-Profile")))
    return found


def run(folder: Path, settings: Settings, urls: list[str], older_than: datetime | None = None) -> list[Outcome]:
    ended: list[Outcome] = []
    with Archive.create_or_open(folder, settings) as archive:
        archive.run(urls, older_than=older_than, on_outcome=ended.append)
    return ended


def exported(folder: Path, settings: Settings, *, versions: bool = False) -> list[dict[str, Any]]:
    out = io.BytesIO()
    with Archive.open(folder, settings) as archive:
        archive.export(out, versions=versions)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_an_unchanged_page_is_a_revisit_and_keeps_its_article(tmp_path: Path, site: Site, settings: Settings) -> None:
    """By its bytes, and by the server's word."""
    urls = site.stories(2)
    site.etags["/story-1"] = '"v1"'
    (first, second) = sorted(run(tmp_path / "a", settings, urls), key=lambda outcome: outcome.url)
    before = exported(tmp_path / "a", settings)
    again = sorted(run(tmp_path / "a", settings, urls, LATER), key=lambda outcome: outcome.url)
    assert sorted(answers(tmp_path / "a")[2:]) == [("revisit", urls[0], SAME), ("revisit", urls[1], UNMODIFIED)]
    assert [(o.outcome, o.revisit, o.article_id) for o in again] == [
        ("article", True, first.article_id),
        ("article", True, second.article_id),
    ]
    assert [o.status for o in again] == [200, 304]
    assert exported(tmp_path / "a", settings) == before
    with Archive.open(tmp_path / "a", settings) as archive:
        for outcome, number in zip(again, (0, 1), strict=True):
            assert outcome.record
            capture = archive.capture(outcome.record)
            assert (capture.body, capture.status) == (story(number), 200)
            assert capture.revisit_of


def test_a_page_that_changed_gets_a_version(tmp_path: Path, site: Site, settings: Settings) -> None:
    (url,) = site.stories(1)
    site.etags["/story-0"] = '"v1"'
    run(tmp_path / "a", settings, [url])
    site.etags["/story-0"] = '"v2"'
    site.pages["/story-0"] = (200, "text/html; charset=utf-8", story(7))
    (outcome,) = run(tmp_path / "a", settings, [url], LATER)
    assert not outcome.revisit
    assert [record["headline"] for record in exported(tmp_path / "a", settings)] == ["Bridge story 7"]
    assert [record["headline"] for record in exported(tmp_path / "a", settings, versions=True)] == [
        "Bridge story 0",
        "Bridge story 7",
    ]


def test_another_url_with_the_same_page_is_an_article_of_its_own(
    tmp_path: Path, site: Site, settings: Settings
) -> None:
    urls = [site.url("/a"), site.url("/b")]
    site.pages |= {"/a": (200, "text/html; charset=utf-8", story(1)), "/b": (200, "text/html; charset=utf-8", story(1))}
    outcomes = run(tmp_path / "a", settings, urls)
    assert sorted(outcome.revisit for outcome in outcomes) == [False, True]
    assert len({outcome.article_id for outcome in outcomes}) == 2
    records = exported(tmp_path / "a", settings)
    assert {record["url"] for record in records} == set(urls)
    assert records[0]["text"] == records[1]["text"] != ""


@pytest.mark.parametrize("age", [timedelta(hours=1), timedelta(0)], ids=["fresh", "old"])
def test_only_what_is_old_enough_is_fetched_again(
    tmp_path: Path, site: Site, settings: Settings, age: timedelta
) -> None:
    urls = site.stories(1)
    run(tmp_path / "a", settings, urls)
    run(tmp_path / "a", settings, urls, datetime.now(UTC) - age)
    assert site.requests["/story-0"] == (1 if age else 2)


def test_all_can_be_fetched_again(tmp_path: Path, site: Site, settings: Settings) -> None:
    run(tmp_path / "a", settings, site.stories(3))
    with Archive.open(tmp_path / "a", settings) as archive:
        assert archive.add_again(LATER) == 3
        archive.run()
    assert set(site.requests.values()) == {2}


def test_reindex_gives_the_same_after_revisits(tmp_path: Path, site: Site, settings: Settings) -> None:
    urls = [*site.stories(3), site.url("/copy"), site.url("/gone")]
    site.pages["/copy"] = site.pages["/story-0"]
    site.etags["/story-1"] = '"v1"'
    run(tmp_path / "a", settings, urls)
    site.pages["/story-2"] = (200, "text/html; charset=utf-8", story(9))
    run(tmp_path / "a", settings, urls, LATER)
    before = exported(tmp_path / "a", settings, versions=True)
    with Archive.open(tmp_path / "a", settings) as archive:
        outcomes = list(archive.outcomes())
    Archive.reindex(tmp_path / "a", settings)
    after = exported(tmp_path / "a", settings, versions=True)
    # it hears what repeats over all of its pages, which the first run could not
    assert [{**record, "versions": None} for record in after] == [{**record, "versions": None} for record in before]
    Archive.reindex(tmp_path / "a", settings)
    assert exported(tmp_path / "a", settings, versions=True) == after
    with Archive.open(tmp_path / "a", settings) as archive:
        assert list(archive.outcomes()) == outcomes


def test_what_was_stored_only_is_extracted_later_revisits_too(tmp_path: Path, site: Site, settings: Settings) -> None:
    urls = [*site.stories(2), site.url("/copy")]
    site.pages["/copy"] = site.pages["/story-0"]
    ended: list[Outcome] = []
    with Archive.create_or_open(tmp_path / "a", settings) as archive:
        summary = archive.run(urls, extracting=False, on_outcome=ended.append)
    assert {outcome.outcome for outcome in ended} == {"stored"}
    assert (summary.waiting, summary.succeeded, summary.failed) == (0, 3, 0)
    later = run(tmp_path / "a", settings, [])
    assert {outcome.outcome for outcome in later} == {"article"}
    assert len({outcome.article_id for outcome in later}) == 3
    assert site.requests.total() == 3


def test_all_that_is_fetched_on_the_way_is_stored_and_is_no_page(
    tmp_path: Path, site: Site, settings: Settings
) -> None:
    site.pages["/robots.txt"] = (200, "text/plain", b"User-agent: *\nDisallow: /private\n")
    urls = [*site.stories(1), site.url("/private/story")]
    outcomes = {outcome.url: outcome for outcome in run(tmp_path / "a", settings.with_values(robots="obey"), urls)}
    assert outcomes[urls[1]].outcome == "robots"
    assert "/private" not in " ".join(site.requests)
    assert ("response", site.url("/robots.txt"), None) in answers(tmp_path / "a")
    (path,) = (tmp_path / "a" / "warc").iterdir()
    assert [capture.final_url for capture in read(path) if not hasattr(capture, "reason")] == urls[:1]
