"""All that a page says of each field."""

import pytest

from newsclean import extract
from newsclean.metadata import Told, told
from newsclean.metadata.fields import read_candidates, read_metadata
from newsclean.model import Article, Source
from tests.metadata.pages import PROSE, article, meta, page, script

URL = "https://news.example/2024/05/old-bridge-stays-open"
HEAD = (
    "<title>The old bridge stays open – Harbour News</title>"
    + meta("og:title", "The old bridge stays open")
    + meta("og:url", "https://news.example/")
    + meta("author", "Harbour News")
    + meta("author", "Bo Quay")
    + meta("article:published_time", "2099-05-01")
    + meta("article:published_time", "2024-05-01")
    + '<link rel="canonical" href="/2024/05/mayor-opens-new-school">'
    + script(article(headline="The old bridge stays open", author={"@type": "Person", "name": "Ada Brook"},
                     datePublished="0000-00-00", dateModified="2024-04-01", publisher={"name": "Harbour News"}))
)  # fmt: skip
BODY = (
    "<h1>The old bridge stays open</h1><p class='date'>2 May 2024</p>"
    "<div class='related'><time class='related' datetime='2020-01-01'>x</time></div>" + PROSE * 3
)


def all_told() -> list[Told]:
    source = f"<html><head>{HEAD}</head><body>{BODY}</body></html>"
    found = extract(source.encode(), url=URL)
    return list(told(page(HEAD, BODY, URL), None, found.found))


def of(field: str) -> list[tuple[str, object, bool, str]]:
    return [(one.source, one.value, one.chosen, one.reason) for one in all_told() if one.field == field]


def test_the_chosen_one_stands_beside_the_others() -> None:
    assert of("authors") == [
        ("json-ld", ("Ada Brook",), True, ""),
        ("meta:author", ("Harbour News",), False, "a surer source says otherwise"),
        ("meta:author", ("Bo Quay",), False, "a surer source says otherwise"),
    ]


def test_dates_that_are_not_believed_have_their_reason() -> None:
    assert of("date_published")[:3] == [
        ("json-ld", None, False, "no date that there is"),
        ("meta:article:published_time", None, False, "after the capture"),
        ("meta:article:published_time", "2024-05-01", True, ""),
    ]
    assert ("block:1", "2024-05-02", False, "a surer source says otherwise") in of("date_published")
    assert ("html:time", None, False, "named as another date") in of("date_published")


def test_a_change_before_the_publication_is_told() -> None:
    assert of("date_modified") == [("json-ld", "2024-04-01", False, "before the publication")]


def test_addresses_of_other_pages() -> None:
    assert of("canonical_url") == [
        ("html:link", None, False, "another story"),
        ("meta:og:url", None, False, "the front page"),
    ]


def test_one_value_of_each_field_is_chosen_and_all_of_the_article_s_are_told() -> None:
    chosen = [one.field for one in all_told() if one.chosen]
    assert len(chosen) == len(set(chosen))
    assert {"headline", "authors", "publisher", "date_published", "word_count"} <= set(chosen)


def test_candidates_agree_with_the_choice() -> None:
    read = read_metadata(page(HEAD, BODY, URL))
    for field, candidates in read_candidates(page(HEAD, BODY, URL)).items():
        first = next((found for found in candidates if not found.refused), None)
        assert (first.value if first else None) == read.values.get(field), field


def test_a_page_that_is_no_article() -> None:
    assert {one.reason for one in told(page(HEAD, BODY, URL), None, None) if one.value is not None} == {
        "the page is no article"
    }


@pytest.mark.parametrize("name", ["headline", "agency"])
def test_a_value_of_another_source_is_told_too(name: str) -> None:
    own = Article(url=URL, **{name: "Other"}, sources={name: Source(source="site-rule", raw="Other")})  # type: ignore[arg-type]
    assert ("site-rule", True) in [
        (one.source, one.chosen) for one in told(page(HEAD, BODY, URL), None, own) if one.field == name
    ]
