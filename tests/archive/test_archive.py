import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from newsclean.archive import Archive, Progress
from newsclean.errors import (
    ArchiveBusyError,
    DiskFullError,
    NewerSchemaError,
    NoArchiveError,
    NotInArchiveError,
)
from newsclean.fetch import read_list
from newsclean.model import Capture, Outcome
from newsclean.settings import Settings
from newsclean.warc import read
from tests.archive.server import Site


def _dump(path: Path) -> list[str]:
    """All articles as records, without the versions that made them."""
    out = io.BytesIO()
    with Archive.open(path) as archive:
        archive.export(out)
    records = [json.loads(line) for line in out.getvalue().splitlines()]
    return [json.dumps({**record, "versions": None}) for record in records]


def _ends(path: Path) -> list[tuple[str, str, str, int | None]]:
    with Archive.open(path) as archive:
        return [(o.url, o.outcome, o.origin, o.status) for o in archive.outcomes()]


def test_the_main_job_end_to_end(tmp_path: Path, site: Site, settings: Settings) -> None:
    good = site.stories(3)
    site.pages["/moved"] = (302, "text/html", b"/story-2?from=moved")
    site.pages["/story-2?from=moved"] = site.pages["/story-2"]
    site.pages["/picture"] = (200, "image/png", b"\x89PNG\r\n\x1a\n" + bytes(100))
    site.pages["/empty"] = (200, "text/html", b"")
    lines = [
        *((url, f"urls.txt:{n}") for n, url in enumerate(good, 1)),
        (good[0] + "#again", "urls.txt:4"),
        (site.url("/moved"), "urls.txt:5"),
        (site.url("/missing"), "urls.txt:6"),
        (site.url("/picture"), "urls.txt:7"),
        (site.url("/empty"), "urls.txt:8"),
        ("http://127.0.0.1:1/refused", "urls.txt:9"),
        ("no url", "urls.txt:10"),
    ]
    progress: list[Progress] = []
    outcomes: list[Outcome] = []
    with Archive.create_or_open(tmp_path / "archive", settings) as archive:
        added = archive.add(lines)
        assert (added.new, added.known, added.bad) == (8, 1, 1)
        summary = archive.run(on_progress=progress.append, on_outcome=outcomes.append)
        ends = {o.origin: o for o in archive.outcomes()}
        assert {origin: o.outcome for origin, o in ends.items()} == {
            "urls.txt:1": "article",
            "urls.txt:2": "article",
            "urls.txt:3": "article",
            "urls.txt:5": "article",
            "urls.txt:6": "http-404",
            "urls.txt:7": "not-html",
            "urls.txt:8": "empty-page",
            "urls.txt:9": "connect",
            "urls.txt:10": "bad-url",
        }
        assert {o.url for o in outcomes} == {o.url for o in ends.values()} - {"no url"}
        assert (summary.articles, summary.failed, summary.waiting, summary.interrupted) == (4, 4, 0, False)
        assert progress[-1].done == progress[-1].total == 8
        assert summary.bytes_warc == sum(file.stat().st_size for file in summary.warc_files)

        # Every record reads back to what the server sent.
        for outcome in ends.values():
            if outcome.record:
                capture = archive.capture(outcome.record)
                path = capture.final_url.removeprefix(site.url(""))
                assert (capture.status, capture.record) == (outcome.status, outcome.record)
                assert capture.body == site.pages.get(path, (0, "", b"<p>Nothing here</p>"))[2]
        moved = archive.article(site.url("/moved"))
        assert moved.article.url == site.url("/story-2?from=moved")
        assert archive.article(ends["urls.txt:1"].article_id or 0).article.headline == "Bridge story 0"
        assert [h.article_id for h in archive.search('"Report 1"')] == [ends["urls.txt:2"].article_id]
        judged = archive.extraction(good[0])
        assert len(judged.verdicts) == len(judged.blocks) > 4
        assert archive.stats().outcomes["article"] == 4
        with pytest.raises(NotInArchiveError, match="http-404"):
            archive.article(site.url("/missing"))

    # A failure without an answer is in the WARC file as well, and no file is left open.
    assert not list((tmp_path / "archive" / "warc").glob("*.open"))
    before = site.requests.copy()
    with Archive.create_or_open(tmp_path / "archive", settings) as archive:
        again = archive.run(lines)
    assert again.outcomes == {}
    assert site.requests == before


def test_an_export_equals_an_extraction_over_the_warc_file(tmp_path: Path, site: Site, settings: Settings) -> None:
    from newsclean.extraction import extract_capture
    from newsclean.store import article_record, json_line

    with Archive.create_or_open(tmp_path / "a", settings) as archive:
        (file,) = archive.run(site.stories(3)).warc_files
    captures = [c for c in read(file) if isinstance(c, Capture)]
    direct = [json_line(article_record(extract_capture(c, settings))) for c in captures]
    out = io.BytesIO()
    with Archive.open(tmp_path / "a") as archive:
        archive.export(out)
    assert out.getvalue() == b"".join(direct)


def test_transient_failures_are_tried_again_on_request(tmp_path: Path, site: Site, settings: Settings) -> None:
    site.pages["/busy"] = (503, "text/html", b"later")
    urls = [site.url("/busy"), site.url("/missing")]
    with Archive.create_or_open(tmp_path / "a", settings) as archive:
        assert archive.run(urls).outcomes == {"http-404": 1, "http-503": 1}
        site.stories(1, "/story-")
        site.pages["/busy"] = site.pages["/story-0"]
        assert archive.run(urls).outcomes == {}
        assert archive.run(retry_failed=True).outcomes == {"article": 1}
        assert dict(archive.stats().outcomes) == {"article": 1, "http-404": 1}
    assert site.requests["/missing"] == 1
    before = _dump(tmp_path / "a"), _ends(tmp_path / "a")
    Archive.reindex(tmp_path / "a", settings)
    assert (_dump(tmp_path / "a"), _ends(tmp_path / "a")) == before


def test_a_check_for_robots_is_asked_again_on_request(tmp_path: Path, site: Site, settings: Settings) -> None:
    check = b"<html><head><title>Just a moment...</title></head><body><h1>Verify that you are human</h1></body></html>"
    site.pages["/checked"] = (200, "text/html", check)
    with Archive.create_or_open(tmp_path / "a", settings) as archive:
        assert archive.run([site.url("/checked")]).outcomes == {"not-article:bot-challenge": 1}
        site.stories(1, "/story-")
        site.pages["/checked"] = site.pages["/story-0"]
        assert archive.run(retry_failed=True).outcomes == {"article": 1}
        assert dict(archive.stats().outcomes) == {"article": 1}
    before = _dump(tmp_path / "a"), _ends(tmp_path / "a")
    Archive.reindex(tmp_path / "a", settings)
    assert (_dump(tmp_path / "a"), _ends(tmp_path / "a")) == before


def test_reindex_gives_the_same_archive(tmp_path: Path, site: Site, settings: Settings) -> None:
    folder = tmp_path / "a"
    site.pages["/moved"] = (302, "text/html", b"/story-2")
    with Archive.create_or_open(folder, settings) as archive:
        urls = [*site.stories(3), site.url("/moved"), site.url("/missing"), "http://127.0.0.1:1/", "no url"]
        archive.run((url, f"l:{n}") for n, url in enumerate(urls))
        archive.add(["http://waits.example/"])
        numbers = [a.id for a in archive.articles()]
    before = _dump(folder), _ends(folder)
    assert len(before[0]) == 4
    Archive.reindex(folder, settings)
    assert (_dump(folder), _ends(folder)) == before
    with Archive.open(folder) as archive:
        assert [a.id for a in archive.articles()] == numbers
        assert archive.stats().waiting == 1

    # Without any catalogue the articles are the same; a damaged one is no hindrance.
    for rubbish in (b"", b"rubbish" * 1000):
        (folder / "catalog.sqlite").unlink()
        if rubbish:
            (folder / "catalog.sqlite").write_bytes(rubbish)
        with pytest.raises(NoArchiveError, match="newsclean reindex"):
            Archive.open(folder)
        Archive.reindex(folder, settings)
        assert _dump(folder) == before[0]
        assert {e[:2] for e in _ends(folder)} == {e[:2] for e in before[1]} - {("no url", "bad-url")}
    assert sorted(path.name for path in folder.iterdir()) == ["catalog.sqlite", "index.cdxj", "lock", "warc"]


def test_other_peoples_warc_files_can_be_indexed(tmp_path: Path, site: Site, settings: Settings) -> None:
    with Archive.create_or_open(tmp_path / "a", settings) as archive:
        (file,) = archive.run([*site.stories(2), site.url("/missing")]).warc_files
    foreign = tmp_path / "b" / "warc"
    foreign.mkdir(parents=True)
    (foreign / "crawl.warc.gz").write_bytes(file.read_bytes())
    (foreign / "notes.warc").write_text("this is no WARC file")
    summary = Archive.reindex(tmp_path / "b", settings)
    assert dict(summary.outcomes) == {"article": 2, "http-404": 1, "not-warc": 1}
    mine = [json.loads(line)["text"] for line in _dump(tmp_path / "a")]
    assert [json.loads(line)["text"] for line in _dump(tmp_path / "b")] == mine


def test_a_stop_finishes_what_is_under_way(tmp_path: Path, site: Site, settings: Settings) -> None:
    stop = threading.Event()
    site.stories(4, "/gated-")
    site.stories(20)
    urls = [site.url(path) for path in sorted(site.pages)]
    with Archive.create_or_open(tmp_path / "a", settings) as archive:
        archive.add(urls)

        def ask() -> None:
            while sum(site.requests.values()) < 4:
                time.sleep(0.01)
            stop.set()
            time.sleep(0.3)
            site.gate.set()

        asker = threading.Thread(target=ask)
        asker.start()
        summary = archive.run(stop=stop)
        asker.join()
        assert summary.interrupted
        assert summary.articles == 4
        assert summary.waiting == 20
        assert not list((tmp_path / "a" / "warc").glob("*.open"))
        assert archive.run().articles == 20
    assert set(site.requests.values()) == {1}


_CHILD = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs begin with SIGINT ignored
from newsclean.archive import Archive
from newsclean.settings import Settings
settings = Settings(host_delay=0, host_connections=2, workers=1, allow_private=True, robots="ignore", max_attempts=1)
with Archive.create_or_open(sys.argv[1], settings) as archive:
    archive.run(sys.argv[2:], on_outcome=lambda o: print(o.url, o.outcome, flush=True))
"""


def _start(folder: Path, urls: list[str]) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", _CHILD, str(folder), *urls], stdout=subprocess.PIPE, text=True)


def test_killed_at_any_moment_nothing_that_was_reported_is_lost(tmp_path: Path, site: Site, settings: Settings) -> None:
    folder = tmp_path / "a"
    urls = site.stories(24)
    reported: dict[str, str] = {}
    for count in (1, 7, 5):
        with _start(folder, urls) as child:
            assert child.stdout is not None
            for _, line in zip(range(count), child.stdout, strict=False):
                url, outcome = line.split()
                assert url not in reported
                reported[url] = outcome
            child.kill()
            for line in child.stdout:  # what was said between the last line that we read and the kill
                url, outcome = line.split()
                reported[url] = outcome
    with Archive.create_or_open(folder, settings) as archive:
        said = {o.url: o.outcome for o in archive.outcomes()}
        assert reported.items() <= said.items()
        requests = {url: site.requests[url.removeprefix(site.url(""))] for url in reported}
        archive.run(urls)
        ends = list(archive.outcomes())
        assert [(o.url, o.outcome) for o in ends] == [(url, "article") for url in urls]
        for end in ends:
            assert end.record is not None
            assert archive.capture(end.record).final_url == end.url
    assert {url: site.requests[url.removeprefix(site.url(""))] for url in reported} == requests
    dump = _dump(folder)
    Archive.reindex(folder, settings)
    assert sorted(_dump(folder)) == sorted(dump)


def test_records_that_the_catalogue_does_not_know_are_read_in(tmp_path: Path, site: Site, settings: Settings) -> None:
    """A kill between the sync of the WARC file and the catalogue's transaction."""
    folder = tmp_path / "a"
    urls = [*site.stories(3), site.url("/missing")]
    with Archive.create_or_open(folder, settings) as archive:
        archive.run(urls)
    dump, ends = _dump(folder), _ends(folder)
    (folder / "catalog.sqlite").unlink()
    requests = site.requests.copy()
    with Archive.create_or_open(folder, settings) as archive:
        archive.add(urls)
        seen: list[Outcome] = []
        archive.run(on_outcome=seen.append)
    assert sorted(o.outcome for o in seen) == ["article", "article", "article", "http-404"]
    assert (_dump(folder), _ends(folder)) == (dump, ends)
    assert site.requests == requests


def test_what_was_stored_but_not_extracted_is_extracted_without_a_fetch(
    tmp_path: Path, site: Site, settings: Settings
) -> None:
    folder = tmp_path / "a"
    with Archive.create_or_open(folder, settings) as archive:
        archive.run(site.stories(2))
    dump = _dump(folder)
    raw = sqlite3.connect(folder / "catalog.sqlite")
    raw.execute("UPDATE captures SET waits = 1 WHERE id = 2")
    raw.execute("UPDATE queue SET state = 'fetched', outcome = NULL WHERE capture_id = 2")
    raw.commit()
    raw.close()
    requests = site.requests.copy()
    with Archive.create_or_open(folder, settings) as archive:
        assert archive.run().outcomes == {"article": 1}
    assert _dump(folder) == dump
    assert site.requests == requests


def test_a_torn_warc_file_is_cut_and_its_pages_are_fetched_again(
    tmp_path: Path, site: Site, settings: Settings
) -> None:
    folder = tmp_path / "a"
    urls = site.stories(3)
    with Archive.create_or_open(folder, settings) as archive:
        (file,) = archive.run(urls).warc_files
        last = list(archive.articles())[-1]
    record = last.extraction.record
    assert record is not None
    data = file.read_bytes()[: record.offset + record.length - 5]
    file.with_name(file.name + ".open").write_bytes(data)
    file.unlink()
    with Archive.create_or_open(folder, settings) as archive:
        assert archive.run().outcomes == {"article": 1}
        assert archive.stats().outcomes["article"] == 3
    assert site.requests[last.url.removeprefix(site.url(""))] == 2
    assert sum(site.requests.values()) == 4


def test_a_full_disk_stops_cleanly_and_goes_on_later(
    tmp_path: Path, site: Site, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "a"
    urls = site.stories(30)
    written = 0
    write = os.write

    def full(descriptor: int, data: bytes) -> int:
        nonlocal written
        if "warc.gz" in os.readlink(f"/proc/self/fd/{descriptor}"):
            written += len(data)
            if written > 20_000:
                raise OSError(28, "No space left on device")
        return write(descriptor, data)

    seen: list[Outcome] = []
    with Archive.create_or_open(folder, settings) as archive:
        monkeypatch.setattr(os, "write", full)
        with pytest.raises(DiskFullError, match="no space left"):
            archive.run(urls, on_outcome=seen.append)
        monkeypatch.undo()
        kept = {o.url: o.outcome for o in archive.outcomes()}
        assert {o.url: o.outcome for o in seen}.items() <= kept.items()
        archive.run()
        assert [(o.url, o.outcome) for o in archive.outcomes()] == [(url, "article") for url in urls]


def test_a_second_writer_is_told_who_is_at_work(tmp_path: Path, settings: Settings) -> None:
    with Archive.create_or_open(tmp_path / "a", settings) as first, Archive.open(tmp_path / "a", settings) as second:
        first.add(["http://news.example/"])
        with pytest.raises(ArchiveBusyError, match=f"process {os.getpid()} "):
            second.add(["http://news.example/b"])
        assert second.stats().waiting == 1
        with pytest.raises(ArchiveBusyError):
            Archive.reindex(tmp_path / "a", settings)
    with Archive.open(tmp_path / "a", settings) as third:
        assert third.add(["http://news.example/b"]).new == 1


def test_folders_that_are_no_archive(tmp_path: Path) -> None:
    with pytest.raises(NoArchiveError, match="no such folder"):
        Archive.open(tmp_path / "none")
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "letter.txt").write_text("Dear")
    with pytest.raises(NoArchiveError, match=r"neither catalog\.sqlite nor warc/"):
        Archive.open(tmp_path / "home")
    with pytest.raises(NoArchiveError, match="not empty"):
        Archive.create_or_open(tmp_path / "home")
    with pytest.raises(NoArchiveError, match="not a folder"):
        Archive.create_or_open(tmp_path / "home" / "letter.txt")
    with pytest.raises(NoArchiveError, match="nothing to index"):
        Archive.reindex(tmp_path / "home")
    assert sorted(path.name for path in (tmp_path / "home").iterdir()) == ["letter.txt"]


def test_an_archive_of_a_newer_version_is_refused(tmp_path: Path, settings: Settings) -> None:
    Archive.create_or_open(tmp_path / "a", settings).close()
    raw = sqlite3.connect(tmp_path / "a" / "catalog.sqlite")
    raw.execute("PRAGMA user_version = 999")
    raw.close()
    for opening in (Archive.open, Archive.create_or_open, Archive.reindex):
        with pytest.raises(NewerSchemaError, match="upgrade"):
            opening(tmp_path / "a", settings)


def test_a_list_is_taken_as_it_is_read(tmp_path: Path, settings: Settings) -> None:
    listed = tmp_path / "urls.txt"
    listed.write_text("# a comment\nhttp://news.example/a\n\nnonsense\n")
    with Archive.create_or_open(tmp_path / "a", settings) as archive:
        assert archive.add(read_list(listed)).bad == 1
        assert [o.origin for o in archive.outcomes()] == [f"{listed}:4"]


def test_an_interrupt_without_a_stop_loses_nothing(tmp_path: Path, site: Site, settings: Settings) -> None:
    folder = tmp_path / "a"
    site.stories(4, "/gated-")
    urls = [*site.stories(6), *(site.url(f"/gated-{n}") for n in range(4))]
    with _start(folder, urls) as child:
        assert child.stdout is not None
        child.stdout.readline()
        child.send_signal(signal.SIGINT)
        child.stdout.read()
    assert child.returncode != 0
    site.gate.set()
    with Archive.open(folder, settings) as archive:
        assert not any(o.outcome == "extraction-crashed" for o in archive.outcomes())
        archive.run()
        assert dict(archive.stats().outcomes) == {"article": 10}
