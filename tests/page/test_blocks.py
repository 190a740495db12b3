"""Tree -> Block[]: order, borders, kinds, links, and nothing lost or doubled."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html
from lxml.etree import _Element

from newsclean.model import Block, Capture
from newsclean.page import parsed, read_page
from newsclean.page.blocks import blocks_of


def blocks(body: str) -> tuple[Block, ...]:
    return blocks_of(parsed(f"<!doctype html><html><head><title>No</title></head><body>{body}</body></html>"))


def texts(body: str) -> list[str]:
    return [block.text for block in blocks(body)]


def only(body: str) -> Block:
    (block,) = blocks(body)
    return block


def test_reading_order_and_index() -> None:
    found = blocks("<header><p>One</p></header><main><h1>Two</h1><ul><li>Three<li>Four</ul></main><p>Five</p>")
    assert [block.text for block in found] == ["One", "Two", "Three", "Four", "Five"]
    assert [block.index for block in found] == [0, 1, 2, 3, 4]


def test_text_around_child_blocks_is_in_blocks_of_its_own() -> None:
    assert texts("before<p>one</p>between <b>bold</b><div>two</div>after") == [
        "before",
        "one",
        "between bold",
        "two",
        "after",
    ]


def test_inline_elements_do_not_cut_words() -> None:
    assert texts("<p>un<b>brea</b>k<i>able</i>, <span>he</span> said</p>") == ["unbreakable, he said"]


def test_spaces_are_folded() -> None:
    assert texts("<p>\n  The&nbsp;old\t\tbridge \u2003 <b> is </b>\r\n closed\n</p>") == ["The old bridge is closed"]


@pytest.mark.parametrize("sign", ["\u00ad", "\u200b", "\u2060", "\ufeff"])
def test_invisible_signs_are_left_out(sign: str) -> None:
    assert texts(f"<p>Hafen{sign}verwaltung</p><p>{sign}</p>") == ["Hafenverwaltung"]


def test_joiners_that_shape_letters_stay() -> None:
    assert texts("<p>می\u200cخواهم क्\u200dष</p>") == ["می\u200cخواهم क्\u200dष"]


def test_one_br_is_a_line_break_inside_a_paragraph() -> None:
    assert texts("<p>The bridge<br>is closed</p>") == ["The bridge is closed"]


@pytest.mark.parametrize("breaks", ["<br><br>", "<br/> <br/>", "<br>\n&nbsp;<br>\n<br>"])
def test_two_br_part_paragraphs(breaks: str) -> None:
    assert texts(f"<div>The bridge is closed.{breaks}The road is open.</div>") == [
        "The bridge is closed.",
        "The road is open.",
    ]


@pytest.mark.parametrize("tag", ["td", "center"])
def test_one_br_parts_the_lines_of_old_pages(tag: str) -> None:
    source = f"<{tag}>The bridge is closed.<br>The road is open.</{tag}>"
    assert texts(f"<table><tr>{source}</table>" if tag == "td" else source) == [
        "The bridge is closed.",
        "The road is open.",
    ]


def test_line_breaks_of_the_source_part_nothing() -> None:
    assert texts("<div>The bridge\n\n\nis closed</div><pre>one\n\ntwo</pre>") == ["The bridge is closed", "one two"]


@pytest.mark.parametrize(
    ("body", "kind", "level"),
    [
        ("<h1>x</h1>", "heading", 1),
        ("<h4><span>x</span></h4>", "heading", 4),
        ("<p>x</p>", "paragraph", 0),
        ("<div>x</div>", "paragraph", 0),
        ("<ul><li>x</li></ul>", "item", 0),
        ("<ul><li><p>x</p></li></ul>", "item", 0),
        ("<dl><dt>x</dt></dl>", "item", 0),
        ("<blockquote>x</blockquote>", "quote", 0),
        ("<blockquote><div><p>x</p></div></blockquote>", "quote", 0),
        ("<figure><figcaption><p>x</p></figcaption></figure>", "caption", 0),
        ("<table><tr><td>x</td></tr></table>", "cell", 0),
        ("<table><tr><th>x</th></tr></table>", "cell", 0),
        ("<table><tr><td><p>x</p></td></tr></table>", "paragraph", 0),
        ("<table><tr><td><h2>x</h2></td></tr></table>", "heading", 2),
    ],
)
def test_kinds(body: str, kind: str, level: int) -> None:
    block = only(body)
    assert (block.kind, block.level) == (kind, level)


@pytest.mark.parametrize(
    "tag",
    ["script", "style", "noscript", "template", "svg", "iframe", "select", "textarea", "video", "audio", "object"],
)
def test_skipped_elements_leave_no_text_but_what_follows_them(tag: str) -> None:
    assert texts(f"<p>before <{tag}>inside</{tag}> after</p>") == ["before after"]


def test_head_and_comments_leave_no_text() -> None:
    assert texts("<p>one<!-- not --><![CDATA[nor this]]> two</p><?php nor this ?>") == ["one two"]


def test_share_of_links() -> None:
    block = only('<p><a href="/a">Harbour</a> opens on <a href="/b"><b>Monday</b></a></p>')
    assert block.text == "Harbour opens on Monday"
    assert block.link_chars == len("HarbourMonday")
    assert block.hrefs == ("/a", "/b")


def test_a_link_around_blocks_counts_in_each() -> None:
    found = blocks('<a href="/a"><h3>Title</h3><p>Teaser</p></a><p>Prose</p>')
    assert [(block.text, block.link_chars) for block in found] == [("Title", 5), ("Teaser", 6), ("Prose", 0)]


def test_link_chars_never_exceed_the_text() -> None:
    found = blocks('<td><a href="/a">one<br><br>two</a><br><br>three</td>')
    assert [block.text for block in found] == ["one", "two", "three"]
    assert all(0 <= block.link_chars <= len(block.text) for block in found)


@pytest.mark.parametrize("anchor", ['<a href="#top">Chapter</a>', '<a name="here">Chapter</a>', "<a>Chapter</a>"])
def test_anchors_within_the_page_are_no_links(anchor: str) -> None:
    assert only(f"<h2>{anchor}</h2>").link_chars == 0


@pytest.mark.parametrize("how", ["hidden", 'style="display: none"', 'style="color:red;VISIBILITY:hidden"'])
def test_hidden(how: str) -> None:
    found = blocks(f"<div {how}><section><p>one</p></section></div><p>two</p>")
    assert [(block.text, block.hidden) for block in found] == [("one", True), ("two", False)]


def test_visible_styles_hide_nothing() -> None:
    assert not only('<p style="display:block;visibility:visible">x</p>').hidden


def test_path_names_tags_ids_and_classes() -> None:
    block = only(
        '<div id=main class="story wide"><section role="main" data-testid="body copy"><p><b>x</b></p></section>'
    )
    assert block.path == ("html", "body", "div#main.story.wide", "section.main.body.copy", "p")


def test_signs_of_a_path_cannot_come_from_a_name() -> None:
    block = only('<div id=" a.b#c " class="w-1/2 x.y"><p>x</p></div>')
    assert block.path[2] == "div#a_b_c.w-1/2.x_y"


def test_nodes_are_the_same_for_the_same_element() -> None:
    one, two, three = blocks("<div class=a><p>one</p><p>two</p></div><div class=a><p>three</p></div>")
    assert one.path == two.path == three.path
    assert len(one.nodes) == len(one.path)
    assert one.nodes[:3] == two.nodes[:3]
    assert one.nodes[3] != two.nodes[3]
    assert one.nodes[:2] == three.nodes[:2]
    assert one.nodes[2] != three.nodes[2]


def test_a_button_around_blocks_is_a_step() -> None:
    assert "button.share" in only('<button class="share"><div>Send</div></button>').path


def test_depth_costs_no_recursion() -> None:
    root = etree.Element("html")
    inner = root
    for _ in range(20_000):
        inner = etree.SubElement(inner, "div")
    inner.text = "deep"
    (block,) = blocks_of(root)
    assert block.text == "deep"
    assert len(block.path) <= 200
    assert len(block.path) == len(block.nodes)


BLOCK_TAGS = ["div", "p", "ul", "li", "section", "table", "tr", "td", "blockquote", "h2", "figcaption", "article"]
INLINE_TAGS = ["span", "b", "a", "em", "button", "label"]
SKIPPED_TAGS = ["script", "style", "svg", "template", "select"]
TEXT = st.none() | st.text(
    alphabet=st.one_of(
        st.sampled_from(" \n\tab\u00a0é漢\u200b"), st.characters(min_codepoint=32, exclude_categories=["C"])
    ),
    max_size=8,
)
Node = tuple[str, Any, Any, list[Any]]
NODES: st.SearchStrategy[Node] = st.recursive(
    st.tuples(st.sampled_from([*BLOCK_TAGS, *INLINE_TAGS, *SKIPPED_TAGS, "br"]), TEXT, TEXT, st.just([])),
    lambda children: st.tuples(
        st.sampled_from([*BLOCK_TAGS, *INLINE_TAGS, *SKIPPED_TAGS]), TEXT, TEXT, st.lists(children, max_size=4)
    ),
    max_leaves=25,
)


def built(node: Node) -> _Element:
    tag, text, tail, children = node
    element: _Element = html.Element(tag)
    if tag == "a":
        element.set("href", "/x")
    element.text = text if tag != "br" else None
    element.tail = tail
    for child in children:
        element.append(built(child))
    return element


def visible(element: _Element) -> str:
    own = "" if element.tag in SKIPPED_TAGS else (element.text or "") + "".join(map(visible, element))
    return own + (element.tail or "")


def squeezed(text: str) -> str:
    return "".join(text.replace("\u200b", "").replace("\u00ad", "").replace("\u2060", "").replace("\ufeff", "").split())


@settings(max_examples=300, deadline=None)
@given(st.lists(NODES, max_size=5))
def test_nothing_is_lost_doubled_or_moved(children: list[Node]) -> None:
    root = html.Element("body")
    for child in children:
        root.append(built(child))
    before = etree.tostring(root)
    found = blocks_of(root)
    assert squeezed("".join(block.text for block in found)) == squeezed(visible(root))
    assert etree.tostring(root) == before
    assert [block.index for block in found] == list(range(len(found)))
    for block in found:
        assert block.text
        assert block.text == " ".join(block.text.split())
        assert 0 <= block.link_chars <= len(block.text)
        assert len(block.path) == len(block.nodes)
    assert blocks_of(root) == found


def test_a_page_without_a_body_tag_has_its_article() -> None:
    # the parser leaves elements that it does not know in the head
    page = read_page(
        Capture(url="", final_url="", body=b"<title>T</title><meta charset=utf-8><article><p>Text</p></article>"),
        limit=1000,
    )
    assert [block.text for block in page.blocks] == ["Text"]


def test_a_template_that_was_never_closed_holds_the_page() -> None:
    text = "The ferry of Wendlow sails again on Thursday, the council said. " * 40
    assert texts(f"<body><template><div></template><p>{text}</p>") == [text.strip()]
    assert texts("<body><template><p>Not shown.</p></template><p>Shown.</p>") == ["Shown."]


@pytest.mark.parametrize(
    ("names", "kept"),
    [
        ("post hentry tag-newsletter category-ads author-ann", "post.hentry"),
        ("type-post status-publish tag-cloud", "type-post.status-publish"),
        ("tag-cloud category-list", "tag-cloud.category-list"),
        ("hentry tagline", "hentry.tagline"),
    ],
)
def test_what_an_article_is_filed_under_is_no_name_of_its_element(names: str, kept: str) -> None:
    (block,) = blocks_of(parsed(f'<article class="{names}"><p>The old bridge stays open.</p></article>'))
    assert block.path[-2] == f"article.{kept}"
