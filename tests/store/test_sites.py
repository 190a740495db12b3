"""The memory of sites in the catalogue: what is heard, from when on, and which pages it is made of."""

import random
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from newsclean.clutter.site import SiteCounts
from newsclean.model import Block, Extraction, Verdict
from newsclean.store import Catalogue, Ended, schema
from tests.store.conftest import make_article, make_capture, make_extraction

HOST = "news.example"
STANDING = "Pelto karin vosta"


def url(number: int) -> str:
    return f"https://{HOST}/{number}"


def captured(catalogue: Catalogue, number: int, page: int | None = None) -> int:
    """A capture that waits, of the page of that number."""
    address = url(number if page is None else page)
    capture = make_capture(address, number)
    (capture_id,) = catalogue.store([Ended(url=address, capture=capture)], {})
    assert capture_id is not None
    return capture_id


def extraction(number: int, standing: str = STANDING) -> Extraction:
    blocks = (Block(index=0, text=standing), Block(index=1, text=f"Lorvi mendat zunar {'abcdefgh'[number % 8] * 9}"))
    verdicts = tuple(Verdict(block=i, decision="drop", label="promo", confidence=1) for i in range(2))
    return replace(make_extraction(make_article(url(number))), blocks=blocks, verdicts=verdicts)


def add(catalogue: Catalogue, number: int, page: int | None = None, standing: str = STANDING) -> None:
    capture_id = captured(catalogue, number, page)
    catalogue.store_extractions([(capture_id, extraction(number, standing))], learning=True)


def heard(catalogue: Catalogue) -> str | None:
    memory = catalogue.site_memory(HOST)
    said = memory.speak([Block(index=0, text=STANDING)])[0] if memory else None
    return said.source if said else None


def rows(catalogue: Catalogue) -> list[tuple[int, int]]:
    found = catalogue._connection.execute("SELECT capture_id, settled FROM site_pages ORDER BY capture_id")
    return [tuple(row) for row in found]


def test_a_run_hears_what_runs_before_it_saw(catalogue: Catalogue) -> None:
    for number in range(1, 7):
        add(catalogue, number)
    assert heard(catalogue) is None
    catalogue.settle_sites()
    assert heard(catalogue) == "site:6-of-6-pages"
    add(catalogue, 7)
    assert heard(catalogue) == "site:6-of-6-pages"
    catalogue.settle_sites()
    assert heard(catalogue) == "site:7-of-7-pages"
    assert catalogue.site_memory("other.example") is None


def test_only_articles_teach_and_only_where_asked(catalogue: Catalogue) -> None:
    for number in range(1, 9):
        found = extraction(number)
        none = replace(found, outcome="not-article:index-page", found=None)
        catalogue.store_extractions([(captured(catalogue, number), none)], learning=True)
        catalogue.store_extractions([(captured(catalogue, 100 + number), found)])
    catalogue.settle_sites()
    assert rows(catalogue) == []


def test_a_page_that_was_fetched_again_counts_once(catalogue: Catalogue) -> None:
    for number in range(1, 7):
        add(catalogue, number, page=1)
    catalogue.settle_sites()
    for number in range(7, 10):
        add(catalogue, number, page=number % 2)
    catalogue.settle_sites()
    assert rows(catalogue) == [(8, 1), (9, 1)]
    assert heard(catalogue) is None


def test_an_older_capture_that_is_extracted_later_replaces_nothing(catalogue: Catalogue) -> None:
    first = captured(catalogue, 1, page=1)
    add(catalogue, 2, page=1)
    catalogue.settle_sites()
    catalogue.store_extractions([(first, extraction(1))], learning=True)
    catalogue.settle_sites()
    assert rows(catalogue) == [(2, 1)]


def test_the_latest_pages_are_kept_in_whatever_order_they_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SiteCounts, "MOST_PAGES", 5)
    kept = []
    for seed in range(3):
        with Catalogue.open(tmp_path / f"{seed}.sqlite", create=True) as catalogue:
            numbers = [captured(catalogue, number, page=number % 9) for number in range(1, 13)]
            random.Random(seed).shuffle(numbers)
            for number in numbers[:6]:
                catalogue.store_extractions([(number, extraction(number))], learning=True)
            for number in numbers[6:]:
                catalogue.store_extractions([(number, extraction(number))], learning=True)
            assert len(rows(catalogue)) == 5
            catalogue.settle_sites()
            kept.append(rows(catalogue))
    assert kept == [[(number, 1) for number in range(8, 13)]] * 3
    monkeypatch.setattr(SiteCounts, "MOST_PAGES", 5)
    with Catalogue.open(tmp_path / "0.sqlite") as catalogue:
        add(catalogue, 20)
        catalogue.settle_sites()
        assert [row[0] for row in rows(catalogue)] == [9, 10, 11, 12, 13]


def test_a_site_that_changes_is_learned_anew(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SiteCounts, "MOST_PAGES", 5)
    for number in range(1, 6):
        add(catalogue, number)
    catalogue.settle_sites()
    assert heard(catalogue) == "site:5-of-5-pages"
    for number in range(6, 11):
        add(catalogue, number, standing="Karin vosta elsu")
    catalogue.settle_sites()
    assert heard(catalogue) is None


def test_what_is_cut_off_is_forgotten(catalogue: Catalogue) -> None:
    for number in range(1, 6):
        add(catalogue, number)
    catalogue.settle_sites()
    catalogue.cut("one.warc.gz", 3500)
    assert [row[0] for row in rows(catalogue)] == [1, 2]


def test_pages_are_learned_from_before_they_are_stored(catalogue: Catalogue) -> None:
    numbers = [captured(catalogue, number) for number in range(1, 6)]
    (apart,) = catalogue.store([Ended(url="https://o.example/", capture=make_capture("https://o.example/", 50))], {})
    assert apart not in catalogue.pages_to_learn()
    assert catalogue.pages_to_learn() == numbers
    for number in numbers:
        assert catalogue.pending_one(number).url == url(number)
        catalogue.learn_page(number, extraction(number))
    catalogue.settle_sites()
    assert heard(catalogue) == "site:5-of-5-pages"
    before = list(catalogue._connection.execute("SELECT * FROM site_pages").fetchall())
    for number in numbers:
        catalogue.store_extractions([(number, extraction(number + 1, "Another text"))], learning=True)
    catalogue.settle_sites()
    assert catalogue._connection.execute("SELECT * FROM site_pages").fetchall() == before
    assert catalogue.pages_to_learn() == []


def test_a_catalogue_without_it_is_brought_up_to_date(tmp_path: Path) -> None:
    file = tmp_path / "catalog.sqlite"
    with Catalogue.open(file, create=True) as catalogue:
        add(catalogue, 1)
    old = sqlite3.connect(file)
    old.executescript(
        "DROP TABLE signatures; DROP TABLE story_bands; DROP TABLE site_pages;"
        "ALTER TABLE extractions DROP COLUMN kind;"
        + "".join(
            f"ALTER TABLE articles DROP COLUMN {name};" for name in ("word_count", "view_count", "reading_minutes")
        )
        + "PRAGMA user_version = 2;"
    )
    old.close()
    with Catalogue.open(file) as catalogue:
        assert catalogue._connection.execute("PRAGMA user_version").fetchone()[0] == schema.SCHEMA
        assert [a.id for a in catalogue.articles()] == [1]
        for number in range(2, 8):
            add(catalogue, number)
        catalogue.settle_sites()
        assert heard(catalogue) == "site:6-of-6-pages"
