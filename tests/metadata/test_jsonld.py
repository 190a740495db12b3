"""JSON-LD as sites write it: what is wrong with it, and which node is about the article."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsclean.metadata.jsonld import Node, article_body, article_node, page_node, read_graph, types
from newsclean.metadata.sources import gather
from tests.metadata.pages import article, page, read, script

GOOD = '{"@type": "NewsArticle", "headline": "The bridge"}'


def nodes(source: str) -> list[Node]:
    return read_graph(gather(page(source).tree).scripts).nodes


def headlines(source: str) -> list[Any]:
    return [node.get("headline") for node in nodes(source)]


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        f"\n  {GOOD} \n",
        f"<!-- {GOOD} -->",
        f"//<![CDATA[\n{GOOD}\n//]]>",
        f"/*<![CDATA[*/{GOOD}/*]]>*/",
        f"{GOOD};",
        f"[{GOOD}]",
        f"[[{GOOD}]]",
        f'{{"@graph": [{GOOD}]}}',
        '{"@type": "NewsArticle", "headline": "The bridge",}',
        f"[{GOOD},]",
        '{"@type": "NewsArticle", "description": "one\ntwo\tthree", "headline": "The bridge"}',
        f"{GOOD}\n{{broken",
        f'{{"@type": "WebPage"}}{GOOD}',
        f'{{"@type": "WebPage"}},\n{GOOD}',
        f'{{"@type": "WebPage", "mainEntity": {GOOD}}}',
        f'{{"@type": "ItemList", "itemListElement": [{{"@type": "ListItem", "item": {GOOD}}}]}}',
        f"\ufeff{GOOD}",
    ],
)
def test_a_tolerant_reader(text: str) -> None:
    assert "The bridge" in headlines(script(text))


@pytest.mark.parametrize("kind", ["application/ld+json; charset=utf-8", "APPLICATION/LD+JSON", " application/ld+json "])
def test_types_of_the_script(kind: str) -> None:
    assert headlines(f'<script type="{kind}">{GOOD}</script>') == ["The bridge"]


@pytest.mark.parametrize(
    "text", ["", "   ", "null", "3", '"text"', "[]", "{}", "{", "not json", "[1, [2, null]]", "NaN"]
)
def test_nothing_to_read(text: str) -> None:
    assert headlines(script(text)) == []


def test_one_broken_script_costs_the_others_nothing() -> None:
    assert headlines(script("{broken") + script(GOOD)) == ["The bridge"]


def test_other_scripts_are_not_read() -> None:
    assert headlines(f'<script type="application/json">{GOOD}</script><script>{GOOD}</script>') == []


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, '{"@graph":[' * 5000 + "{}" + "]}" * 5000])
def test_nested_without_end(text: str) -> None:
    assert headlines(script(text) + script(GOOD)) == ["The bridge"]


def test_a_script_of_2_mb() -> None:
    assert headlines(script('{"@type":"NewsArticle","headline":"Long","articleBody":"' + "a" * 1_900_000 + '"}')) == [
        "Long"
    ]
    assert headlines(script('{"@type":"NewsArticle","articleBody":"' + "a" * 2_100_000 + '"}') + script(GOOD)) == [
        "The bridge"
    ]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("NewsArticle", {"NewsArticle"}),
        (["Article", "https://schema.org/NewsArticle"], {"Article", "NewsArticle"}),
        ("schema:Report", {"Report"}),
        (None, set()),
        ([None, 3], {"3"}),
    ],
)
def test_types_of_a_node(value: Any, found: set[str]) -> None:
    assert types({"@type": value}) == found


def test_the_article_of_this_page_goes_before_others() -> None:
    nodes: list[Any] = [
        article(headline="Other", url="https://news.example/other", author="A", image="i", datePublished="2024-01-01"),
        article(headline="This", mainEntityOfPage={"@id": "http://news.example/story/?utm=1#top"}),
    ]
    assert article_node(nodes, "https://news.example/story")["headline"] == "This"  # type: ignore[index]


def test_else_the_one_that_says_most_and_of_equals_the_first() -> None:
    nodes: list[Any] = [
        article(headline="Bare"),
        article(headline="First", author="A"),
        article(headline="Second", author="B"),
    ]
    assert article_node(nodes, None)["headline"] == "First"  # type: ignore[index]


def test_other_types_are_no_article() -> None:
    assert article_node([{"@type": "WebPage", "headline": "x"}, {"@type": "Organization"}], None) is None


KEYS = st.sampled_from(
    "@type @id @graph url headline name author image publisher keywords articleBody datePublished mainEntity hasPart "
    "inLanguage isAccessibleForFree articleSection description givenName contentUrl".split()
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=10),
    st.just("NewsArticle"),
    st.just("2024-05-01"),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=6)),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(KEYS, VALUES, max_size=8))
def test_any_json_is_read(fields: dict[str, Any]) -> None:
    source = json.dumps({**fields, "@type": "NewsArticle"}).replace("</", "<\\/")
    found = read(script(source))
    assert found.declared
    for name, value in found.values.items():
        assert name in found.sources
        assert isinstance(value, (str, bool, tuple))
        str(value).encode()
        found.sources[name].raw.encode()


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet='{}[]",:\\/-*<>!a1 \n', max_size=60))
def test_any_script_is_read_or_left(text: str) -> None:
    assert isinstance(nodes(script(text) + script(GOOD)), list)


def test_of_one_broken_object_after_a_sound_one_both_are_read() -> None:
    text = '{"@type": "WebPage"}{"@type": "NewsArticle", "headline": "The "old" bridge",}'
    assert headlines(script(text)) == [None, 'The "old" bridge']


def test_references_are_resolved() -> None:
    person = {"@type": "Person", "@id": "#a", "name": "Ann"}
    graph = read_graph([json.dumps({"@graph": [article(author={"@id": "#a"}), person]})])
    assert graph.resolved({"@id": "#a"}) == person
    assert graph.resolved({"@id": "#other"}) == {"@id": "#other"}
    assert graph.resolved("Ann") == "Ann"


def test_page_node() -> None:
    nodes: list[Any] = [{"@type": "Organization"}, {"@type": "WebPage", "datePublished": "2024-05-01"}]
    assert page_node(nodes, None) == nodes[1]
    assert page_node(nodes[:1], None) is None


def test_article_body_of_the_chosen_node_else_of_the_only_one() -> None:
    one, two, bare = article(articleBody="One."), article(articleBody="Two."), article(headline="x")
    assert article_body([one, two], two) == "Two."
    assert article_body([one, bare], bare) == "One."
    assert article_body([one, two, bare], bare) is None
    assert article_body([{"@type": "Recipe", "articleBody": "One."}], None) == "One."


def test_article_body_of_a_live_blog_is_that_of_its_posts() -> None:
    posts = [{"@type": "BlogPosting", "articleBody": "One."}, {"@type": "BlogPosting"}, "x", {"articleBody": "Two."}]
    assert article_body([], article(liveBlogUpdate=posts)) == "One.\nTwo."
