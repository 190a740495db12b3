"""Microdata and RDFa Lite."""

import time

import pytest
from lxml import html

from newsclean.metadata.jsonld import Node
from newsclean.metadata.microdata import embedded_nodes
from tests.metadata.pages import PROSE, read

STORY = f"""
<article itemscope itemtype="https://schema.org/NewsArticle">
<h1 itemprop="headline">The old bridge stays</h1>
<span itemprop="datePublished" content="2024-05-01T10:20+02:00">May</span>
<time itemprop="dateModified" datetime="2024-05-02">yesterday</time>
<span itemprop="author" itemscope itemtype="http://schema.org/Person"><a itemprop="url" href="/ada">
<span itemprop="name">Ada Brook</span></a></span>
<img itemprop="image" src="/bridge.jpg"><b itemprop="articleSection keywords">Harbour</b>
<div itemprop="description articleBody">{PROSE}</div></article>"""
LITE = """
<article vocab="https://schema.org/" typeof="schema:NewsArticle">
<h1 property="schema:headline">The old bridge stays</h1>
<span property="datePublished" content="2024-05-01">May</span>
<span property="author" typeof="Person"><b property="name">Ada Brook</b></span></article>"""


def nodes(source: str) -> dict[str, list[Node]]:
    return dict(embedded_nodes(html.document_fromstring(source), source))


def test_an_item_with_its_properties() -> None:
    (story, person) = nodes(STORY)["microdata"]
    assert story["@type"] == ["NewsArticle"]
    assert story["headline"] == "The old bridge stays"
    assert story["datePublished"] == "2024-05-01T10:20+02:00"
    assert story["dateModified"] == "2024-05-02"
    assert story["image"] == "/bridge.jpg"
    assert story["articleSection"] == story["keywords"] == "Harbour"
    assert story["author"] is person
    assert person == {"@type": ["Person"], "url": "/ada", "name": "Ada Brook"}
    assert story.keys().isdisjoint(("articleBody", "description"))


def test_rdfa_lite() -> None:
    story, person = nodes(LITE)["rdfa"]
    assert story["@type"] == ["NewsArticle"]
    assert (story["headline"], story["datePublished"]) == ("The old bridge stays", "2024-05-01")
    assert story["author"] is person
    assert person["name"] == "Ada Brook"


def test_several_values_are_a_list() -> None:
    authors = "".join(f'<i itemprop="author">{name}</i>' for name in ("Ada Brook", "Bo Quay", "Cleo Tarn"))
    (story,) = nodes(f'<div itemscope itemtype="https://schema.org/Article">{authors}</div>')["microdata"]
    assert story["author"] == ["Ada Brook", "Bo Quay", "Cleo Tarn"]


@pytest.mark.parametrize(
    "source",
    ["<p>no data</p>", '<p itemprop="name">alone</p>', '<div itemscope><i itemprop="name">no type</i></div>',
     '<meta property="og:title" content="x">'],
)  # fmt: skip
def test_pages_without_typed_items(source: str) -> None:
    assert nodes(f"<html><body>{source}</body></html>") == {}


def test_the_fields_of_a_page() -> None:
    found = read(body=STORY, url="https://news.example/a")
    assert found.values["authors"] == ("Ada Brook",)
    assert found.values["date_published"] == "2024-05-01T10:20+02:00"
    assert found.sources["date_published"].source == "microdata"
    assert found.values["date_modified"] == "2024-05-02"
    assert found.values["section"] == "Harbour"
    assert found.values["main_image"] == "https://news.example/bridge.jpg"


def test_an_author_of_rdfa() -> None:
    found = read(body=LITE + PROSE)
    assert (found.values["authors"], found.sources["authors"].source) == (("Ada Brook",), "rdfa")


def test_the_tree_is_left_as_it_was() -> None:
    tree = html.document_fromstring(STORY)
    before = html.tostring(tree)
    dict(embedded_nodes(tree, STORY))
    assert html.tostring(tree) == before


@pytest.mark.parametrize(
    "source",
    [
        '<div itemscope itemtype="https://schema.org/Article">' * 1_000,
        '<div itemscope itemtype="https://schema.org/Article">' + '<i itemprop="author">A B</i>' * 50_000,
        '<b itemprop="headline">' * 1_000,
    ],
)
def test_endless_items_end(source: str) -> None:
    began = time.process_time()
    nodes(f"<html><body>{source}</body></html>")
    assert time.process_time() - began < 60
