import sqlite3
from dataclasses import fields, replace
from pathlib import Path

import pytest

from newsclean.errors import ArchiveBusyError, DiskFullError, NewerSchemaError, NoArchiveError, NotInArchiveError
from newsclean.model import Article, PageKind
from newsclean.store import Catalogue, Ended, schema
from newsclean.store.codec import ARTICLE_COLUMNS
from tests.store.conftest import AddArticle, make_article, make_capture, make_extraction

A = "https://news.example/a"


def test_inputs_are_taken_once_by_their_canonical_form(catalogue: Catalogue) -> None:
    lines = [
        (A, "l:1"),
        ("https://NEWS.example:443/a?utm_source=x#top", "l:2"),
        ("http://news.example/b", "l:3"),
        ("not a url", "l:4"),
        ("not a url", "l:5"),
        ("mailto:a@b.example", "l:6"),
    ]
    added = catalogue.add_inputs(iter(lines))
    assert catalogue.add_inputs([("bytes \udcff", "odd\udcff.txt:1")]).bad == 1
    catalogue._connection.execute("DELETE FROM queue WHERE url LIKE 'bytes%'")
    assert (added.new, added.known, added.bad) == (2, 2, 2)
    assert [q.url for q in catalogue.queued(limit=10)] == [A, "http://news.example/b"]
    bad = list(catalogue.outcomes())
    assert [(o.url, o.outcome, o.origin) for o in bad] == [
        ("not a url", "bad-url", "l:4"),
        ("mailto:a@b.example", "bad-url", "l:6"),
    ]
    assert "l:4" in bad[0].message
    again = catalogue.add_inputs(lines)
    assert (again.new, again.known, again.bad) == (0, 6, 0)


def test_the_queue_is_given_out_by_host(catalogue: Catalogue) -> None:
    catalogue.add_inputs((f"http://{h}.example/{n}", "") for n in range(5) for h in "ab")
    assert catalogue.queued_hosts() == {"a.example": 5, "b.example": 5}
    first = catalogue.queued(limit=2, host="a.example")
    assert [q.url for q in first] == ["http://a.example/0", "http://a.example/1"]
    assert [q.url for q in catalogue.queued(limit=2, host="a.example", after=first[-1].id)] == [
        "http://a.example/2",
        "http://a.example/3",
    ]


def test_a_page_goes_from_queued_over_fetched_to_done(catalogue: Catalogue) -> None:
    catalogue.add_inputs([(A, "l:1")])
    capture = make_capture(A, final_url="https://news.example/long/a", redirects=(A,))
    (capture_id,) = catalogue.store([Ended(url=A, capture=capture)], {"one.warc.gz": 1900})
    assert capture_id is not None
    assert catalogue.counts() == {"queued": 0, "fetched": 1, "done": 0}
    assert catalogue.file_sizes() == {"one.warc.gz": 1900}
    assert list(catalogue.outcomes()) == []
    (pending,) = catalogue.pending(limit=5)
    assert (pending.url, pending.redirects, pending.record) == (A, (A,), capture.record)

    extraction = make_extraction(make_article(canonical_url="https://news.example/canonical"), record=capture.record)
    catalogue.store_extractions([(capture_id, extraction)])
    (outcome,) = catalogue.outcomes()
    assert outcome.ok
    assert (outcome.article_id, outcome.record, outcome.status, outcome.origin) == (
        capture_id,
        capture.record,
        200,
        "l:1",
    )
    for name in (capture_id, str(capture_id), A, "https://news.example/long/a", "http://news.example/canonical#x"):
        assert catalogue.article(name).extraction.found == extraction.found
    assert catalogue.extraction(A) == extraction


def test_every_field_of_an_article_is_a_column_and_comes_back(catalogue: Catalogue, add_article: AddArticle) -> None:
    assert {f.name for f in fields(Article)} == set(ARTICLE_COLUMNS)
    values = {f.name: f"{f.name} value" for f in fields(Article) if str(f.type).startswith("str") and f.name != "url"}
    number = add_article(A, **values)
    assert catalogue.article(number).article == make_article(A, **values)
    add_article("https://news.example/bare")
    bare = Article(url=None)
    (capture_id,) = catalogue.store([Ended(url="http://x.example/", capture=make_capture(number=50))], {})
    assert capture_id is not None
    catalogue.store_extractions([(capture_id, make_extraction(bare))])
    assert catalogue.article(capture_id).article == bare


def test_a_page_that_is_no_article_keeps_its_blocks(catalogue: Catalogue) -> None:
    capture = make_capture()
    (capture_id,) = catalogue.store([Ended(url=A, capture=capture)], {})
    assert capture_id is not None
    stored = make_extraction(None, "not-article:paywall-stub", capture.record)
    catalogue.store_extractions([(capture_id, stored)])
    assert catalogue.extraction(A) == stored
    with pytest.raises(NotInArchiveError, match="its outcome is not-article:paywall-stub"):
        catalogue.article(A)


def test_what_is_taken_from_a_page_that_is_no_article_is_stored_as_one(catalogue: Catalogue) -> None:
    capture = make_capture()
    (capture_id,) = catalogue.store([Ended(url=A, capture=capture)], {})
    assert capture_id is not None
    kind = PageKind(kind="login", confidence=0.9, reasons=("the title says login",))
    stored = replace(make_extraction(make_article(A), "not-article:login", capture.record), kind=kind)
    catalogue.store_extractions([(capture_id, stored)], learning=True)
    assert catalogue.extraction(A) == stored
    (found,) = catalogue.articles()
    assert (found.extraction.outcome, found.extraction.message, found.extraction.kind) == (
        "not-article:login",
        "no text",
        kind,
    )
    assert [hit.article_id for hit in catalogue.search("bridge")] == [capture_id]
    outcome = catalogue.outcome(A)
    assert outcome is not None
    assert (outcome.outcome, outcome.article_id, outcome.ok) == ("not-article:login", capture_id, False)
    assert catalogue.stats().outcomes == {"not-article:login": 1}
    assert not catalogue._connection.execute("SELECT * FROM site_pages").fetchall()  # it teaches nothing of its site
    catalogue.store_extractions([(capture_id, replace(stored, found=None))])
    assert not list(catalogue.articles())


def test_a_failure_has_an_outcome_and_can_be_tried_again(catalogue: Catalogue) -> None:
    catalogue.add_inputs([(A, "l:1"), ("https://news.example/b", "l:2")])
    failed = [
        Ended(url=A, outcome="dns", message="no address"),
        Ended(url="https://news.example/b", outcome="http-404"),
    ]
    assert catalogue.store(failed, {}) == [None, None]
    assert catalogue.outcome_counts() == {"dns": 1, "http-404": 1}
    assert catalogue.requeue(["dns", "timeout"]) == 1
    assert [q.url for q in catalogue.queued(limit=5)] == [A]
    catalogue.store([Ended(url=A, capture=make_capture())], {})
    assert catalogue.counts()["fetched"] == 1


def test_storing_the_same_records_again_changes_nothing(catalogue: Catalogue, add_article: AddArticle) -> None:
    number = add_article(A)
    assert catalogue.store([Ended(url=A, capture=make_capture(A, number))], {}) == [number]
    assert catalogue.outcome_counts() == {"article": 1}
    assert catalogue.pending(limit=5) == []


def test_what_a_cut_file_lost_is_queued_again(catalogue: Catalogue, add_article: AddArticle) -> None:
    add_article("https://news.example/1")
    add_article("https://news.example/2")
    assert catalogue.cut("one.warc.gz", 2500) == 1
    assert [q.url for q in catalogue.queued(limit=5)] == ["https://news.example/2"]
    assert [a.url for a in catalogue.articles()] == ["https://news.example/1"]
    assert len(catalogue.search("bridge")) == 1
    assert catalogue.file_sizes() == {"one.warc.gz": 2500}
    assert catalogue.forget_file("one.warc.gz") == 1
    assert catalogue.file_sizes() == {}


def test_a_second_extraction_replaces_the_first(catalogue: Catalogue, add_article: AddArticle) -> None:
    number = add_article(A)
    catalogue.store_extractions([(number, make_extraction(make_article(headline="Ferry sails", body=("Boats.",))))])
    assert [a.article.headline for a in catalogue.articles()] == ["Ferry sails"]
    assert catalogue.search("repairs") == []
    assert [h.article_id for h in catalogue.search("ferry")] == [number]
    catalogue.store_extractions([(number, make_extraction(None, "not-article:index-page"))])
    assert list(catalogue.articles()) == []
    assert catalogue.search("ferry") == []


def test_stats(catalogue: Catalogue, add_article: AddArticle) -> None:
    catalogue.add_inputs([("https://news.example/waits", ""), ("nonsense", "")])
    add_article(A)
    add_article("https://other.example/b", in_language=None, date_published=None)
    stats = catalogue.stats()
    assert (stats.inputs, stats.waiting, stats.articles, stats.captures) == (4, 1, 2, 2)
    assert dict(stats.outcomes) == {"article": 2, "bad-url": 1}
    assert dict(stats.languages) == {"": 1, "en": 1}
    assert dict(stats.hosts) == {"news.example": 1, "other.example": 1}
    assert dict(stats.days) == {"": 1, "2024-03-02": 1}
    assert stats.warc_bytes == 2900
    assert stats.body_bytes == 12


def test_many_rows_are_streamed_whole(catalogue: Catalogue) -> None:
    catalogue.add_inputs((f"line {n}", "") for n in range(1501))
    assert [o.url for o in catalogue.outcomes()] == [f"line {n}" for n in range(1501)]


def test_a_missing_or_foreign_file_is_no_catalogue(tmp_path: Path) -> None:
    with pytest.raises(NoArchiveError, match="newsclean reindex"):
        Catalogue.open(tmp_path / "none.sqlite")
    foreign = tmp_path / "foreign.sqlite"
    other = sqlite3.connect(foreign)
    other.execute("CREATE TABLE songs (id)")
    other.close()
    with pytest.raises(NoArchiveError, match="no newsclean catalogue"):
        Catalogue.open(foreign)
    with pytest.raises(NoArchiveError, match="no newsclean catalogue"):
        Catalogue.open(foreign, create=True)
    text = tmp_path / "text.sqlite"
    text.write_text("Not a database at all. " * 100)
    with pytest.raises(NoArchiveError, match="newsclean reindex"):
        Catalogue.open(text)


def test_a_newer_layout_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "catalog.sqlite"
    Catalogue.open(file, create=True).close()
    raw = sqlite3.connect(file)
    raw.execute(f"PRAGMA user_version = {schema.SCHEMA + 1}")
    raw.close()
    with pytest.raises(NewerSchemaError, match="pip install -U newsclean"):
        Catalogue.open(file)


def test_a_held_catalogue_is_busy(catalogue: Catalogue) -> None:
    other = sqlite3.connect(catalogue.file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with (
        Catalogue.open(catalogue.file, busy_timeout=0.05) as waiting,
        pytest.raises(ArchiveBusyError, match="another process"),
    ):
        waiting.add_inputs([(A, "")])
    other.execute("ROLLBACK")
    other.close()
    assert catalogue.add_inputs([(A, "")]).new == 1


def test_a_full_disk_is_said_and_loses_nothing(catalogue: Catalogue, add_article: AddArticle) -> None:
    add_article(A)
    pages = catalogue._connection.execute("PRAGMA page_count").fetchone()[0]
    catalogue._connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(DiskFullError, match="free some space"):
        catalogue.add_inputs((f"https://news.example/{n}/{'x' * 500}", "") for n in range(2000))
    catalogue._connection.execute("PRAGMA max_page_count = 100000000")
    assert [a.url for a in catalogue.articles()] == [A]
    assert catalogue.add_inputs([("https://news.example/more", "")]).new == 1


def test_a_reader_changes_nothing(catalogue: Catalogue, add_article: AddArticle) -> None:
    add_article(A)
    with Catalogue.open(catalogue.file, write=False) as reader:
        assert reader.stats().articles == 1
        with pytest.raises(Exception, match="may not be written"):
            reader.add_inputs([("https://news.example/b", "")])


def test_sql_users_find_the_text_in_a_view(catalogue: Catalogue, add_article: AddArticle) -> None:
    number = add_article(A)
    raw = sqlite3.connect(catalogue.file)
    assert raw.execute("SELECT text FROM article_text").fetchall() == [(catalogue.article(number).article.text,)]
    raw.close()
