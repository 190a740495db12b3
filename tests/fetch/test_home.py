import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsclean.errors import SourceError
from newsclean.fetch.home import MAX_BYTES, feed_links

URL = "http://news.example/en/"
LINK = '<link rel="alternate" type="application/rss+xml" href="rss">'


@pytest.mark.parametrize(
    ("page", "links"),
    [
        (LINK, ["http://news.example/en/rss"]),
        (LINK * 2, ["http://news.example/en/rss"]),
        (LINK.replace("rss+xml", "atom+xml"), ["http://news.example/en/rss"]),
        (LINK.replace("rss+xml", "feed+json"), ["http://news.example/en/rss"]),
        (LINK.replace("rss+xml", "json"), []),
        (LINK.replace("alternate", "stylesheet"), []),
        (LINK.replace('"rss"', '"?a=1&amp;b=ü"'), ["http://news.example/en/?a=1&b=%C3%BC"]),
        (f"<base href='/'>{LINK}", ["http://news.example/rss"]),
        (f"<base href='http://['>{LINK}", ["http://news.example/en/rss"]),
        (f"<!-- {LINK} -->", []),
        (f"<body><div>{LINK}", ["http://news.example/en/rss"]),
        ('<link rel="alternate" type="application/rss+xml">', []),
        ("", []),
        ("<", []),
    ],
    ids=range(14),
)
def test_links(page: str, links: list[str]) -> None:
    body = page.encode()
    assert feed_links(body, URL) == links
    assert feed_links(gzip.compress(body), URL) == links


def test_only_the_beginning_is_read() -> None:
    assert feed_links(b" " * MAX_BYTES + LINK.encode(), URL) == []


def test_deep_elements_behind_it() -> None:
    assert feed_links(LINK.encode() + b"<div>" * 100_000, URL) == ["http://news.example/en/rss"]


def test_gzip_that_is_none() -> None:
    with pytest.raises(SourceError, match="gzip"):
        feed_links(b"\x1f\x8b nonsense", URL)


@given(
    st.binary(max_size=200) | st.text(max_size=100).map(lambda text: f"{LINK}{text}{LINK}".encode("utf-8", "replace"))
)
def test_any_bytes_give_links(body: bytes) -> None:
    try:
        links = feed_links(body, URL)
    except SourceError:
        return
    assert all(link.startswith("http") for link in links)
