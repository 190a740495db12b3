import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsclean.errors import BadUrlError
from newsclean.urls import canonical, host_of, join, shown, to_uri


@pytest.mark.parametrize(
    ("url", "uri"),
    [
        (" http://news.example/a \n", "http://news.example/a"),
        ("HTTP://news.example/a#part", "http://news.example/a"),
        ("http://news.example", "http://news.example/"),
        ("http://news.example?x=1", "http://news.example/?x=1"),
        ("http://news.example/a b?q=ü|x", "http://news.example/a%20b?q=%C3%BC%7Cx"),
        ("http://Köln.example/Dom", "http://xn--kln-sna.example/Dom"),
        ("http://news.example/%E4", "http://news.example/%E4"),
        ("http://news.example:8080/", "http://news.example:8080/"),
        ("http://[2001:db8::1]:8080/a", "http://[2001:db8::1]:8080/a"),
        ("https://news.example/a?b=%2F&c", "https://news.example/a?b=%2F&c"),
    ],
)
def test_to_uri(url: str, uri: str) -> None:
    assert to_uri(url) == uri


@pytest.mark.parametrize(
    "url",
    [
        "",
        "news.example/a",
        "ftp://news.example/a",
        "javascript:alert(1)",
        "http://",
        "http:///a",
        "http:// /a",
        "http://news example/a",
        "http://news.example:port/",
        "http://news.example:99999/",
        "http://[::1/",
        "http://<host>/",
        "mailto:a@news.example",
        "http://news.example/" + "a" * 20_000,
    ],
)
def test_what_is_no_url(url: str) -> None:
    with pytest.raises(BadUrlError) as caught:
        to_uri(url)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://news.example/a", "https://news.example/a"),
        ("http://news.example/a", "http://NEWS.example:80/a/"),
        ("http://news.example/a", "http://news.example/a#comments"),
        ("http://news.example/a", "http://news.example/a?utm_source=x&UTM_medium=y&fbclid=1&gclid=2"),
        ("http://news.example/a?id=1&p=2", "http://news.example/a?p=2&id=1&mc_cid=3"),
        ("http://news.example/%7euser/%c3%bc", "http://news.example/~user/ü"),
        ("http://news.example/b", "http://news.example/a/../b"),
        ("http://news.example", "http://news.example/"),
        ("http://köln.example/", "http://xn--kln-sna.example/"),
    ],
)
def test_duplicates(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://news.example/story.php?8399", "http://news.example/story.php?8400"),
        ("http://news.example/a?cid=1", "http://news.example/a?cid=2"),
        ("http://news.example/a?gallery=1", "http://news.example/a?gallery=2"),
        ("http://news.example/a?ref=1", "http://news.example/a"),
        ("http://news.example/A", "http://news.example/a"),
        ("http://news.example/a%2Fb", "http://news.example/a/b"),
        ("http://news.example/a", "http://news.example:8080/a"),
        ("http://www.news.example/a", "http://news.example/a"),
        ("http://news.example/a?x=%26", "http://news.example/a?x=&"),
    ],
)
def test_stories_that_are_not_the_same(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@given(st.text(max_size=60))
def test_any_text_is_a_url_or_a_bad_url(text: str) -> None:
    for candidate in (text, f"http://news.example/{text}", f"https://{text}/"):
        try:
            uri = to_uri(candidate)
        except BadUrlError:
            continue
        assert uri.isascii()
        assert not any(c.isspace() for c in uri)
        assert to_uri(uri) == uri
        assert canonical(uri) == canonical(candidate)
        assert host_of(uri)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://News.example/a", "news.example"),
        ("https://news.example:443/", "news.example"),
        ("https://news.example:80/", "news.example:80"),
        ("http://[::1]:8080/", "[::1]:8080"),
        ("no url", ""),
        ("http://[x/", ""),
    ],
)
def test_host_of(url: str, host: str) -> None:
    assert host_of(url) == host


def test_join() -> None:
    assert join("http://news.example/a/b?c", "../d?e#f") == "http://news.example/d?e"
    assert join("http://news.example/a", "//other.example") == "http://other.example/"
    assert join("https://news.example/a", "?page=2") == "https://news.example/a?page=2"
    with pytest.raises(BadUrlError):
        join("http://news.example/a", "mailto:x@news.example")
    with pytest.raises(BadUrlError):
        join("http://news.example/a", "http://[x/")


def test_shown_is_one_short_line() -> None:
    assert shown("a\n b") == "'a b'"
    assert len(shown("x" * 10_000_000)) < 130
