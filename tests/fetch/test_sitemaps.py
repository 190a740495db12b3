import gzip
import subprocess
import sys
import textwrap
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsclean.errors import SourceError
from newsclean.fetch import sitemaps
from newsclean.fetch.listed import Listed
from newsclean.fetch.sitemaps import Sitemap, read_sitemap

URL = "https://news.example/sitemap.xml"
ONE = "<url><loc>https://news.example/1</loc></url>"
STORY = Listed(url="https://news.example/1")
HOME = "http://www.sitemaps.org/schemas/sitemap/0.9"


def urlset(rows: str, home: str = f'xmlns="{HOME}"') -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {home}>{rows}</urlset>'.encode()


def test_urlset() -> None:
    rows = (
        "<url><loc>\n https://news.example/1?a=1&amp;b=2 </loc><lastmod>2026-11-22T11:00:00+01:00</lastmod>"
        "<changefreq>daily</changefreq></url><url><lastmod>2026-11-21</lastmod>"
        "<loc><![CDATA[https://news.example/2?a=1&b=2]]></loc></url><url><loc>/3?a=1&b=2</loc></url>"
        "<url><loc>ftp://news.example/no</loc></url><url><loc/></url><url/>"
    )
    assert read_sitemap(urlset(rows), URL) == Sitemap(
        stories=(
            Listed(url="https://news.example/1?a=1&b=2", published=datetime(2026, 11, 22, 10, tzinfo=UTC)),
            Listed(url="https://news.example/2?a=1&b=2", published=datetime(2026, 11, 21, tzinfo=UTC)),
            Listed(url="https://news.example/3?a=1&b=2"),
        )
    )


def test_news_sitemap() -> None:
    rows = (
        "<url><loc>https://news.example/1</loc><lastmod>2026-11-23</lastmod><news:news><news:publication>"
        "<news:name>The Example</news:name><news:language>en</news:language></news:publication>"
        "<news:publication_date>2026-11-22T10:00:00Z</news:publication_date><news:title>One &amp; two</news:title>"
        "</news:news><image:image><image:loc>https://news.example/1.jpg</image:loc><image:title>No</image:title>"
        "</image:image></url>"
    )
    home = (
        f'xmlns="{HOME}" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
        'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
    )
    story = Listed(url="https://news.example/1", published=datetime(2026, 11, 22, 10, tzinfo=UTC), title="One & two")
    assert read_sitemap(urlset(rows, home), URL).stories == (story,)
    assert read_sitemap(urlset(rows, ""), URL).stories == (story,)


def test_index() -> None:
    body = (
        f'<sitemapindex xmlns="{HOME}"><sitemap><loc>https://news.example/a.xml.gz</loc><lastmod>2026-11-22</lastmod>'
        "</sitemap><sitemap><loc>b.xml</loc></sitemap></sitemapindex>"
    )
    assert read_sitemap(body.encode(), URL) == Sitemap(
        sitemaps=(
            Listed(url="https://news.example/a.xml.gz", published=datetime(2026, 11, 22, tzinfo=UTC)),
            Listed(url="https://news.example/b.xml"),
        )
    )


@pytest.mark.parametrize(
    "body",
    [
        urlset(ONE, ""),
        urlset(ONE, 'xmlns="https://www.sitemaps.org/schemas/sitemap/0.9/"'),
        urlset(ONE, 'xmlns="http://www.google.com/schemas/sitemap/0.84"'),
        urlset(ONE).replace(b"urlset", b"s:urlset").replace(b"xmlns=", b"xmlns:s="),
        urlset(ONE).replace(b"urlset", b"URLSET").replace(b"loc>", b"LOC>"),
        b"\xef\xbb\xbf" + urlset(ONE),
        b"\n\n  " + urlset(ONE),
        b" " * 5_000 + urlset(ONE),
        urlset(ONE).replace(b"UTF-8", b"UTF-16").decode().encode("utf-16"),
        b"<?xml version='1.0'?><?xml-stylesheet href='s.xsl'?><!-- <urlset/> --><!DOCTYPE urlset [ ]>"
        + urlset(ONE)[39:],
        urlset("<!-- " + ONE.replace("1", "2") + " -->" + ONE),
        urlset(ONE) + b"<!-- made in 0.1 s --> rest",
        urlset(ONE).replace(b"</loc>", b"\x08</loc>"),
        b"https://news.example/1\n",
        b"\xef\xbb\xbf\r\nhttps://news.example/1\r\nnothing\r\n\r\n/2\r\n",
        "https://news.example/1".encode("utf-16"),
        b"<rss><channel><item><link>/1</link></item></channel></rss>",
        b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="/1"/></entry></feed>',
    ],
)
def test_one_story_in_many_forms(body: bytes) -> None:
    for sent in (body, gzip.compress(body), gzip.compress(gzip.compress(body)), gzip.compress(body) + bytes(512)):
        assert read_sitemap(sent, URL) == Sitemap(stories=(STORY,))


def test_members_of_gzip() -> None:
    body = urlset(ONE)
    assert read_sitemap(gzip.compress(body[:60]) + gzip.compress(body[60:]), URL) == Sitemap(stories=(STORY,))


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "empty"),
        (b"\n" * 5_000, "empty"),
        (gzip.compress(b""), "empty"),
        (b"Not found", "neither XML nor a list of URLs"),
        (b"{}", "neither XML nor a list of URLs"),
        (b"\x89PNG\r\n\x1a\n", "neither XML nor a list of URLs"),
        (b"<", "no XML"),
        (b"<!-- ", "no XML"),
        (b"<!doctype html><html><head><title>Not found</title></head><body><p>Oh<br></body></html>", "'html'"),
        (b"<Error><Code>AccessDenied</Code></Error>", "'error'"),
        (b"\x1f\x8b", "gzip"),
    ],
    ids=range(11),
)
def test_what_is_no_sitemap(body: bytes, why: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_sitemap(body, URL)
    assert str(caught.value).startswith(f"{URL}: ")
    assert why in str(caught.value)


def test_an_empty_sitemap_is_a_sitemap() -> None:
    assert read_sitemap(urlset(""), URL) == Sitemap()


@pytest.mark.parametrize("cut", range(len(urlset(ONE + ONE)) - 10, 100, -7))
def test_a_sitemap_that_breaks_off(cut: int) -> None:
    """No half URL is taken for a whole one."""
    sitemap = read_sitemap(urlset(ONE + ONE)[:cut], URL)
    assert set(sitemap.stories) <= {STORY}
    assert sitemap.notes == ("it breaks off before its end: read up to there",)


def test_gzip_that_breaks_off() -> None:
    rows = "".join(f"<url><loc>https://news.example/{n * n * 7919 % 10007}</loc></url>" for n in range(2_000))
    packed = gzip.compress(urlset(rows))
    sitemap = read_sitemap(packed[: len(packed) // 2], URL)
    assert 500 < len(sitemap.stories) < 2_000
    assert len(sitemap.notes) == 2
    broken = bytearray(packed)
    broken[len(packed) // 2] ^= 255
    assert "its gzip is broken" in " ".join(read_sitemap(bytes(broken), URL).notes)


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "MAX_URLS", 3)
    for body in (urlset(ONE * 4), b"https://news.example/1\n" * 4):
        sitemap = read_sitemap(body, URL)
        assert sitemap == Sitemap(stories=(STORY,) * 3, notes=("it has more than 3 entries: read up to there",))
    monkeypatch.setattr(sitemaps, "MAX_BYTES", 250)
    sitemap = read_sitemap(gzip.compress(urlset(ONE * 9)), URL)
    assert sitemap.stories
    assert sitemap.notes[0] == "it is larger than 250 bytes: read up to there"


def test_a_whole_sitemap_by_the_protocol() -> None:
    rows = "".join(f"<url><loc>https://news.example/{n}</loc></url>" for n in range(sitemaps.MAX_URLS))
    sitemap = read_sitemap(gzip.compress(urlset(rows), 1), URL)
    assert len({story.url for story in sitemap.stories}) == 50_000
    assert sitemap.notes == ()


def test_entities_are_never_expanded() -> None:
    declared = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12))
    for doctype in (
        b'<!DOCTYPE urlset [<!ENTITY l0 "https://o.example/">' + declared + b"]>",
        b'<!DOCTYPE urlset [<!ENTITY l11 SYSTEM "file:///etc/hostname">]>',
    ):
        body = doctype + b"<urlset><url><loc>https://news.example/&l11;</loc></url>" + ONE.encode() + b"</urlset>"
        assert [story.url for story in read_sitemap(body, URL).stories] == [
            "https://news.example/&l11;",
            "https://news.example/1",
        ]


HOSTILE = {
    "zeros": "gzip.compress(bytes(1 << 30), 1)",
    "zeros, twice": "gzip.compress(gzip.compress(bytes(1 << 30), 1), 1)",
    "html of 5 MB": 'b"<html>" + b"<p class=x>hello <b>x</p>" * 200_000',
    "entries": 'b"<urlset>" + b"<url/>" * 4_000_000',
    "elements of no use": 'b"<urlset>" + b"<a/>" * 4_000_000',
    "elements in an entry": 'b"<urlset><url>" + b"<b/>" * 4_000_000',
    "lines": 'b"https://news.example/1\\n" + b"\\n" * 50_000_000',
    "no URLs": 'b"https://news.example/1\\n" + b"x\\n" * 10_000_000',
    "blanks": 'b"https://news.example/1\\n" + b" " * 20_000_000',
    "members": "gzip.compress(b' ') * 1_000_000",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_memory_is_bounded(name: str) -> None:
    """In a process of its own, so that its peak is that of this body alone."""
    code = f"""
        import gzip, resource
        from newsclean.errors import SourceError
        from newsclean.fetch.sitemaps import read_sitemap
        body = {HOSTILE[name]}
        try:
            read_sitemap({urlset(ONE)!r}, "https://news.example/")
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            print(len(read_sitemap(body, "https://news.example/").stories) <= 50_000)
        except SourceError as problem:
            print(True)
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000
    """
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, timeout=100, check=False
    )
    assert run.stdout == "True\n", run.stderr


FRAGMENTS = [
    "<urlset>", "</urlset>", "<sitemapindex>", "</sitemapindex>", "<url>", "</url>", "<sitemap>", "</sitemap>", "<loc>",
    "</loc>", "https://news.example/1", "/2?a&b", "<lastmod>", "</lastmod>", "2026-11-22", "0001-01-01T00:00+10:00",
    "<news:news>", "</news:news>", "<news:title>", "</news:title>", "<![CDATA[", "]]>", "<!--", "-->", "&x;", "\x00",
    "é", "\n", "<rss>", "<item><link>/3</link></item>", "</rss>", "<?xml version='1.0' encoding='cp037'?>",
]  # fmt: skip


@given(
    st.binary(max_size=300)
    | st.lists(st.sampled_from(FRAGMENTS), max_size=30).map(lambda parts: "".join(parts).encode())
    | st.binary(max_size=100).map(gzip.compress)
)
@example(b"https://news.example/1\n\xff\xfe")
def test_any_bytes_are_a_sitemap_or_a_source_error(body: bytes) -> None:
    try:
        sitemap = read_sitemap(body, URL)
    except SourceError:
        return
    for entry in (*sitemap.stories, *sitemap.sitemaps):
        assert entry.url.startswith(("http://", "https://"))
        assert entry.published is None or entry.published.tzinfo is UTC
