"""Inputs that are fetched again: validators, revisits, versions of an article."""

import sqlite3
from pathlib import Path

import pytest

from newsclean.errors import NotInArchiveError
from newsclean.store import Catalogue, Ended, schema
from tests.store.conftest import AddArticle, make_article, make_capture, make_extraction

A = "https://news.example/a"
LATER = "2030-01-01T00:00:00.000000Z"


def visit(catalogue: Catalogue, number: int, url: str = A, **values: object) -> int:
    """Store a capture of the input again, as waiting for its extraction."""
    capture = make_capture(url, number, **values)
    (capture_id,) = catalogue.store([Ended(url=url, capture=capture)], {})
    assert capture_id is not None
    return capture_id


def test_known_inputs_are_queued_again_where_they_are_old_enough(catalogue: Catalogue, add_article: AddArticle) -> None:
    add_article(A)  # fetched on 2024-03-03
    catalogue.add_inputs([("https://news.example/dead", ""), ("https://news.example/waits", ""), ("no url", "")])
    catalogue.store([Ended(url="https://news.example/dead", outcome="dns", message="no address")], {})
    lines = [(A, ""), ("https://news.example/dead", ""), ("https://news.example/new", ""), ("no url", "")]
    added = catalogue.add_inputs(lines, older_than="2024-03-02T00:00:00.000000Z")
    assert (added.new, added.again, added.known) == (1, 1, 2)
    assert [q.url for q in catalogue.queued(limit=9)] == [
        "https://news.example/dead",
        "https://news.example/waits",
        "https://news.example/new",
    ]
    assert catalogue.add_inputs(lines, older_than=LATER).again == 1
    assert A in [q.url for q in catalogue.queued(limit=9)]


def test_all_inputs_can_be_queued_again(catalogue: Catalogue, add_article: AddArticle) -> None:
    add_article(A)
    catalogue.add_inputs([("no url", "")])
    assert catalogue.queue_again("2020-01-01T00:00:00.000000Z") == 0
    assert catalogue.queue_again(LATER) == 1
    assert catalogue.counts() == {"queued": 1, "fetched": 0, "done": 1}


def test_what_is_stored_and_not_extracted_is_queued_again_too(catalogue: Catalogue) -> None:
    first = visit(catalogue, 1)
    assert catalogue.queue_again(LATER) == 1
    catalogue.store_extractions([(first, make_extraction(make_article(A)))])
    assert [q.url for q in catalogue.queued(limit=5)] == [A]
    assert [a.id for a in catalogue.articles()] == [first]


def test_an_input_is_asked_for_with_the_validators_of_its_latest_page(catalogue: Catalogue) -> None:
    headers = (("etag", '"one"'), ("Last-Modified", "Sun, 03 Mar 2024 00:00:00 GMT"))
    visit(catalogue, 1, headers=headers, payload_digest="sha1:ONE", final_url="https://news.example/long")
    visit(catalogue, 2, status=500, payload_digest="sha1:BROKEN")
    visit(catalogue, 3, payload_digest="sha1:CUT", truncated="time")
    visit(
        catalogue,
        4,
        headers=(("ETag", '"two"'),),
        status=304,
        payload_digest="sha1:ONE",
        revisit_of="<urn:uuid:1>",
        fetched_at="2024-04-01T00:00:00Z",
    )
    catalogue.store([Ended(url=A, outcome="dns", message="no address")], {})
    catalogue.queue_again(LATER)
    (queued,) = catalogue.queued(limit=5)
    assert queued.earlier
    assert (queued.earlier.record_id, queued.earlier.url) == ("<urn:uuid:1>", "https://news.example/long")
    assert (queued.earlier.date, queued.earlier.payload_digest) == ("2024-03-03T00:00:00Z", "sha1:ONE")
    assert (queued.earlier.etag, queued.earlier.last_modified) == ('"two"', "Sun, 03 Mar 2024 00:00:00 GMT")


def test_a_new_input_has_no_validators(catalogue: Catalogue) -> None:
    catalogue.add_inputs([(A, "")])
    assert catalogue.queued(limit=5)[0].earlier is None


def test_the_first_whole_response_is_the_original(catalogue: Catalogue) -> None:
    assert catalogue.original("sha1:X") is None
    visit(catalogue, 1, payload_digest="sha1:X", truncated="disconnect")
    visit(catalogue, 2, "https://news.example/b", payload_digest="sha1:X")
    visit(catalogue, 3, "https://news.example/c", payload_digest="sha1:X", revisit_of="<urn:uuid:2>")
    visit(catalogue, 4, "https://news.example/d", payload_digest="sha1:X")
    found = catalogue.original("sha1:X")
    assert found
    assert (found.record_id, found.url) == ("<urn:uuid:2>", "https://news.example/b")


def test_an_unchanged_page_keeps_its_article(catalogue: Catalogue, add_article: AddArticle) -> None:
    number = add_article(A)
    catalogue.queue_again(LATER)
    again = visit(catalogue, 20, revisit_of="<urn:uuid:1>", body=b"")
    assert not catalogue.waits(again)
    (outcome,) = catalogue.outcomes()
    assert outcome.record
    assert (outcome.outcome, outcome.article_id, outcome.revisit) == ("article", number, True)
    assert outcome.record.record_id == "<urn:uuid:20>"
    assert catalogue.capture_outcome(again) == outcome
    assert [a.id for a in catalogue.articles()] == [number]
    assert catalogue.counts() == {"queued": 0, "fetched": 0, "done": 1}


def test_an_unchanged_page_takes_the_extraction_that_is_still_to_come(catalogue: Catalogue) -> None:
    """So does a rebuilt catalogue: it knows all captures before anything is extracted."""
    first = visit(catalogue, 1)
    again = visit(catalogue, 2, revisit_of="<urn:uuid:1>", body=b"")
    assert [p.capture_id for p in catalogue.pending(limit=5)] == [first]
    assert not catalogue.waits(again)
    assert catalogue.outcome(A) is None
    catalogue.store_extractions([(first, make_extraction(make_article(A)))])
    outcome = catalogue.capture_outcome(first)
    assert outcome
    assert outcome == catalogue.outcome(A)
    assert (outcome.article_id, outcome.revisit) == (first, True)


@pytest.mark.parametrize(
    ("url", "values"),
    [
        ("https://news.example/other", {"revisit_of": "<urn:uuid:1>"}),
        (A, {"revisit_of": "<urn:uuid:1>", "final_url": "https://news.example/moved"}),
        (A, {"revisit_of": "<urn:uuid:unknown>"}),
    ],
    ids=["another input", "another address", "unknown original"],
)
def test_what_is_no_visit_to_the_same_page_is_extracted(
    catalogue: Catalogue, add_article: AddArticle, url: str, values: dict[str, str]
) -> None:
    add_article(A)
    again = visit(catalogue, 2, url, **values)
    assert catalogue.waits(again)
    assert [p.capture_id for p in catalogue.pending(limit=5)] == [again]


def test_the_latest_article_of_an_input_is_the_one_that_counts(catalogue: Catalogue, add_article: AddArticle) -> None:
    other = add_article("https://news.example/other", headline="Ferry")
    first = add_article(A)
    second = visit(catalogue, 20)
    catalogue.store_extractions([(second, make_extraction(make_article(A, headline="Bridge closed again")))])
    assert [a.id for a in catalogue.articles()] == [other, second]
    assert [a.id for a in catalogue.articles(versions=True)] == [other, first, second]
    assert [hit.article_id for hit in catalogue.search("reopens bridge")] == []
    assert [hit.article_id for hit in catalogue.search("closed")] == [second]
    assert catalogue.article(A).id == second
    assert catalogue.article(first).article.headline == "Bridge reopens after repairs"
    rows = catalogue._connection.execute("SELECT id FROM article_text ORDER BY id").fetchall()
    assert [row["id"] for row in rows] == [other, second]


def test_extractions_that_end_out_of_order_leave_the_latest(catalogue: Catalogue) -> None:
    numbers = [visit(catalogue, n) for n in (1, 2, 3)]
    for number in (numbers[2], numbers[0], numbers[1]):
        catalogue.store_extractions([(number, make_extraction(make_article(A)))])
    assert [a.id for a in catalogue.articles()] == [numbers[2]]


def test_a_visit_that_finds_no_article_leaves_the_one_that_is_there(
    catalogue: Catalogue, add_article: AddArticle
) -> None:
    number = add_article(A)
    gone = visit(catalogue, 2)
    catalogue.store_extractions([(gone, make_extraction(None, "not-article:paywall-stub"))])
    assert [a.id for a in catalogue.articles()] == [number]
    assert catalogue.article(A).id == number
    outcome = catalogue.outcome(A)
    assert outcome
    assert (outcome.outcome, outcome.article_id) == ("not-article:paywall-stub", None)


def test_a_cut_brings_the_version_before_it_back(catalogue: Catalogue, add_article: AddArticle) -> None:
    number = add_article(A)
    later = visit(catalogue, 5)
    catalogue.store_extractions([(later, make_extraction(make_article(A, headline="Later")))])
    again = visit(catalogue, 6, revisit_of="<urn:uuid:5>")
    catalogue.cut("one.warc.gz", 5500)
    assert [a.id for a in catalogue.articles()] == [number]
    assert catalogue.counts()["queued"] == 1
    with pytest.raises(NotInArchiveError):
        catalogue.article(again)


def test_a_catalogue_of_the_first_layout_is_brought_up_to_date(tmp_path: Path, add_article: AddArticle) -> None:
    """Made anew from today's tables by taking out what came later."""
    number = add_article(A)
    file = tmp_path / "catalog.sqlite"
    old = sqlite3.connect(file)
    old.executescript(
        "DROP TABLE signatures; DROP TABLE story_bands; DROP TABLE site_pages;"
        "DROP VIEW article_text; ALTER TABLE extractions DROP COLUMN kind;"
        "DROP INDEX captures_key; DROP INDEX captures_payload; DROP INDEX captures_same;"
        + "".join(
            f"ALTER TABLE articles DROP COLUMN {name};" for name in ("word_count", "view_count", "reading_minutes")
        )
        + "".join(
            f"ALTER TABLE captures DROP COLUMN {name};"
            for name in ("key", "etag", "last_modified", "revisit_of", "same_as", "newer", "chunked")
        )
        + "CREATE VIEW article_text AS SELECT 1; PRAGMA user_version = 1;"
    )
    old.close()
    with Catalogue.open(file) as catalogue:
        assert catalogue._connection.execute("PRAGMA user_version").fetchone()[0] == schema.SCHEMA
        assert [a.id for a in catalogue.articles()] == [number]
        catalogue.queue_again(LATER)
        assert visit(catalogue, 2, revisit_of="<urn:uuid:1>")
        outcome = catalogue.outcome(A)
        assert outcome
        assert outcome.article_id == number


@pytest.mark.parametrize("step", ["create", "migrate"])
def test_a_catalogue_that_another_process_makes_in_the_meantime(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "catalog.sqlite"
    if step == "migrate":
        Catalogue.open(file, create=True).close()
        with sqlite3.connect(file) as old:
            old.executescript("DROP TABLE signatures; DROP TABLE story_bands; PRAGMA user_version = 5;")
        old.close()
    done = getattr(schema, step)
    calls: list[str] = []

    def late(connection: sqlite3.Connection, *rest: int) -> None:
        if not calls:
            calls.append(step)
            Catalogue.open(file, create=True).close()
        done(connection, *rest)

    monkeypatch.setattr(schema, step, late)
    with Catalogue.open(file, create=True) as catalogue:
        assert catalogue.counts()["done"] == 0
    assert calls == [step]
