"""Structured text becomes the HTML that says the same."""

from typing import Any

import pytest

from newsclean.page.rich import Renderer, element_of, prose_letters
from newsclean.page.state import State


def html(value: Any, state: State | None = None) -> str:
    return Renderer(state or State("x", None)).html(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("one", "<p>one</p>"),
        ("one\n\n two\nthree", "<p>one</p><p>two</p><p>three</p>"),
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
        ("a &amp; b", "<p>a &amp; b</p>"),
        ("<p>one</p>", "<div><p>one</p></div>"),
        ("/a/b.jpg", ""),
        ("some-class-name", ""),
        (["one", "two"], "<p>one</p><p>two</p>"),
        ({"type": "p", "text": "one"}, "<p>one</p>"),
        ({"type": "heading", "level": 4, "text": "one"}, "<h4>one</h4>"),
        ({"tag": "h3", "content": "one"}, "<h3>one</h3>"),
        ({"type": "list", "items": ["one", "two"]}, "<ul><li>one</li><li>two</li></ul>"),
        ({"type": "image", "text": "one"}, ""),
        (
            {"type": "p", "children": [{"text": "one "}, {"type": "a", "href": "/b", "text": "two"}]},
            '<p>one <a href="/b">two</a></p>',
        ),
        ({"type": "p", "children": ["one", {"type": "br"}, "two"]}, "<p>one<br>two</p>"),
        ({"title": "A title", "content": [{"type": "p", "text": "one"}]}, "<h2>A title</h2><p>one</p>"),
        ({"h2": "one"}, "<h2>one</h2>"),
        (["$", "p", None, {"children": ["one ", ["$", "em", None, {"children": "two"}]]}], "<p>one <em>two</em></p>"),
        (["$", "$L7", None, {"html": "<p>one</p>"}], "<div><div><p>one</p></div></div>"),
        (["p", {}, "one ", ["b", {}, "two"]], "<p>one <b>two</b></p>"),
        (["ul", ["li", "one"], ["li", "two"]], "<ul><li>one</li><li>two</li></ul>"),
        (None, ""),
        (7, ""),
        ({}, ""),
    ],
)
def test_html(value: Any, expected: str) -> None:
    assert html(value) == expected


def test_references_and_tables() -> None:
    assert html(["$1"], State("x", None, {"$1": "one"})) == "<p>one</p>"
    assert html({"content": {"__ref": "P:1"}}, State("x", None, {"P:1": {"text": "one"}})) == "<p>one</p>"
    table = ["text", "one", "two", {"_0": 1}, [3, 2]]
    assert html([4], State("x", None, table=table)) == "<p>one</p><p>two</p>"


def test_a_list_that_holds_itself_ends() -> None:
    value: list[Any] = ["one"]
    value.append(value)
    assert html(value).count("one") < 100


@pytest.mark.parametrize("value", [[], ["a", "b"], ["one", "two"], [{"p": 1}], ["$", "p"], [1, "p"]])
def test_lists_that_are_no_elements(value: list[Any]) -> None:
    assert element_of(value) is None


@pytest.mark.parametrize(
    "text",
    [
        "short",
        "https://news.example/2024/05/ferry-to-northholm-sails-again",
        "function(a){return a==1?b:c;} function(a){return a==1?b:c;}",
        "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJz",
        ".a{color:red} .b{color:red} .c{color:red} .d{color:red}",
    ],
)
def test_no_prose(text: str) -> None:
    assert prose_letters(text) == 0


def test_prose_counts_without_its_tags() -> None:
    assert prose_letters("<p>The ferry to Northholm sails again since Tuesday.</p>") == 49
    assert prose_letters("&lt;p&gt;The ferry to Northholm sails again since Tuesday.&lt;/p&gt;") == 49
    assert prose_letters("橋は今月末まで歩行者だけが通行できる、と市長は木曜日の夜に発表した。工事は") > 30
