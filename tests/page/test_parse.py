"""Bytes -> Page: whatever is wrong with them, they are read as far as they go, or a PageError says why not."""

import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from newsclean.errors import EmptyPageError, NotHtmlError, PageError, PageTooLargeError
from newsclean.model import Capture
from newsclean.page import Page, read_page

LIMIT = 16 * 1024 * 1024


def read(body: bytes, url: str = "https://news.example/a", limit: int = LIMIT) -> Page:
    return read_page(Capture(url=url, final_url=url, body=body), limit=limit)


def texts(body: bytes) -> list[str]:
    return [block.text for block in read(body).blocks]


def test_a_page() -> None:
    page = read("<title>Ä</title><p>Die Brücke ist zu.".encode())
    assert page.url == "https://news.example/a"
    assert page.charset == "utf-8"
    assert page.diagnostics == ()
    assert [block.text for block in page.blocks] == ["Die Brücke ist zu."]


def test_a_page_without_a_url() -> None:
    assert read(b"<p>x", url="").url is None


@pytest.mark.parametrize(
    "body",
    [
        b"<p>one<p>two</div></span><b><i>three</b></i>",
        b"<html><body><body><p>one<div>two</p>three",
        b"<p one='<p>one</p><p>'>one</p><p>two</p><p>three",
        b"<P>one</P><DIV CLASS=a>two<TABLE>three",
        b"one<p>two</p>three",
    ],
)
def test_broken_markup_keeps_its_text(body: bytes) -> None:
    found = "".join(texts(body)).replace(" ", "")
    assert "two" in found
    assert found.endswith("three")


def test_control_characters_and_lone_surrogates_are_spaces() -> None:
    assert texts(b"<p>one\x0btwo&#xD800;&#0;three</p>" + b"<p>word word word word word word</p>" * 4)[0].startswith(
        "one"
    )


@pytest.mark.parametrize(
    "body", [b"just words", b'{"a": 1}', b"col;col\n1;2\n", b"<?xml version='1.0'?><rss><item/></rss>"]
)
def test_text_without_a_tag_is_no_page(body: bytes) -> None:
    with pytest.raises(NotHtmlError):
        read(body)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (
            b"<?xml version='1.0'?><!-- made <by> hand --><rss><item><description><p>A story</p></description></rss>",
            "an RSS",
        ),
        (b"\xef\xbb\xbf\n<rdf:RDF xmlns='x'><item><p>A story</p></item></rdf:RDF>", "an RSS"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><p>A story</p></entry></feed>", "an Atom"),
        (
            b"<?xml version='1.0'?><?xml-stylesheet a?><urlset><url><title>A</title></url></urlset>",
            "a site",
        ),
        (b' {\n "body": "<p>A story</p>"}\n', "JSON"),
        (b'[["<p>A story</p>"]]', "JSON"),
    ],
)
def test_what_has_html_inside_is_no_page(body: bytes, name: str) -> None:
    with pytest.raises(NotHtmlError, match=f"not a page but {name}"):
        read(body)


@pytest.mark.parametrize(
    "before",
    [
        "<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x' 'y'>",
        "<!-- <rss> -->",
        '{"shown": "before the page"}',
        "[1]",
        "<svg></svg>",
    ],
)
def test_what_stands_before_a_page(before: str) -> None:
    page = before + "<html><body>" + "<p>word word word word word word</p>" * 4 + "</body></html>"
    assert texts(page.encode())[-1] == "word word word word word word"


@pytest.mark.parametrize("body", [b"", b"   "])
def test_empty_page(body: bytes) -> None:
    with pytest.raises(EmptyPageError):
        read(body)


@pytest.mark.parametrize("body", [b"<html></html>", b"<!doctype html>", b"<body><script>x()</script></body>"])
def test_a_page_without_text_has_no_blocks_or_is_empty(body: bytes) -> None:
    try:
        found = read(body)
    except EmptyPageError:
        return
    assert found.blocks == ()


@pytest.mark.parametrize("tag", ["div", "span", "b", "blockquote", "ul><li", "table><tr><td", "font"])
def test_nested_20_000_deep(tag: str) -> None:
    closing = "".join(f"</{name}>" for name in reversed(tag.split("><")))
    source = "<p>before</p>" + f"<{tag}>" * 20_000 + "deep" + closing * 20_000 + "<p>after</p>"
    found = texts(source.encode())
    assert found[0] == "before"
    assert "deep" in " ".join(found)
    assert found[-1] == "after"


def test_nested_20_000_deep_and_never_closed() -> None:
    found = texts(("<p>before</p>" + "<div>word " * 20_000).encode())
    assert found[0] == "before"
    assert " ".join(found).count("word") == 20_000


def test_10_mb_on_one_line() -> None:
    tracemalloc.start()
    try:
        found = read(b"<p>" + b"The bridge is closed. " * 480_000 + b"</p><p>after</p>").blocks
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [len(block.text) for block in found] == [480_000 * 22 - 1, 5]
    assert peak < 400_000_000


def test_10_mb_of_one_attribute() -> None:
    assert texts(b'<p title="' + b"a" * 10_000_000 + b'">one</p><p>two</p>') == ["one", "two"]


def test_100_000_blocks() -> None:
    assert len(texts(b"<p>one</p>" * 100_000)) == 100_000


def test_larger_than_the_limit() -> None:
    with pytest.raises(PageTooLargeError):
        read(b"<p>" + b"a" * 1000, limit=1000)


def test_an_entity_bomb_stays_small() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "boom"}">' for n in range(12))
    found = texts(f"<!DOCTYPE html [{entities}]><html><body><p>one &e11; two</p></body></html>".encode())
    assert sum(map(len, found)) < 5000


def test_nothing_is_loaded_from_elsewhere() -> None:
    source = f'<!DOCTYPE html [<!ENTITY x SYSTEM "file://{__file__}">]><html><body><p>one &x; two</p></body></html>'
    assert "pytest" not in " ".join(texts(source.encode()))


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="<>/!-=\"' &;#abdivpul\x00\x0c", max_size=300))
def test_any_markup_gives_a_page_or_a_page_error(source: str) -> None:
    try:
        page = read(("<p>" + source).encode())
    except PageError:
        return
    before = etree.tostring(page.tree)
    assert read(("<p>" + source).encode()).blocks == page.blocks
    assert etree.tostring(page.tree) == before


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<html><body><p>one</p></body></html><div>two</div><p>three", ["one", "two", "three"]),
        ("<html><body><p>one</p></body></html>two<p>three</p></body></html>", ["one", "two", "three"]),
        ("<HTML><BODY><P>one</P></BODY></HTML>\n<HTML><BODY><P>two", ["one", "two"]),
        ("<p>one</p></body></html><!-- x --><p>two</p></body></html><!-- y -->\n", ["one", "two"]),
        ("<p>one</p></html>" + " " * 3000 + "<p>two</p>", ["one", "two"]),
        ("<p>one</p></body><p>two</p></html>", ["one", "two"]),
    ],
)
def test_what_stands_behind_the_end_of_the_page_is_in_its_body(body: str, expected: list[str]) -> None:
    page = read(body.encode())
    assert [block.text for block in page.blocks] == expected
    assert page.tree.getnext() is None


def test_deep_nesting_behind_a_hundred_faults() -> None:
    assert (
        texts(b"<p>before</p>" + b"</x>" * 500 + b"<div>" * 5000 + b"deep" + b"</div>" * 5000 + b"<p>after</p>")[-1]
        == "after"
    )


def test_a_tag_without_an_end_in_a_page_that_is_flattened() -> None:
    found = texts(b"<div>" * 3000 + b"<" + b"a" * 200_000 + b"<p>after</p>")
    assert found[-1] == "after"


@pytest.mark.parametrize(
    "body",
    [
        '<?xml version="1.0" encoding="iso-8859-1"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p>Ærø</p></body></html>',
        '<html><head><meta charset="iso-8859-1"></head><body><p>Ærø</p></body></html>',
        '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><p>Ærø</p>',
    ],
)
def test_a_wrong_declaration_in_the_page(body: str) -> None:
    assert texts(body.encode()) == ["Ærø"]


def test_two_charsets_in_one_page() -> None:
    (found,) = texts(b"<meta charset=utf-8><p>" + "Ærø ".encode() * 400 + "Ærø".encode("latin-1") + b" end</p>")
    assert found.startswith("Ærø Ærø")
    assert found.endswith("end")


@pytest.mark.parametrize("code", [0, 1, 8, 11, 12, 14, 31, 0xFFFE, 0xFFFF])
def test_characters_that_no_tree_holds_are_spaces(code: int) -> None:
    page = read(f"<p>one{chr(code)}two Æ</p>".encode() + b"<p>word</p>" * 50)
    assert page.blocks[0].text == "one two Æ"
    assert chr(code) not in page.html


def test_a_clean_page_is_read_from_its_own_bytes() -> None:
    source = "<p>Ærø\t\r\n\x1b[x</p>".replace("\x1b", "")
    page = read(source.encode())
    assert page.html == source
