"""Hosts whose pages changed shape are found, and others are not."""

from dataclasses import replace
from typing import Any

import pytest

from newsclean.model import Block, Verdict
from newsclean.store import Catalogue, Ended

from .conftest import make_article, make_capture, make_extraction

_PARAGRAPH = "The council of Wendlow voted for the plan on Tuesday evening, with two members against. " * 5


class _Host:
    """Adds one page a day to a catalogue."""

    def __init__(self, catalogue: Catalogue, host: str = "news.example") -> None:
        self.catalogue = catalogue
        self.host = host
        self.day = 0

    def add(self, count: int, *, body: int = 8, clutter: int = 2, outcome: str = "article", **fields: Any) -> None:
        for _ in range(count):
            self.day += 1
            url = f"https://{self.host}/{self.day}"
            number = 100 * len(self.host) + self.day
            capture = make_capture(url, number, fetched_at=f"2024-03-{self.day:02}T00:00:00Z")
            texts = [_PARAGRAPH] * body + ["Share this. " * 30] * clutter
            blocks = tuple(Block(index=i, text=text) for i, text in enumerate(texts))
            verdicts = tuple(
                Verdict(block=i, decision="keep" if i < body else "drop", label="paragraph", confidence=1.0)
                for i in range(len(texts))
            )
            article = make_article(url, body=(_PARAGRAPH,) * body, **fields) if outcome == "article" else None
            found = replace(make_extraction(article, outcome, capture.record), blocks=blocks, verdicts=verdicts)
            (capture_id,) = self.catalogue.store([Ended(url=url, capture=capture)], {})
            assert capture_id is not None
            self.catalogue.store_extractions([(capture_id, found)])


@pytest.fixture
def host(catalogue: Catalogue) -> _Host:
    return _Host(catalogue)


def test_pages_of_one_shape_are_nothing_to_speak_of(host: _Host) -> None:
    for body in (8, 7, 9, 8, 6, 10):
        host.add(3, body=body)
        host.add(2, body=body, authors=())
    assert host.catalogue.drifts() == []


@pytest.mark.parametrize(
    ("after", "signs"),
    [
        ({"body": 3, "clutter": 1}, ("body",)),
        ({"body": 20, "clutter": 5}, ("body",)),
        ({"clutter": 30}, ("kept",)),
        ({"authors": ()}, ("missing:authors",)),
        ({"headline": None, "date_published": None}, ("missing:headline", "missing:date_published")),
        ({"outcome": "not-article:empty-shell"}, ("articles",)),
    ],
)
def test_another_shape_is_named(host: _Host, after: dict[str, Any], signs: tuple[str, ...]) -> None:
    host.add(12)
    host.add(12, **after)
    (found,) = host.catalogue.drifts()
    assert (found.host, found.signs) == ("news.example", signs)
    assert (found.before.pages, found.after.pages) == (12, 12)
    assert (found.before.last, found.after.first) == ("2024-03-12T00:00:00Z", "2024-03-13T00:00:00Z")


def test_what_was_found_is_said_in_numbers(host: _Host) -> None:
    host.add(10)
    host.add(10, body=2)
    (found,) = host.catalogue.drifts()
    assert found.before.body == 8 * len(_PARAGRAPH)
    assert found.after.body == 2 * len(_PARAGRAPH)
    assert found.before.articles == found.after.articles == 1.0
    assert found.after.missing == {"headline": 0.0, "authors": 0.0, "date_published": 0.0}


def test_too_few_pages_say_nothing(host: _Host) -> None:
    host.add(6)
    host.add(5, body=1)
    assert host.catalogue.drifts() == []
    host.add(1, body=1)
    assert [found.host for found in host.catalogue.drifts()] == ["news.example"]


def test_hosts_can_be_named(catalogue: Catalogue) -> None:
    for name in ("a.example", "paper-b.example"):
        host = _Host(catalogue, name)
        host.add(8)
        host.add(8, body=1)
    assert [found.host for found in catalogue.drifts()] == ["a.example", "paper-b.example"]
    assert [found.host for found in catalogue.drifts(["paper-b.example", "c.example"])] == ["paper-b.example"]
