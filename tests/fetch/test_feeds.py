import gzip
import json
import subprocess
import sys
import textwrap
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsclean.errors import SourceError
from newsclean.fetch import feeds
from newsclean.fetch.feeds import Feed, read_feed
from newsclean.fetch.listed import Listed

URL = "https://news.example/feeds/all.xml"
TEN = datetime(2026, 11, 22, 10, tzinfo=UTC)


def urls(feed: Feed) -> list[str]:
    return [entry.url for entry in feed.entries]


def rss(items: str, attributes: str = "") -> bytes:
    return f'<?xml version="1.0"?><rss version="2.0" {attributes}><channel>{items}</channel></rss>'.encode()


def test_rss_2() -> None:
    feed = read_feed(
        rss(
            "<title>All</title><link>https://news.example/</link><pubDate>Sat, 21 Nov 2026 10:00:00 GMT</pubDate>"
            "<item><title>One &amp;amp; &lt;i&gt;two&lt;/i&gt;</title><link> https://news.example/1 </link>"
            "<pubDate>Sun, 22 Nov 2026 05:00:00 EST</pubDate><description>&lt;p>No</description></item>"
            "<item><title><![CDATA[Fish & chips]]></title><link><![CDATA[/2?a=1&b=2]]></link></item>"
        ),
        URL,
    )
    assert feed == Feed(
        form="rss",
        entries=(
            Listed(url="https://news.example/1", published=TEN, title="One & two"),
            Listed(url="https://news.example/2?a=1&b=2", title="Fish & chips"),
        ),
    )


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ("<guid>https://news.example/g</guid>", "https://news.example/g"),
        ('<guid isPermaLink="true">https://news.example/g</guid>', "https://news.example/g"),
        ('<guid isPermaLink="false">https://news.example/g</guid>', None),
        ("<guid>12345</guid>", None),
        ("<guid>https://news.example/g</guid><link>https://news.example/1</link>", "https://news.example/1"),
        ('<link/><atom:link rel="alternate" href="/1"/>', "https://news.example/1"),
        ('<link>https://news.example/1</link><atom:link rel="self" href="/2"/>', "https://news.example/1"),
        ("<link>/1</link><fb:origLink>https://o.example/1</fb:origLink>", "https://o.example/1"),
        ("<link>/1</link><feedburner:origLink>https://o.example/1</feedburner:origLink>", "https://o.example/1"),
        ("<link>/1</link><fb:origLink>mailto:a@o.example</fb:origLink>", "https://news.example/1"),
        ("<link>/1?a=1&b=2&copy=3</link>", "https://news.example/1?a=1&b=2&copy=3"),
        ("<link>story\x0b/1\x00</link>", "https://news.example/feeds/story/1"),
        ("<link>javascript:alert(1)</link>", None),
        ("<link>http://[broken/</link>", None),
        ("<title>only this</title>", None),
        ("<media:link>https://m.example/1</media:link><link>/1</link>", "https://news.example/1"),
        ("<source url='https://s.example/feed'>s</source><link>/1</link>", "https://news.example/1"),
        (f"<link>/{'x' * 20_000}</link>", None),
    ],
)
def test_which_link_is_taken(item: str, url: str | None) -> None:
    attributes = 'xmlns:fb="http://rssnamespace.org/feedburner/ext/1.0" xmlns:atom="http://www.w3.org/2005/Atom"'
    feed = read_feed(rss(f"<item>{item}</item><item><link>/last</link></item>", attributes), URL)
    assert urls(feed) == [*([url] if url else []), "https://news.example/last"]


@pytest.mark.parametrize(
    "date",
    [
        "<pubDate>Sun, 22 Nov 2026 10:00:00 +0000</pubDate>",
        "<pubDate>22 Nov 2026 05:00 EST</pubDate>",
        "<pubDate>2026-11-22T11:00:00+01:00</pubDate>",
        "<dc:date>2026-11-22T10:00Z</dc:date>",
        "<updated>2026-11-22T10:00:00Z</updated>",
        "<atom:published>2026-11-22T10:00:00Z</atom:published><pubDate>never</pubDate>",
        "<pubDate>Sun, 22 Nov 2026 10:00:00 GMT</pubDate><atom:updated>2026-11-23T10:00:00Z</atom:updated>",
    ],
)
def test_dates(date: str) -> None:
    attributes = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"'
    (entry,) = read_feed(rss(f"<item><link>/1</link>{date}</item>", attributes), URL).entries
    assert entry.published == TEN


@pytest.mark.parametrize("date", ["", "soon", "Sun, 99 Nov 2026 10:00:00", "x" * 100_000])
def test_dates_that_are_none(date: str) -> None:
    (entry,) = read_feed(rss(f"<item><link>/1</link><pubDate>{date}</pubDate></item>"), URL).entries
    assert entry.published is None


@pytest.mark.parametrize("version", ["0.91", "0.92", "0.93", "0.94"])
def test_older_rss(version: str) -> None:
    doctype = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://dtd.example/rss.dtd">'
    body = f'{doctype}<rss version="{version}"><channel><item><title>1</title><link>/1</link></item></channel></rss>'
    assert urls(read_feed(body.encode(), URL)) == ["https://news.example/1"]


@pytest.mark.parametrize("home", ["http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/"])
def test_rdf(home: str) -> None:
    body = (
        f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="{home}" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>All</title></channel>'
        '<item rdf:about="https://news.example/1"><title>One</title><link>https://news.example/1</link>'
        "<dc:date>2026-11-22T10:00:00Z</dc:date></item></rdf:RDF>"
    )
    assert read_feed(body.encode(), URL).entries == (Listed(url="https://news.example/1", published=TEN, title="One"),)


def test_rss_without_its_root() -> None:
    assert urls(read_feed(b"<channel><item><link>/1</link></item></channel>", URL)) == ["https://news.example/1"]


@pytest.mark.parametrize("home", ["http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#"])
def test_atom(home: str) -> None:
    body = (
        f'<feed xmlns="{home}" xml:base="https://news.example/base/"><link href="/"/>'
        '<entry><title type="html">A &amp;amp; &lt;b&gt;B&lt;/b&gt;</title><link rel="self" href="no"/>'
        '<link rel="enclosure" href="no.mp3"/><link rel="alternate" type="text/html" href="1"/>'
        "<updated>2026-11-23T10:00:00Z</updated><published>2026-11-22T10:00:00Z</published></entry>"
        '<entry xml:base="deep/"><title>1 &lt; 2</title><link href="2"/><updated>2026-11-22T10:00:00Z</updated></entry>'
        '<entry><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">C <i>D</i></div></title>'
        '<link href="3"/><source><link href="/no"/><updated>2026-11-22T10:00:00Z</updated></source></entry>'
        "<entry><id>https://news.example/no</id></entry></feed>"
    )
    assert read_feed(body.encode(), URL) == Feed(
        form="atom",
        entries=(
            Listed(url="https://news.example/base/1", published=TEN, title="A & B"),
            Listed(url="https://news.example/base/deep/2", published=TEN, title="1 < 2"),
            Listed(url="https://news.example/base/3", title="C D"),
        ),
    )


@pytest.mark.parametrize("version", ["https://jsonfeed.org/version/1", "https://jsonfeed.org/version/1.1"])
def test_json_feed(version: str) -> None:
    items: list[object] = [
        {"id": "1", "url": "/1", "title": "One  &amp; two", "date_published": "2026-11-22T11:00:00+01:00"},
        {"id": "https://news.example/2", "date_modified": "2026-11-22T10:00:00Z", "external_url": "https://o.example"},
        {"id": 3, "url": None, "title": 4},
        {"id": "x", "url": "/4", "date_published": 5, "title": None},
        "no item",
    ]
    body = json.dumps({"version": version, "title": "All", "items": items}).encode()
    assert read_feed(b"\xef\xbb\xbf " + body, URL, "application/feed+json") == Feed(
        form="json",
        entries=(
            Listed(url="https://news.example/1", published=TEN, title="One &amp; two"),
            Listed(url="https://news.example/2", published=TEN),
            Listed(url="https://news.example/4"),
        ),
    )


@pytest.mark.parametrize(
    ("declared", "content_type", "encoding"),
    [
        ("utf-8", None, "utf-8"),
        (None, None, "utf-8"),
        (None, None, "utf-8-sig"),
        (None, None, "windows-1252"),
        ("iso-8859-1", None, "iso-8859-1"),
        (None, "text/xml; charset=iso-8859-1", "iso-8859-1"),
        ("utf-8", 'application/rss+xml; charset="windows-1252"', "windows-1252"),
        ("iso-8859-1", "text/xml; charset=utf-8", "utf-8"),
        ("utf-8", "text/xml; charset=us-ascii", "utf-8"),
        ("utf-16", None, "utf-16"),
        (None, None, "utf-16-le"),
        (None, "text/xml; charset=zlib", "utf-8"),
        ("hex", None, "utf-8"),
    ],
)
def test_encodings(declared: str | None, content_type: str | None, encoding: str) -> None:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else '<?xml version="1.0"?>'
    text = f"{declaration}<rss><channel><item><title>Grüße – hier</title><link>/1</link></item></channel></rss>"
    text = text.replace("–", "-") if encoding == "iso-8859-1" else text
    (entry,) = read_feed(text.encode(encoding), URL, content_type).entries
    assert entry.title is not None
    assert entry.title.replace("–", "-") == "Grüße - hier"


def test_one_wrong_byte_costs_one_character() -> None:
    body = rss("<item><title>Grüße \udcff</title><link>/1</link></item>".replace("\udcff", "@"))
    body = body.replace(b"?>", b' encoding="utf-8"?>', 1).replace(b"@", b"\xff")
    assert read_feed(body, URL).entries[0].title == "Grüße \ufffd"


def test_packed() -> None:
    body = rss("<item><link>/1</link></item>")
    assert urls(read_feed(gzip.compress(gzip.compress(body)), URL)) == ["https://news.example/1"]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"hello", "neither XML nor JSON"),
        (b"<", "neither XML nor JSON"),
        (b"<!DOCTYPE rss [", "neither XML nor JSON"),
        (b"<!doctype html><html><head><title>x</title></head><body><p>Hello<br></body></html>", "'html'"),
        (b"<urlset><url><loc>https://news.example/1</loc></url></urlset>", "--sitemap"),
        (b"<opml/>", "'opml'"),
        (b"{", "JSON"),
        (b'{"items": []}', "JSON Feed"),
        (b'{"version": "https://jsonfeed.org/version/1"}', "JSON Feed"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": 1}', "JSON"),
        (b'{"version": "\xff", "items": []}', "JSON"),
        (b'{"x":' + b"[" * 100_000, "JSON"),
        (b"\x1f\x8b nonsense", "gzip"),
        (gzip.compress(gzip.compress(gzip.compress(gzip.compress(b"<rss/>")))), "more than 3 times"),
    ],
    ids=range(16),
)
def test_what_is_no_feed(body: bytes, why: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_feed(body, URL)
    assert str(caught.value).startswith(URL)
    assert why in str(caught.value)


def test_an_empty_feed_is_a_feed() -> None:
    assert read_feed(b'<rss version="2.0"><channel/></rss>', URL) == Feed(form="rss", entries=())


def test_broken_xml_is_read_as_far_as_it_goes() -> None:
    body = b"<rss><channel><item><link>/1</link></item><item><title>A <b>x</title><link>/2</link></item>"
    feed = read_feed(body + b"<item><link>/3</link></item><item><link>/4", URL)
    assert urls(feed)[0] == "https://news.example/1"
    assert "https://news.example/4" not in urls(feed)
    assert feed.notes == ("it breaks off before its end: read up to there",)


def test_too_many_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "MAX_ENTRIES", 3)
    feed = read_feed(rss("<item><link>/1</link></item>" * 4), URL)
    assert (len(feed.entries), feed.notes) == (3, ("it has more than 3 entries: read up to there",))
    body = {"version": "https://jsonfeed.org/version/1", "items": [{"url": "/1"}] * 4}
    feed = read_feed(json.dumps(body).encode(), URL)
    assert (len(feed.entries), feed.notes) == (3, ("it has more than 3 entries: read up to there",))


def test_too_many_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "MAX_BYTES", 300)
    body = rss("<item><link>/1</link></item>" * 100)
    for sent in (body, gzip.compress(body)):
        feed = read_feed(sent, URL)
        assert 0 < len(feed.entries) < 12
        assert "it is larger than 300 bytes: read up to there" in feed.notes


LAUGHS = (
    b'<!DOCTYPE rss [<!ENTITY l0 "lol">'
    + b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12))
    + b"]>"
)


def test_entities_are_never_expanded(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cret")
    for doctype in (
        LAUGHS,
        f'<!DOCTYPE rss [<!ENTITY l11 SYSTEM "{secret.as_uri()}">]>'.encode(),
        f'<!DOCTYPE rss [<!ENTITY % p SYSTEM "{secret.as_uri()}">%p;]>'.encode(),
        b'<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/rss.dtd">',
    ):
        for body in (
            doctype + b"<rss><channel><item><title>&l11;</title><link>/1</link></item></channel></rss>",
            doctype + b'<feed><entry x="&l11;"><title>&l11;</title><link href="/1"/></entry></feed>',
        ):
            (entry,) = read_feed(body, URL).entries
            assert entry.url == "https://news.example/1"
            assert entry.title == "&l11;"


def test_character_references_of_html() -> None:
    (entry,) = read_feed(rss("<item><title>Caf&eacute;&nbsp;&#233;</title><link>/1</link></item>"), URL).entries
    assert entry.title == "Café é"


HOSTILE = {
    "html of 5 MB": 'b"<html>" + b"<p class=x>hello <b>x</p>" * 200_000',
    "entries": 'b"<rss><channel>" + b"<item/>" * 500_000',
    "elements in an entry": 'b"<rss><channel><item>" + b"<b/>" * 2_000_000',
    "nested entries": 'b"<rss><channel>" + b"<item>" * 1_000_000',
    "entities": 'b"<rss><channel><item><title>" + b"&x;" * 4_000_000',
    "blank lines": 'b"\\n" * 10_000_000 + b"<rss/>"',
    "declaration": 'b"<?xml " + b"encoding=\'" * 1_000_000 + b"?><rss/>"',
    "comments": 'b"<!--" * 3_000_000',
    "CDATA": 'b"<rss>" + b"<![CDATA[" * 1_000_000',
    "document type": 'b"<!DOCTYPE rss [" + b"]   " * 3_000_000',
    "text": 'b"<rss><channel><item><link>" + b"x" * 15_000_000 + b"</link></item></channel></rss>"',
    "attributes": 'b"<rss " + b" ".join(b"a%d=\'\'" % n for n in range(1_000_000)) + b"/>"',
    "zeros": "gzip.compress(bytes(1 << 30), 1)",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_memory_is_bounded(name: str) -> None:
    """In a process of its own, so that its peak is that of this body alone."""
    code = f"""
        import gzip, resource
        from newsclean.errors import SourceError
        from newsclean.fetch.feeds import read_feed
        body = {HOSTILE[name]}
        try:
            read_feed(b"<rss><channel><item><link>/1</link></item></channel></rss>", "https://news.example/")
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            print(len(read_feed(body, "https://news.example/").entries) <= 10_000)
        except SourceError as problem:
            print(True)
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000
    """
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, timeout=100, check=False
    )
    assert run.stdout == "True\n", run.stderr


FRAGMENTS = [
    "<rss><channel>", "</channel></rss>", "<item>", "</item>", "<link>", "</link>", "https://news.example/1", "/2?a&b",
    '<feed xmlns="http://www.w3.org/2005/Atom">', "<entry>", "</entry>", '<link href="/3"/>', "<guid>", "</guid>",
    "<title>", "</title>", "<pubDate>", "</pubDate>", "Sun, 22 Nov 2026 10:00:00 GMT", "<![CDATA[", "]]>", "<!--",
    "-->", "&amp;", "&x;", "&#0;", "&#x110000;", '<a xml:base="', '">', "<?xml encoding='utf-7'?>", "<!DOCTYPE a [",
    ']>', "\x00", "é", "<x:link>", "xmlns:x=''", "{}", "]}",
    '{"version":"https://jsonfeed.org/version/1","items":[',
]  # fmt: skip


@given(
    st.binary(max_size=300)
    | st.lists(st.sampled_from(FRAGMENTS), max_size=30).map(lambda parts: "".join(parts).encode())
    | st.binary(max_size=100).map(gzip.compress),
    st.sampled_from([None, "text/xml", "text/xml; charset=utf-16", "text/xml; charset=idna", "a; charset=undefined"]),
)
@example(b"\xff\xfe<\x00", None)
@example(b"\x00<\x00?", None)
@example(b"<rss\x00/>", None)
def test_any_bytes_are_a_feed_or_a_source_error(body: bytes, content_type: str | None) -> None:
    try:
        feed = read_feed(body, URL, content_type)
    except SourceError:
        return
    for entry in feed.entries:
        assert entry.url.startswith(("http://", "https://"))
        assert entry.title is None or entry.title == " ".join(entry.title.split())
        assert entry.published is None or entry.published.tzinfo is UTC


ADDRESS = st.from_regex(r"https://[a-z]{1,9}\.example/[a-z0-9&=;,_-]{0,20}(\?[a-z0-9?&=;,_-]{1,20})?", fullmatch=True)


@given(st.lists(st.tuples(ADDRESS, st.text())))
def test_what_is_written_is_read(stories: list[tuple[str, str]]) -> None:
    from xml.sax.saxutils import escape

    items = "".join(
        f"<item><title>x</title><link>{escape(url)}</link><y>{escape(text)}</y></item>" for url, text in stories
    )
    body = rss(items.encode("utf-8", "replace").decode())
    assert urls(read_feed(body, URL)) == [url for url, _text in stories]
