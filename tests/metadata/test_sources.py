"""One pass over the elements that hold metadata."""

from lxml import etree

from newsclean.metadata.sources import gather, one_line, printable
from tests.metadata.pages import meta, page, script


def test_meta_elements_by_any_name_in_their_order() -> None:
    source = '<meta name="Author" content=" Ann \n Cole "><meta itemprop="author" content="Bo Dahl">'
    found = gather(page(source + meta("og:title", "") + "<meta content='x'>").tree)
    assert found.metas == {"author": ["Ann Cole", "Bo Dahl"]}
    assert list(found.meta("other", "author")) == [("meta:author", "Ann Cole"), ("meta:author", "Bo Dahl")]


def test_not_more_values_of_a_name_than_any_page_has() -> None:
    assert len(gather(page(meta("author", "Ann Cole") * 1000).tree).metas["author"]) == 50


def test_the_title_of_the_page_not_of_a_drawing() -> None:
    drawing = "<svg><title>Menu</title></svg>"
    assert gather(page(body=drawing + "<title>The bridge</title>").tree).title == "The bridge"
    assert gather(page(body=drawing).tree).title is None


def test_times_with_what_they_are_called_and_the_headings_before_them() -> None:
    body = '<time class="Top">1 May</time><h1>x</h1><time datetime="2024-05-01" pubdate>Wednesday</time>'
    times = gather(page(body=body).tree).times
    assert [(time.value, time.headings) for time in times] == [("1 May", 0), ("2024-05-01", 1)]
    assert times[0].name == "top"
    assert "pubdate" in times[1].name


def test_json_ld_scripts_and_no_others() -> None:
    assert gather(
        page(script("{}") + "<script>{}</script><script type='application/json'>{}</script>").tree
    ).scripts == ["{}"]


def test_canonical_links() -> None:
    links = '<link rel="stylesheet" href="/a.css"><link rel="CANONICAL" href=" /a "><link rel="canonical">'
    assert gather(page(links).tree).links == [("canonical", "/a")]


def test_the_tree_stays_as_it_is() -> None:
    tree = page(meta("author", "Ann Cole") + script("{}"), "<h1>x</h1><time>1 May</time>").tree
    before = etree.tostring(tree)
    gather(tree)
    assert etree.tostring(tree) == before


def test_one_line() -> None:
    assert one_line(" a\n b ") == "a b"
    assert one_line("a &amp; b") == "a & b"
    assert one_line(["a", "b"]) == "a"
    assert one_line("\x00\ud83d") is None
    assert one_line(None) is None
    assert one_line(3) is None


def test_printable() -> None:
    assert printable("a\x00b") == "a b"
    assert printable(True) == "True"
