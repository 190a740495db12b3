import pytest
import surt as reference
from hypothesis import given, settings
from hypothesis import strategies as st

from newsclean.warc.surt import surt

URLS = [
    "https://www.news.example/2026/11/22/story.html",
    "HTTP://WWW2.News.Example:80/A/B/../c/./?Q=1&a=2#top",
    "https://news.example:443/",
    "https://news.example:8443/story?b=2&a=1&a=0&c",
    "http://news.example",
    "http://news.example?",
    "http://news.example/?",
    "http://news.example?a=1",
    "http://news.example/%7Euser/%2541/a%20b/%C3%BC?x=%26&y=%3D",
    "http://news.example/ü/日本?q=ö",
    "https://münchen.example/a",
    "https://xn--mnchen-3ya.example/a",
    "http://" + "ü" * 70 + ".example/",
    "http://user:secret@news.example/",
    "http://news.example./a//b///c/",
    "http://news..example/",
    "http://192.0.2.7/a",
    "http://192.0.2.7:8080/a",
    "http://127.1/",
    "http://017700000001/",
    "http://3221225985/",
    "http://99999999999/",
    "http://256.1.1.1/",
    "http://[2001:db8::1]:81/a",
    "http://news.example:/a",
    "http://news.example:x/a",
    "http://news.example:70000/a",
    "http:////news.example/a",
    "http:news.example/a",
    "http://https://news.example/a",
    "news.example/a",
    "news.example:8080/a",
    "dns:news.example",
    "dns:www.news.example",
    "ftp://www.news.example:21/a",
    "urn:uuid:1234",
    "urn:pageinfo:https://news.example/a",
    "mailto:desk@news.example",
    "metadata://gnu.org/software/wget/warc/wget.log",
    "filedesc://a.arc",
    "  http://news.example/a \n",
    "http://news.example/a\nb\tc d",
    "http://news.example/(s(abcdefghijklmnopqrstuvwx))/page.aspx",
    "http://news.example/(abcdefghijklmnopqrstuvwx)/page.aspx?x=1",
    "http://news.example/(tooShort)/page.aspx",
    "http://news.example/?PHPSESSID=0123456789abcdef0123456789ABCDEF&a=1",
    "http://news.example/?a=1&jsessionid=0123456789abcdef0123456789abcdef",
    "http://news.example/?sid=0123456789abcdef0123456789abcdef",
    "http://news.example/?ASPSESSIONIDABCDEFGH=abcdefghijklmnopqrstuvwx&z=1",
    "http://news.example/?cfid=123&cftoken=abc&b=1&a",
    "http://news.example/../../a",
    "http://news.example/?utm_source=feed&utm_medium=rss",
    "",
    "   ",
    "://",
    "http://",
    "http:///",
    "/a",
    "?a",
    "#a",
]


def by_reference(url: str) -> str:
    """What cdxj-indexer takes: its surt package, and the URL as it is where that fails."""
    try:
        return str(reference.surt(url))
    except Exception:  # noqa: BLE001 - as it does
        return url


@pytest.mark.parametrize("url", URLS)
def test_as_the_surt_package(url: str) -> None:
    assert surt(url) == by_reference(url)


PIECES = st.sampled_from(
    [
        *("http://", "https://", "HTTP://", "ftp:", "dns:", "filedesc", "user:pw@", "@", "[::1]", "www.", "www2."),
        *("news.example", "a.b.", "münchen.example", "日本", "xn--", "127.1", "017.1", "1.2.3.4", "256.1.1.1", "99999"),
        *(".", "..", "/", "//", "?", "&", "=", "#", ":", ":80", ":443", ":8080", "%", "%20", "%2520", "%C3%BC", "%2F"),
        *("%3F", "%23", "jsessionid=" + "a1" * 16, "sid=" + "F" * 32, "cfid=12&cftoken=3", "(s(" + "a" * 24 + "))"),
        *("(" + "b" * 24 + ")", ".aspx", "\t", " ", "\n", "A", "z", "0", "\\", "+", "|", "ü", "é", "\u00a0", "\x00"),
    ]
)


@settings(max_examples=500, deadline=None)
@given(st.lists(PIECES, max_size=9).map("".join))
def test_as_the_surt_package_for_any_pieces(url: str) -> None:
    assert surt(url) == by_reference(url)


@settings(deadline=None)
@given(st.text(max_size=40))
def test_as_the_surt_package_for_any_text(url: str) -> None:
    assert surt("http://" + url) == by_reference("http://" + url)


def test_what_cannot_be_encoded_stays() -> None:
    assert surt("http://news.example/\udc80") == "http://news.example/\udc80"
