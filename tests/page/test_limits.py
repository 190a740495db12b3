"""Pages made to take forever: each ends with an outcome, after work that grows no faster than the page."""

import pytest

import newsclean
from newsclean.errors import PageTooLargeError
from newsclean.model import Capture
from newsclean.page import read_page
from newsclean.page.blocks import blocks_of
from newsclean.page.parse import parsed
from newsclean.settings import Settings

LINE = "The ferry to Northholm sails again since Tuesday morning, the harbour master Lise Aamodt said. "
ENDS = ("article", "not-article:", "page-too-large", "not-html", "empty-page")
PAGES = {
    "one text node": "<p>" + LINE * 10_000,
    "one long word": "<p>" + "a" * 500_000,
    "digits": "<p>" + "1" * 300_000,
    "class names of 10,000 characters": f'<div class="{"x" * 10_000}" id="{"y" * 10_000}"><p>{LINE}</p></div>' * 20,
    "many class names": "".join(
        f"<div class='{' '.join(f'c{i}-{j}' for j in range(200))}'><p>{LINE}</div>" for i in range(20)
    ),
    "NUL bytes": f"<p>{LINE}\0\0{LINE}</p>" * 50,
    "plaintext": f"<p>{LINE}</p><plaintext><p>{LINE}</p>" * 20,
    "unclosed tags": f"<div><p>{LINE}<b>" * 300,
    "unclosed inline tags": "<p>" + f"<b><i>{LINE}" * 300,
    "closed before it is open": "</div></p></table></b>" * 5000 + f"<p>{LINE * 4}",
    "nested forms": f"<form><fieldset><p>{LINE}" * 300,
    "nested tables": f"<table><tr><td>{LINE}" * 300,
    "tables as layout": f"<table><tr><td width=1></td><td><font>{LINE}</font></td></tr></table>" * 300,
    "links": '<a href="/x">two words</a> ' * 5000 + f"<p>{LINE * 4}",
    "line breaks": "<p>" + f"{LINE}<br><br>" * 1000,
    "tag signs": "<p>" + "<" * 100_000 + LINE,
    "references to nothing": "<p>" + "&a" * 100_000 + LINE,
    "spaces": "<p>" + " " * 500_000 + LINE,
    "comments": f"<p>{LINE}</p>" + "<!-- x -->" * 20_000 + "<!-- " * 20_000,
    "40,000 attributes": "<div " + " ".join(f'a{i}=">"' for i in range(40_000)) + f"><p>{LINE * 4}",
    "40,000 attributes without a value": "<div " + " ".join(f"a{i}" for i in range(40_000)) + f"><p>{LINE * 4}",
    "ends again and again": f"<html><body><p>{LINE * 4}" + "</body></html>" * 20_000 + "more",
    "dates": "<p>" + "3 May 2024 and " * 5000 + f"</p><p>{LINE * 4}",
    "times": '<time datetime="2024-01-01">x</time>' * 5000 + f"<p>{LINE * 4}",
    "metadata": '<meta name="author" content="Ann Cole">' * 5000 + f"<p>{LINE * 4}",
    "JSON-LD without an end": '<script type="application/ld+json">'
    + '[{"@type":"NewsArticle",' * 5000
    + f"</script><p>{LINE}",
    "data without an end": "<script>x={y:[" + '{"a":[' * 50_000 + f"</script><p>{LINE}",
    "data in data": "<script>" + 'x={"y":"={"};' * 20_000 + f"</script><p>{LINE}",
    "frames": f"<frameset><frame></frameset><noframes><p>{LINE}</noframes>",
}


@pytest.mark.parametrize("name", PAGES)
def test_every_page_ends(name: str) -> None:
    found = newsclean.extract(PAGES[name], url="https://news.example/a")
    assert found.outcome.startswith(ENDS)
    assert len(found.verdicts) == len(found.blocks)


def test_more_elements_than_the_limit() -> None:
    found = newsclean.extract("<p>one</p>" * 2000 + LINE, settings=Settings(max_page_nodes=1000))
    assert found.outcome == PageTooLargeError.code
    assert "limit of 1000" in found.message


@pytest.mark.parametrize("nodes", [1002, 1003])
def test_the_limit_of_elements_is_inclusive(nodes: int) -> None:
    capture = Capture(url="", final_url="", body=b"<html><body>" + b"<p>one</p>" * 1001)
    if nodes == 1003:
        assert len(read_page(capture, limit=10**6, nodes=nodes).blocks) == 1001
    else:
        with pytest.raises(PageTooLargeError, match="1003 elements"):
            read_page(capture, limit=10**6, nodes=nodes)


def test_tags_in_scripts_are_no_elements() -> None:
    body = b"<p>one</p><script>" + b"'<p>'" * 3000 + b"</script>"
    assert len(read_page(Capture(url="", final_url="", body=body), limit=10**6, nodes=1000).blocks) == 1


def test_a_flood_of_tags_is_refused_before_a_tree_is_made() -> None:
    with pytest.raises(PageTooLargeError, match="tags"):
        read_page(Capture(url="", final_url="", body=b"<b>" * 100_000), limit=10**6, nodes=1000)


def test_more_bytes_than_the_limit() -> None:
    found = newsclean.extract("<p>" + LINE * 1000, settings=Settings(max_page_bytes=1000))
    assert found.outcome == PageTooLargeError.code
    assert "1000" in found.message


def test_100_000_blocks_are_read() -> None:
    assert len(blocks_of(parsed("<p>one</p>" * 100_000))) == 100_000


def test_20_mb_are_read_where_the_limit_allows() -> None:
    body = b"<p>" + (LINE.encode() * 100 + b"</p><p>") * 2200
    assert len(body) > 20_000_000
    page = read_page(Capture(url="", final_url="", body=body), limit=32 * 1024 * 1024)
    assert len(page.blocks) == 2200


def test_a_tag_of_1000_attributes_loses_them_and_nothing_else() -> None:
    many = " ".join(f'a{i}="x > y"' for i in range(5000))
    (block,) = blocks_of(parsed(f"<div id=outer><div {many} class=z><p>{LINE}</p></div></div>"))
    assert block.text == LINE.strip()
    assert block.path[2] == "div#outer"


def test_a_missing_quotation_mark() -> None:
    found = newsclean.extract(f'<p>{LINE}</p><a href="/x>{"word " * 5000}</a><p class="b">{LINE * 3}</p>')
    assert found.outcome.startswith(ENDS)
