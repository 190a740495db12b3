"""Finding stories, over real sockets; :mod:`newsclean.fetch.seeker` is tested here, too."""

import asyncio
import gzip
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from newsclean.errors import DiskFullError, SourceError
from newsclean.exchange import Fetch
from newsclean.fetch import discover as module
from newsclean.fetch import seeker
from newsclean.fetch.discover import Failed, Found, Sources, discover
from newsclean.fetch.feeds import read_feed
from newsclean.fetch.filters import Filters
from newsclean.settings import Settings
from tests.fetch.web import SETTINGS, Web, answer, moved

SITE = "http://news.example"


def rss(*urls: str) -> bytes:
    items = "".join(f"<item><title>T</title><link>{url}</link></item>" for url in urls)
    return answer(f'<rss version="2.0"><channel>{items}</channel></rss>'.encode(), "application/rss+xml")


def urlset(*urls: str, date: str = "") -> bytes:
    date = date and f"<lastmod>{date}</lastmod>"
    rows = "".join(f"<url><loc>{url}</loc>{date}</url>" for url in urls)
    return answer(f"<urlset>{rows}</urlset>".encode(), "application/xml")


def index(*sitemaps: str, dates: dict[str, str] | None = None) -> bytes:
    rows = "".join(
        f"<sitemap><loc>{url}</loc><lastmod>{(dates or {}).get(url, '')}</lastmod></sitemap>" for url in sitemaps
    )
    return answer(f"<sitemapindex>{rows}</sitemapindex>".encode(), "application/xml")


def robots(*sitemaps: str, rules: str = "") -> bytes:
    lines = "".join(f"Sitemap: {url}\n" for url in sitemaps)
    return answer(f"User-agent: *\n{rules}\n{lines}".encode(), "text/plain")


class Result:
    def __init__(self) -> None:
        self.found: list[Found] = []
        self.failed: list[Failed] = []
        self.fetches: list[Fetch] = []
        self.asked: list[str] = []

    @property
    def urls(self) -> list[str]:
        return [found.url for found in self.found]

    @property
    def failures(self) -> list[tuple[str, str]]:
        return [(failed.origin, failed.error.code) for failed in self.failed]


def search(answers: dict[str, bytes], sources: Sources, settings: Settings = SETTINGS) -> Result:
    result = Result()

    async def on_fetch(fetch: Fetch) -> None:
        result.fetches.append(fetch)

    async def run() -> None:
        async with Web(answers, settings) as web:
            async for item in discover(web.client, sources, on_fetch):
                if isinstance(item, Found):
                    result.found.append(item)
                else:
                    result.failed.append(item)
            result.asked = [url for url in web.asked if not url.endswith("/robots.txt")]

    asyncio.run(run())
    return result


def test_a_feed() -> None:
    feed = f"{SITE}/feed.xml"
    body = (
        b"<rss><channel><item><title>One</title><link>/1</link><pubDate>Sun, 22 Nov 2026 10:00:00 GMT</pubDate></item>"
        b"<item><link>http://other.example/2</link></item></channel></rss>"
    )
    result = search({feed: answer(body)}, Sources(feeds=(feed,)))
    assert result.found == [
        Found(
            url=f"{SITE}/1",
            origin=f"feed:{feed}",
            published=datetime(2026, 11, 22, 10, tzinfo=UTC),
            title="One",
        ),
        Found(url="http://other.example/2", origin=f"feed:{feed}"),
    ]
    assert not result.failed
    assert [(fetch.url, fetch.purpose) for fetch in result.fetches] == [(feed, "feed")]


@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_codings_are_undone_and_links_stand_where_the_redirect_led(coding: str) -> None:
    body = b"<rss><channel><item><link>1</link></item></channel></rss>"
    body = gzip.compress(body) if coding == "gzip" else body
    answers = {f"{SITE}/feed": moved(f"{SITE}/a/feed/"), f"{SITE}/a/feed/": answer(body, Content_Encoding=coding)}
    result = search(answers, Sources(feeds=(f"{SITE}/feed",)))
    assert result.urls == [f"{SITE}/a/feed/1"]
    assert result.found[0].origin == f"feed:{SITE}/feed"


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (answer(status=404), "http-404"),
        (answer(b"<html><p>Hello"), "source"),
        (answer(b"<rss", Content_Encoding="br"), "source"),
        (answer(b"x" * 100, Content_Encoding="x"), "source"),
        (answer(gzip.compress(bytes(1 << 27), 1), Content_Encoding="gzip"), "source"),
        (moved(f"{SITE}/source"), "redirect"),
        (b"nonsense\r\n\r\n", "bad-http"),
    ],
    ids=range(7),
)
def test_sources_that_fail(reply: bytes, code: str) -> None:
    url = f"{SITE}/source"
    result = search({url: reply}, Sources(feeds=(url,)))
    assert result.failures == [(f"feed:{url}", code)]
    assert not result.found
    assert len(result.fetches) == 1
    result = search({url: reply}, Sources(sitemaps=(url,)))
    assert result.failures == [(f"sitemap:{url}", code)]
    assert len(result.fetches) == 1


def test_what_is_no_url() -> None:
    result = search({}, Sources(feeds=("news.example",), sitemaps=("ftp://news.example/",), hosts=("http://", "a b")))
    assert sorted(result.failures) == [
        ("discover:a b", "bad-url"),
        ("discover:http://", "bad-url"),
        ("feed:news.example", "bad-url"),
        ("sitemap:ftp://news.example/", "bad-url"),
    ]


def test_robots_txt_is_obeyed() -> None:
    answers = {f"{SITE}/robots.txt": robots(rules="Disallow: /feed"), f"{SITE}/feed": rss("/1")}
    result = search(answers, Sources(feeds=(f"{SITE}/feed",)))
    assert result.failures == [(f"feed:{SITE}/feed", "robots")]
    assert not result.asked


def test_an_index_and_its_sitemaps_news_and_newest_first() -> None:
    dates = {f"{SITE}/old.xml": "2026-11-01", f"{SITE}/new.xml": "2026-11-22"}
    answers = {
        f"{SITE}/index.xml": index(f"{SITE}/any.xml", *dates, f"{SITE}/google-news.xml", dates=dates),
        f"{SITE}/any.xml": urlset("/any", "/1"),
        f"{SITE}/old.xml": urlset("/old", "/1"),
        f"{SITE}/new.xml": answer(gzip.compress(b"<urlset><url><loc>/new</loc></url></urlset>"), "application/gzip"),
        f"{SITE}/google-news.xml": urlset("/news", "/1"),
    }
    result = search(answers, Sources(sitemaps=(f"{SITE}/index.xml",)))
    assert result.urls == [f"{SITE}/{name}" for name in ("news", "1", "new", "old", "any")]
    assert result.found[0].origin == f"sitemap:{SITE}/google-news.xml"
    assert (
        [fetch.url for fetch in result.fetches]
        == result.asked
        == [f"{SITE}/{name}.xml" for name in ("index", "google-news", "new", "old", "any")]
    )
    assert {fetch.purpose for fetch in result.fetches} == {"sitemap"}


def test_an_index_that_contains_itself() -> None:
    answers = {
        f"{SITE}/a.xml": index(f"{SITE}/a.xml", f"{SITE}/b.xml", f"{SITE}/c.xml", f"{SITE}/b.xml"),
        f"{SITE}/b.xml": index(f"{SITE}/a.xml", f"{SITE}/b.xml"),
        f"{SITE}/c.xml": moved(f"{SITE}/a.xml"),
    }
    result = search(answers, Sources(sitemaps=(f"{SITE}/a.xml",)))
    assert result.asked == [f"{SITE}/a.xml", f"{SITE}/b.xml", f"{SITE}/c.xml", f"{SITE}/a.xml"]
    assert not result.found
    assert not result.failed


def test_one_of_its_sitemaps_fails() -> None:
    answers = {f"{SITE}/a.xml": index(f"{SITE}/b.xml", f"{SITE}/c.xml"), f"{SITE}/c.xml": urlset("/1")}
    result = search(answers, Sources(sitemaps=(f"{SITE}/a.xml",)))
    assert result.urls == [f"{SITE}/1"]
    assert result.failures == [(f"sitemap:{SITE}/b.xml", "http-404")]


def test_indexes_that_never_end() -> None:
    answers = {f"{SITE}/{n}.xml": index(f"{SITE}/{n + 1}.xml") for n in range(100)}
    result = search(answers, Sources(sitemaps=(f"{SITE}/0.xml",)))
    assert len(result.asked) == seeker.MAX_DEPTH + 1
    assert [str(failed.error) for failed in result.failed] == [
        f"{SITE}/4.xml: it lies 4 indexes deep, and the sitemaps that it names are not followed"
    ]


def test_too_many_sitemaps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeker, "MAX_SITEMAPS", 4)
    names = [f"{SITE}/{n}.xml" for n in range(9)]
    answers = {f"{SITE}/a.xml": index(*names), **{name: urlset(name + "/1") for name in names}}
    result = search(answers, Sources(sitemaps=(f"{SITE}/a.xml",)))
    assert len(result.asked) == 4
    assert [str(failed.error) for failed in result.failed] == [
        f"{SITE}/a.xml: more than 4 sitemaps in all: the rest is not followed"
    ]


def test_sitemaps_of_other_hosts() -> None:
    """The site may name any; one of another host may name its own, and those of the site."""
    other, third = "http://files.example", "http://third.example"
    answers = {
        f"{SITE}/a.xml": index(f"{other}/a.xml"),
        f"{other}/a.xml": index(f"{other}/b.xml", f"{third}/c.xml", f"{SITE}/d.xml"),
        f"{other}/b.xml": urlset(f"{SITE}/1", f"{other}/2"),
        f"{SITE}/d.xml": urlset("/3"),
        f"{third}/c.xml": urlset("/no"),
    }
    result = search(answers, Sources(sitemaps=(f"{SITE}/a.xml",)))
    assert sorted(result.urls) == [f"{other}/2", f"{SITE}/1", f"{SITE}/3"]
    assert [str(failed.error) for failed in result.failed] == [
        f"{other}/a.xml: 1 of the sitemaps that it names are of other hosts and not followed"
    ]


def test_what_was_cut_is_read_and_said() -> None:
    body = b"<urlset><url><loc>/1</loc></url><url><loc>/2"
    result = search({f"{SITE}/a.xml": answer(body)}, Sources(sitemaps=(f"{SITE}/a.xml",)))
    assert result.urls == [f"{SITE}/1"]
    assert [str(failed.error) for failed in result.failed] == [
        f"{SITE}/a.xml: it breaks off before its end: read up to there"
    ]


@pytest.mark.parametrize("kind", ["feeds", "sitemaps"])
def test_what_the_client_cut_is_read_and_said(kind: str) -> None:
    items = "".join(f"<item><link>/{n}</link></item>" for n in range(100))
    reply = answer(f"<rss><channel>{items}</channel></rss>".encode())
    settings = SETTINGS.with_values(max_body_bytes=500)
    urls = (f"{SITE}/a",)
    sources = Sources(feeds=urls) if kind == "feeds" else Sources(sitemaps=urls)
    result = search({f"{SITE}/a": reply}, sources, settings)
    assert result.urls[0] == f"{SITE}/0"
    assert 5 < len(result.urls) < 30
    assert [failed.error.code for failed in result.failed] == ["too-large", "source"]


def test_filters() -> None:
    dates = {f"{SITE}/old.xml": "2026-11-01", f"{SITE}/day.xml": "2026-11-20", f"{SITE}/new.xml": "2026-11-22"}
    answers = {
        f"{SITE}/a.xml": index(*dates, f"{SITE}/any.xml", dates=dates),
        f"{SITE}/day.xml": urlset("/day/1", "/sport/1", date="2026-11-20"),
        f"{SITE}/new.xml": urlset("/new/1", date="2026-11-22T08:00Z"),
        f"{SITE}/any.xml": urlset("/undated"),
        f"{SITE}/feed": rss("/sport/2", "/culture/2"),
    }
    since = datetime(2026, 11, 20, 18, tzinfo=UTC)
    until = datetime(2026, 11, 22, tzinfo=UTC)
    filters = Filters(since=since, until=until, exclude=("*/sport/*",))
    sources = Sources(sitemaps=(f"{SITE}/a.xml",), feeds=(f"{SITE}/feed",), filters=filters)
    result = search(answers, sources)
    assert sorted(result.urls) == [f"{SITE}/{name}" for name in ("culture/2", "day/1", "undated")]
    assert f"{SITE}/old.xml" not in result.asked


def test_duplicates_are_given_once() -> None:
    answers = {f"{SITE}/a": rss("/1?utm_source=rss", "/1", "https://news.example/1/#top"), f"{SITE}/b": rss("/1", "/2")}
    result = search(answers, Sources(feeds=(f"{SITE}/a", f"{SITE}/b", f"{SITE}/a")))
    assert len(result.found) == 2
    assert len(result.asked) == 2


def test_the_memory_of_duplicates_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REMEMBERED", 2)
    result = search({f"{SITE}/a": rss("/1", "/2", "/1", "/3", "/1", "/2")}, Sources(feeds=(f"{SITE}/a",)))
    assert result.urls == [f"{SITE}/{n}" for n in (1, 2, 3, 2)]


# A host


def host(answers: dict[str, bytes], given: str = "news.example", filters: Filters | None = None) -> Result:
    return search(answers, Sources(hosts=(given,), filters=filters or Filters()))


def test_robots_txt_names_the_sitemaps() -> None:
    answers = {
        f"{SITE}/robots.txt": robots(f"{SITE}/all.xml", "/news.xml", "http://files.example/s.xml"),
        f"{SITE}/all.xml": urlset("/1"),
        f"{SITE}/news.xml": urlset("/2"),
        "http://files.example/s.xml": urlset(f"{SITE}/3", "http://files.example/no"),
        f"{SITE}/sitemap.xml": urlset("/no"),
        f"{SITE}/feed": rss("/no"),
    }
    result = host(answers)
    assert result.urls == [f"{SITE}/{n}" for n in (2, 1, 3)]
    assert result.asked == [f"{SITE}/news.xml", f"{SITE}/all.xml", "http://files.example/s.xml"]
    assert not result.failed


@pytest.mark.parametrize("place", seeker.SITEMAP_PLACES)
def test_sitemaps_in_the_usual_places(place: str) -> None:
    url = f"{SITE}/{place}"
    answers = {
        url: answer(f"{SITE}/1\n".encode(), "text/plain"),
        f"{SITE}/": answer(b"<html>"),
        f"{SITE}/feed": rss("/no"),
    }
    result = host(answers)
    assert [(found.url, found.origin) for found in result.found] == [(f"{SITE}/1", f"sitemap:{url}")]
    assert not result.failed
    assert not [fetch for fetch in result.fetches if fetch.purpose == "feed"]


HOME = b"""<!doctype html><html><head><base href="/x/"><title>Home</title>
<link rel="stylesheet" type="text/css" href="style.css">
<link rel="alternate" type="text/html" hreflang="de" href="/de/">
<link REL="Alternate nofollow" TYPE="application/rss+xml; charset=utf-8" href="all.rss">
<link rel="alternate" type="application/feed+json" href="/feed.json">
<link rel="alternate" type="application/atom+xml" href="mailto:x">
<link rel="alternate" type="application/atom+xml" href="/broken.atom">
</head><body>"""


@pytest.mark.parametrize("packed", [False, True])
def test_feeds_of_the_home_page(packed: bool) -> None:
    answers = {
        f"{SITE}/robots.txt": robots(f"{SITE}/gone.xml"),
        f"{SITE}/sitemap.xml": urlset(),
        f"{SITE}/": answer(gzip.compress(HOME), Content_Encoding="gzip") if packed else answer(HOME),
        f"{SITE}/x/all.rss": rss("/1", "http://other.example/no"),
        f"{SITE}/feed.json": answer(b'{"version":"https://jsonfeed.org/version/1.1","items":[{"url":"/2"}]}'),
    }
    result = host(answers)
    assert result.urls == [f"{SITE}/1", f"{SITE}/2"]
    assert result.failures == [(f"sitemap:{SITE}/gone.xml", "http-404"), (f"feed:{SITE}/broken.atom", "http-404")]
    assert f"{SITE}/feed" not in result.asked
    assert [fetch.purpose for fetch in result.fetches if fetch.url == f"{SITE}/"] == ["feed"]


@pytest.mark.parametrize("place", seeker.FEED_PLACES)
def test_feeds_in_the_usual_places(place: str) -> None:
    url = f"{SITE}/{place}"
    answers = {f"{SITE}/": answer(b""), url: rss("/1"), f"{SITE}/sitemap.xml": answer(b"<html><p>Nothing here")}
    result = host(answers)
    assert [(found.url, found.origin) for found in result.found] == [(f"{SITE}/1", f"feed:{url}")]
    assert not result.failed


def test_a_host_without_stories() -> None:
    result = host({f"{SITE}/": answer(HOME[:100])})
    assert result.failures == [("discover:news.example", "source")]
    assert isinstance(result.failed[0].error, SourceError)
    assert "no stories found" in str(result.failed[0].error)
    assert len(result.asked) == len(seeker.SITEMAP_PLACES) + len(seeker.FEED_PLACES) + 1


def test_a_host_that_forbids_everything() -> None:
    result = host({f"{SITE}/robots.txt": answer(status=503), f"{SITE}/sitemap.xml": urlset("/no")})
    assert result.failures == [("discover:news.example", "robots-unavailable")]
    assert not result.asked
    answers = {f"{SITE}/robots.txt": robots(rules="Disallow: /"), f"{SITE}/sitemap.xml": urlset("/no")}
    result = host(answers)
    assert result.failures == [("discover:news.example", "source")]
    assert not result.asked


def test_https_comes_first() -> None:
    result = host({}, "https://news.example/")
    assert result.failures == [("discover:https://news.example/", "proxy")]
    assert not result.asked


def test_which_hosts_are_the_site() -> None:
    answers = {
        "http://www.news.example/sitemap.xml": urlset(
            "http://news.example/1",
            "http://www.news.example/2",
            "http://sport.news.example/3",
            "http://othernews.example/no",
        )
    }
    assert len(host(answers, "WWW.news.example").found) == 3
    answers[f"{SITE}/sitemap.xml"] = moved("http://moved.example/s.xml")
    answers["http://moved.example/s.xml"] = urlset("/1", "http://third.example/no")
    assert host(answers).urls == ["http://moved.example/1"]


def test_a_home_page_below_the_root() -> None:
    answers = {
        f"{SITE}/en/": answer(b'<link rel=alternate type=application/rss+xml href="feed">'),
        f"{SITE}/en/feed": rss("/1"),
    }
    assert host(answers, f"{SITE}/en/").urls == [f"{SITE}/1"]


def test_stories_that_the_filters_leave_out_end_the_search_too() -> None:
    answers = {f"{SITE}/sitemap.xml": urlset("/1", date="2026-11-01"), f"{SITE}/feed": rss("/2")}
    result = host(answers, filters=Filters(since=datetime(2026, 11, 20, tzinfo=UTC)))
    assert not result.found
    assert not result.failed
    answers = {f"{SITE}/sitemap.xml": index(f"{SITE}/a.xml", dates={f"{SITE}/a.xml": "2026-11-01"})}
    assert not host(answers, filters=Filters(since=datetime(2026, 11, 20, tzinfo=UTC))).failed


# The search as a whole


def test_many_hosts_at_once() -> None:
    names = [f"n{number}.example" for number in range(40)]
    answers = {f"http://{name}/sitemap.xml": urlset(*(f"/{n}" for n in range(100))) for name in names}
    assert len(set(search(answers, Sources(hosts=tuple(names))).urls)) == 4_000


def test_what_on_fetch_raises_ends_the_search() -> None:
    async def on_fetch(fetch: Fetch) -> None:
        raise DiskFullError(fetch.url)

    async def run() -> None:
        names = [f"http://n{number}.example/feed" for number in range(20)]
        async with Web({name: rss("/1") for name in names}) as web:
            async for _item in discover(web.client, Sources(feeds=tuple(names)), on_fetch):
                pass

    with pytest.raises(DiskFullError):
        asyncio.run(run())


def test_on_fetch_is_called_one_at_a_time() -> None:
    under_way = 0

    async def on_fetch(_fetch: Fetch) -> None:
        nonlocal under_way
        under_way += 1
        assert under_way == 1
        await asyncio.sleep(0.001)
        under_way -= 1

    async def run() -> int:
        names = [f"http://n{number}.example/feed" for number in range(20)]
        async with Web({name: rss("/1") for name in names}) as web:
            return len([item async for item in discover(web.client, Sources(feeds=tuple(names)), on_fetch)])

    assert asyncio.run(run()) == 20


async def _nothing(_fetch: Fetch) -> None:
    pass


def test_a_search_that_is_left_early() -> None:
    async def run() -> None:
        names = [f"http://n{number}.example/feed" for number in range(50)]
        feed = rss(*(f"/{n}" for n in range(2_000)))
        async with Web(dict.fromkeys(names, feed)) as web:
            stream = discover(web.client, Sources(feeds=tuple(names)), _nothing)
            assert isinstance(await anext(stream), Found)
            await stream.aclose()
            assert len(asyncio.all_tasks()) < 20

    asyncio.run(run())


def test_a_slow_taker_holds_the_search_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was found waits in bounded queues."""
    monkeypatch.setattr(module, "_BATCH", 10)
    read: list[str] = []

    def noting(function: Callable[..., object]) -> Callable[..., object]:
        def noted(body: bytes, url: str, kind: str | None) -> object:
            read.append(url)
            return function(body, url, kind)

        return noted

    monkeypatch.setattr(seeker, "read_feed", noting(read_feed))

    async def run() -> None:
        names = [f"http://n{number}.example/feed" for number in range(60)]
        feed = rss(*(f"/{n}" for n in range(100)))
        async with Web(dict.fromkeys(names, feed)) as web:
            stream = discover(web.client, Sources(feeds=tuple(names)), _nothing)
            await anext(stream)
            await asyncio.sleep(0.5)
            assert len(read) <= module.AT_ONCE + 2
            await stream.aclose()

    asyncio.run(run())


def test_no_sources() -> None:
    assert not Sources(filters=Filters(match=("*",)))
    assert not search({}, Sources()).found
