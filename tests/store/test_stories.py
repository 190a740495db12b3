"""Stories: articles that are copies of one text, compared as they are stored."""

import random
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsclean import near
from newsclean.errors import UsageError
from newsclean.store import Catalogue, Ended, Story, schema, stories
from tests.near_stories import Body, edited
from tests.near_stories import stories as told
from tests.store.conftest import make_article, make_capture, make_extraction

Page = tuple[int, str, Body]
"""Number of the capture, URL, paragraphs."""


@pytest.fixture
def pages() -> list[Page]:
    """Each story on four hosts, edited."""
    rng = random.Random(11)
    bodies = [(name, edited(body, rng) if host else body) for host in range(4) for name, body in told().items()]
    return [(number, f"https://paper{number}.example/{name}", body) for number, (name, body) in enumerate(bodies, 1)]


def captured(catalogue: Catalogue, pages: Iterable[Page], when: Mapping[int, str] | None = None) -> None:
    """Store captures, in this order, without their extractions."""
    for number, url, _ in pages:
        day = (when or {}).get(number, f"2024-03-{number % 28 + 1:02}")
        capture = make_capture(url, number, fetched_at=f"{day}T00:00:00Z")
        catalogue.store([Ended(url=url, capture=capture)], {"one.warc.gz": 1000 * number + 900})


def extracted(catalogue: Catalogue, pages: Iterable[Page]) -> None:
    """Store extractions one by one, in this order."""
    for number, url, body in pages:
        catalogue.store_extractions([(number, make_extraction(make_article(url, body=body)))])


def members(found: Iterable[Story]) -> list[list[int]]:
    return [[story.first.id, *(copy.id for copy in story.copies)] for story in found]


def test_copies_over_hosts_become_stories(catalogue: Catalogue, pages: list[Page]) -> None:
    captured(catalogue, pages)
    extracted(catalogue, pages)
    found = members(catalogue.stories())
    assert sorted(map(sorted, found)) == [[n, n + 8, n + 16, n + 24] for n in range(1, 9)]
    assert (catalogue.stats().stories, catalogue.stats().copies) == (8, 24)


def test_the_earliest_capture_comes_first(catalogue: Catalogue, pages: list[Page]) -> None:
    some = [page for page in pages if page[0] % 8 == 1]
    captured(catalogue, some, {1: "2024-05-03", 9: "2024-05-01", 17: "2024-05-04", 25: "2024-05-02"})
    ids = {page[1]: catalogue.pending(limit=9)[place].capture_id for place, page in enumerate(some)}
    extracted(catalogue, [(ids[url], url, body) for _, url, body in some])
    (story,) = catalogue.stories()
    assert [story.first.host, *(copy.host for copy in story.copies)] == [f"paper{n}.example" for n in (9, 25, 1, 17)]
    assert story.first.captured_at == "2024-05-01T00:00:00Z"
    assert story.first.likeness == 1
    assert all(near.ALIKE <= copy.likeness <= 1 for copy in story.copies)
    kept = [article.url for article in catalogue.articles(one_per_story=True)]
    assert kept == [story.first.url]
    with pytest.raises(UsageError, match="exclude each other"):
        list(catalogue.articles(one_per_story=True, versions=True))


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_storing_does_not_matter(catalogue: Catalogue, pages: list[Page], seed: int) -> None:
    captured(catalogue, pages)
    mixed = random.Random(seed).sample(pages, len(pages))
    extracted(catalogue, mixed)
    stored = rows(catalogue)
    extracted(catalogue, pages)
    assert rows(catalogue) == stored, "the same again changes nothing"
    assert {story for _, story in stored} == set(range(1, 9))


def rows(catalogue: Catalogue) -> list[tuple[int, int]]:
    """Number and story of each article."""
    found = catalogue._connection.execute("SELECT id, story FROM signatures ORDER BY id")
    return [(row["id"], row["story"]) for row in found]


def test_an_article_that_changed_leaves_its_story(catalogue: Catalogue, pages: list[Page]) -> None:
    some = pages[:1] + pages[8:9] + pages[16:17]
    some = [(number, url, body) for number, (_, url, body) in enumerate(some, 1)]
    captured(catalogue, some)
    extracted(catalogue, some)
    assert [copy.id for copy in catalogue.copies(2)] == [1, 3]
    extracted(catalogue, [(1, some[0][1], told()["market"])])
    assert members(catalogue.stories()) == [[2, 3]]
    assert catalogue.copies(1) == ()
    catalogue.store_extractions([(2, make_extraction(None, outcome="not-article:index-page"))])
    assert list(catalogue.stories()) == []
    extracted(catalogue, some)
    assert members(catalogue.stories()) == [[1, 2, 3]]


def test_a_story_falls_apart_without_its_middle(catalogue: Catalogue) -> None:
    words = [f"word{number}" for number in range(1400)]
    some = [
        (n, f"https://paper{n}.example/", (" ".join(words[start : start + 1000]),))
        for n, start in enumerate((0, 200, 400), 1)
    ]
    captured(catalogue, some)
    extracted(catalogue, some)
    assert members(catalogue.stories()) == [[1, 2, 3]]
    catalogue.cut("one.warc.gz", 0)
    captured(catalogue, [some[0], some[2]])
    ids = [item.capture_id for item in catalogue.pending(limit=3)]
    extracted(catalogue, [(number, page[1], page[2]) for number, page in zip(ids, (some[0], some[2]), strict=True)])
    assert list(catalogue.stories()) == []


def test_removing_the_middle_alone(catalogue: Catalogue) -> None:
    words = [f"word{number}" for number in range(1400)]
    some = [
        (n, f"https://paper{n}.example/", (" ".join(words[start : start + 1000]),))
        for n, start in enumerate((0, 200, 400), 1)
    ]
    captured(catalogue, some)
    extracted(catalogue, some)
    extracted(catalogue, [(2, some[1][1], told()["market"])])
    assert list(catalogue.stories()) == []
    assert [story for _, story in rows(catalogue)] == [1, 2, 3]


def test_versions_of_one_input_are_no_copies(catalogue: Catalogue, pages: list[Page]) -> None:
    body = pages[0][2]
    captured(catalogue, [(1, "https://a.example/", body), (2, "https://b.example/", body)])
    catalogue.queue_again("2030-01-01T00:00:00Z")
    capture = make_capture("https://a.example/", 3, fetched_at="2024-06-01T00:00:00Z")
    catalogue.store([Ended(url="https://a.example/", capture=capture)], {"one.warc.gz": 3900})
    longer = (*body, "The ferry company said that it had not been asked.")
    extracted(catalogue, [(1, "https://a.example/", body), (2, "https://b.example/", body)])
    extracted(catalogue, [(3, "https://a.example/", longer)])
    (story,) = catalogue.stories()
    assert (story.first.id, [copy.id for copy in story.copies]) == (3, [2]), "an input is as old as its first version"
    assert [copy.id for copy in catalogue.copies(1)] == [2]
    assert [article.id for article in catalogue.articles(one_per_story=True)] == [3]
    assert catalogue.stats().copies == 1


def test_a_note_is_never_a_copy(catalogue: Catalogue) -> None:
    note = ("This story was corrected on Friday.",)
    some = [(1, "https://a.example/", note), (2, "https://b.example/", note)]
    captured(catalogue, some)
    extracted(catalogue, some)
    assert list(catalogue.stories()) == []
    assert catalogue.copies(1) == ()
    assert len(list(catalogue.articles(one_per_story=True))) == 2


def test_a_template_does_not_fill_the_index(catalogue: Catalogue) -> None:
    """More articles of one text than a band takes in are one story all the same."""
    count = near.MOST_IN_BAND + 6
    body = told()["market"]
    some = [(number, f"https://paper{number}.example/", body) for number in range(1, count + 1)]
    captured(catalogue, some)
    extracted(catalogue, some)
    ((first, *others),) = members(catalogue.stories())
    assert len([first, *others]) == count
    most = catalogue._connection.execute("SELECT max(n) FROM (SELECT count(*) n FROM story_bands GROUP BY band)")
    assert most.fetchone()[0] == near.MOST_IN_BAND


def test_articles_of_an_older_layout_are_compared_when_stories_are_asked_for(tmp_path: Path, pages: list[Page]) -> None:
    file = tmp_path / "catalog.sqlite"
    with Catalogue.open(file, create=True) as catalogue:
        captured(catalogue, pages)
        extracted(catalogue, pages)
        before = rows(catalogue)
    old = sqlite3.connect(file)
    old.executescript("DROP TABLE signatures; DROP TABLE story_bands; PRAGMA user_version = 5;")
    old.close()
    with Catalogue.open(file) as catalogue:
        assert catalogue._connection.execute("PRAGMA user_version").fetchone()[0] == schema.SCHEMA
        assert not stories.is_filled(catalogue._connection)
        assert catalogue.stats().copies == 24
        assert rows(catalogue) == before


BODIES = [body for name in ("ferry/0", "ferry/1", "school") for body in [told()[name]]]
EDITIONS = [edited(body, random.Random(seed), 3) for body in BODIES for seed in range(4)] + [("A note.",)]
Step = tuple[int, int | None]
"""An article's number, and which of EDITIONS it has from now on; None: it goes."""


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 8), st.none() | st.integers(0, len(EDITIONS) - 1)), max_size=25))
def test_stories_follow_from_what_is_there_not_from_what_happened(steps: list[Step]) -> None:
    left = {number: edition for number, edition in steps if edition is not None}
    left = {number: edition for number, edition in left.items() if dict(steps)[number] is not None}
    assert replayed(steps) == replayed(sorted(left.items()))


def replayed(steps: Iterable[Step]) -> list[tuple[object, ...]]:
    """All rows of the tables after these steps, in a catalogue of its own."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.row_factory = sqlite3.Row
        schema.create(db)
        db.execute("PRAGMA foreign_keys = OFF")
        for number, edition in steps:
            if edition is None:
                stories.forget(db, number)
            else:
                stories.store(db, number, EDITIONS[edition])
        tables = ("SELECT * FROM signatures ORDER BY id", "SELECT * FROM story_bands ORDER BY band, id")
        return [tuple(row) for table in tables for row in db.execute(table)]
