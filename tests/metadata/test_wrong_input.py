"""Metadata that is too much, too deep, written twice or made up: the page is read without it."""

import json
import time
from typing import Any

import pytest

from newsclean import extract
from tests.metadata.pages import PROSE, URL, article, meta, read, script

HEAD = "<title>The old bridge stays open</title>" + meta("article:published_time", "2024-05-01")


def deep(levels: int) -> str:
    return '{"@type":"NewsArticle","hasPart":' * levels + "1" + "}" * levels


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(article(headline="The old bridge stays open", articleBody="x" * 5_000_000)),
        json.dumps([article(headline=f"Story {number}") for number in range(60_000)]),
        deep(1_000),
        deep(100_000),
        "[" * 100_000,
        '{"a":' * 50_000,
        '"' * 300_000,
        "\\" * 300_000,
        '{"@type": "NewsArticle", "author": ' + "[" * 900 + '"x"' + "]" * 900 + "}",
    ],
    ids=["5 MB", "60,000 objects", "1,000 deep", "100,000 deep", "lists", "objects", "quotes", "escapes", "a list"],
)  # fmt: skip
def test_too_much(text: str) -> None:
    began = time.process_time()
    found = read(HEAD + script(text), "<h1>The old bridge stays open</h1>" + PROSE)
    assert time.process_time() - began < 60
    assert found.values["headline"] == "The old bridge stays open"
    assert found.values["date_published"] == "2024-05-01"


def test_the_whole_way_with_a_page_of_all_of_it() -> None:
    scripts = script(deep(1_000)) + script("[" * 1_000) + script("x" * 3_000_000)
    page = f"<html><head>{HEAD}{scripts}</head><body><h1>The old bridge stays open</h1>{PROSE * 6}</body></html>"
    assert extract(page.encode(), url=URL).article.date_published == "2024-05-01"


NODE = article(headline="The old bridge stays open", author={"name": "Ada Brook"}, datePublished="2024-05-01")


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(json.dumps(NODE)),
        json.dumps([json.dumps(NODE)][0]),
        json.dumps(NODE).replace('"', "&quot;"),
        "<!-- " + json.dumps(NODE) + " -->",
        "//<![CDATA[\n" + json.dumps(NODE) + "\n//]]>",
        json.dumps({"@graph": [{"@graph": [NODE]}]}),
        json.dumps({"@type": "WebPage", "mainEntity": NODE}),
        json.dumps(NODE)[:-1],
        json.dumps(NODE).replace("}", ",}"),
        json.dumps({**NODE, "headline": "The <b>old</b> bridge stays open"}),
    ],
    ids=["encoded twice", "a string", "entities", "a comment", "CDATA", "graphs", "main", "cut", "commas", "HTML"],
)  # fmt: skip
def test_shapes_that_pages_have(text: str) -> None:
    found = read(script(text), PROSE, url="https://news.example/a")
    assert found.values["authors"] == ("Ada Brook",)
    assert found.values["date_published"] == "2024-05-01"


@pytest.mark.parametrize("known", ["Name", "name"])
def test_four_hundred_authors(known: str) -> None:
    names = [f"Ada{chr(97 + n % 26)}{chr(97 + n // 26)} Brook" for n in range(400)]
    authors: list[Any] = [{"@type": "Person", known: name, "name": name} for name in names]
    found = read(script(article(author=authors)), PROSE).values["authors"]
    assert found == tuple(names[: len(found)])
    assert len(found) >= 100
    one_line = read(script(article(author=", ".join(names))), PROSE).values.get("authors", ())
    assert set(one_line) <= set(names)
    assert read("".join(meta("author", name) for name in names), PROSE).values["authors"][:2] == tuple(names[:2])


@pytest.mark.parametrize(
    ("values", "field", "taken"),
    [
        (["0000-00-00", "2024-05-01"], "article:published_time", "2024-05-01"),
        (["31/12/69", "2024-05-01"], "article:published_time", "2024-05-01"),
        (["2099-01-01", "2024-05-01"], "article:published_time", "2024-05-01"),
        (["1403/02/12"], "article:published_time", "2024-05-01"),
        (["1 พฤษภาคม 2567"], "article:published_time", "2024-05-01"),
        (["2024-02-30"], "article:published_time", None),
        (["1445-10-22"], "article:published_time", None),
    ],
)
def test_meta_elements_repeated_and_dates_of_other_calendars(values: list[str], field: str, taken: str | None) -> None:
    head = "".join(meta(field, value) for value in values)
    found = read(head, PROSE, url="https://news.example/a", captured_at="2024-06-01T00:00:00Z")
    assert found.values.get("date_published") == taken


def test_a_canonical_link_to_the_home_page() -> None:
    head = '<link rel="canonical" href="/">' + meta("og:url", URL)
    assert read(head).values["canonical_url"] == URL


def test_the_words_of_a_meta_element_that_stands_there_twice() -> None:
    assert read(meta("og:description", "One.") + meta("og:description", "Two.")).values["description"] == "One."
