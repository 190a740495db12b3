"""Page -> fields: which source speaks, and what is believed."""

from typing import Any

import pytest

from newsclean.metadata import Metadata
from tests.metadata.pages import PROSE, URL, article, meta, read, script


def value(found: Metadata, name: str) -> tuple[Any, str | None]:
    source = found.sources.get(name)
    return found.values.get(name), source.source if source else None


def test_every_value_has_its_source_and_raw_value() -> None:
    found = read(script(article(headline="The bridge", author="Ann Cole", datePublished="2024-05-01T10:00:00Z")))
    assert found.values.keys() == found.sources.keys()
    assert value(found, "headline") == ("The bridge", "json-ld")
    assert found.sources["date_published"].source == "json-ld"


def test_a_page_without_metadata() -> None:
    found = read()
    assert not found.declared
    assert found.article_body is None
    assert found.declared_language is None
    assert "authors" not in found.values
    assert "canonical_url" not in found.values
    assert "is_accessible_for_free" not in found.values


SUFFIXED = meta("og:title", "The bridge stays - Harbour News") + "<title>The bridge stays - Harbour News</title>"
HEADED = f"<h1>The bridge stays</h1>{PROSE}"


@pytest.mark.parametrize(
    ("head", "body", "headline"),
    [
        ("<title>The bridge stays | Harbour News</title>", HEADED, "The bridge stays"),
        (SUFFIXED, HEADED, "The bridge stays"),
        (script(article(headline="The bridge stays")), f"<h1>Harbour News</h1>{PROSE}", "The bridge stays"),
        (
            meta("og:title", "You won&#39;t believe it") + script(article(headline="The bridge stays")),
            HEADED,
            "The bridge stays",
        ),
        (meta("og:title", "Bridge &amp;amp; port"), PROSE, "Bridge & port"),
    ],
)
def test_headline(head: str, body: str, headline: str) -> None:
    found = read(head, body)
    assert found.values["headline"] == headline
    assert found.headlines[0] == headline


def test_all_headlines_are_told() -> None:
    found = read(
        meta("og:title", "One bridge") + meta("twitter:title", "Two bridges"), f"<h1>Three bridges</h1>{PROSE}"
    )
    assert {"One bridge", "Two bridges", "Three bridges"} <= set(found.headlines)


def test_a_heading_as_long_as_a_page_is_no_headline() -> None:
    assert read("<title>The bridge</title>", f"<h1>{'word ' * 200}</h1>{PROSE}").values["headline"] == "The bridge"


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Ann Cole", ("Ann Cole",)),
        (" Ann\n Cole ", ("Ann Cole",)),
        (["Ann Cole", "Bo Dahl"], ("Ann Cole", "Bo Dahl")),
        ({"@type": "Person", "name": "Ann Cole"}, ("Ann Cole",)),
        ([{"name": "Ann Cole"}, {"name": "Ann Cole"}], ("Ann Cole",)),
        ({"givenName": "Ann", "familyName": "Cole"}, ("Ann Cole",)),
        ({"name": ["Ann Cole"]}, ("Ann Cole",)),
        ([{"name": "Ann Cole"}, {"name": "https://news.example/ann"}], ("Ann Cole",)),
        ([{"name": "Ann Cole"}, {"name": "@anncole"}], ("Ann Cole",)),
        (["Ann Cole", "x" * 200], ("Ann Cole",)),
        (["Ann Cole", None, 3, {}], ("Ann Cole",)),
    ],
)
def test_authors(author: Any, names: tuple[str, ...]) -> None:
    assert value(read(script(article(author=author))), "authors") == (names, "json-ld")


def test_one_string_with_two_names() -> None:
    found = read(script(article(author="Ann Cole and Bo Dahl")))
    assert found.values["authors"] in (("Ann Cole", "Bo Dahl"), ("Ann Cole and Bo Dahl",))


@pytest.mark.parametrize(
    ("raw", "iso"),
    [
        ("2024-05-01", "2024-05-01"),
        ("2024-05-01T10:20", "2024-05-01T10:20"),
        ("2024-05-01T10:20:30Z", "2024-05-01T10:20:30+00:00"),
        ("2024-05-01T10:20:30.123+02:00", "2024-05-01T10:20:30+02:00"),
        ("2024-05-01 10:20:30 +0200", "2024-05-01T10:20:30+02:00"),
        ("2024-05-01T10:20:30-0330", "2024-05-01T10:20:30-03:30"),
    ],
)
def test_iso_forms(raw: str, iso: str) -> None:
    assert value(read(script(article(datePublished=raw))), "date_published") == (iso, "json-ld")


@pytest.mark.parametrize(
    "raw", ["2024-02-30T10:00:00Z", "2024-05-01T25:00:00Z", "0000-00-00T00:00:00", "yesterday", "", 20240501, None]
)
def test_what_is_no_date(raw: Any) -> None:
    assert value(read(script(article(datePublished=raw))), "date_published")[1] != "json-ld"


@pytest.mark.parametrize(
    ("published", "captured", "believed"),
    [
        ("2024-05-01T10:00:00Z", "2024-05-01T12:00:00Z", True),
        ("2024-05-02T01:00:00+09:00", "2024-05-01T23:00:00Z", True),
        ("2024-05-03T10:00:00Z", "2024-05-01T12:00:00Z", False),
        ("2054-05-01", "2024-05-01T12:00:00Z", False),
        ("1970-01-01T00:00:00Z", "2024-05-01T12:00:00Z", False),
        ("2124-05-01", None, False),
        ("2024-05-01", "not a date", True),
        ("2024-05-01", "9999-12-31T00:00:00Z", True),
    ],
)
def test_no_date_after_the_capture(published: str, captured: str | None, believed: bool) -> None:
    fields = script(article(datePublished=published, dateModified=published))
    found = read(fields, captured_at=captured)
    assert (found.values.get("date_published", "")[:10] == published[:10]) is believed
    assert ("date_modified" in found.values) is believed


def test_date_of_a_later_source_where_the_first_is_from_the_future() -> None:
    head = script(article(datePublished="2031-01-01")) + meta("article:published_time", "2024-04-30T08:00:00Z")
    found = read(head, captured_at="2024-05-01T00:00:00Z")
    assert value(found, "date_published") == ("2024-04-30T08:00:00+00:00", "meta:article:published_time")


def test_structured_data_go_before_meta_elements() -> None:
    head = script(article(publisher={"name": "Harbour News"}, articleSection="Port", keywords=["bridge", "port"]))
    head += meta("og:site_name", "harbournews") + meta("article:section", "News") + meta("news_keywords", "x, y")
    found = read(head)
    assert value(found, "publisher") == ("Harbour News", "json-ld")
    assert value(found, "section") == ("Port", "json-ld")
    assert value(found, "keywords") == (("bridge", "port"), "json-ld")


def test_meta_elements_where_there_are_no_structured_data() -> None:
    head = meta("og:site_name", "Harbour News") + meta("article:section", "Port")
    head += meta("article:tag", "bridge") + meta("article:tag", "port") + meta("og:description", "It stays.")
    found = read(head)
    assert value(found, "publisher") == ("Harbour News", "meta:og:site_name")
    assert value(found, "section") == ("Port", "meta:article:section")
    assert value(found, "keywords") == (("bridge", "port"), "meta:article:tag")
    assert value(found, "description") == ("It stays.", "meta:og:description")
    assert found.descriptions == ("It stays.",)


def test_keywords_of_one_string_without_marks_of_the_cms() -> None:
    found = read(script(article(keywords="bridge, port;mayor, type:story, bridge,,")))
    assert found.values["keywords"] == ("bridge", "port", "mayor")


def test_publisher_of_the_title() -> None:
    found = read("<title>The bridge stays – Harbour News</title>", url="https://www.harbournews.example/a")
    assert value(found, "publisher") == ("Harbour News", "html:title")


@pytest.mark.parametrize(
    ("head", "url", "canonical"),
    [
        ('<link rel="canonical" href="https://news.example/dam">', URL, ("https://news.example/dam", "html:link")),
        ('<link rel="Canonical" href=" /dam ">', URL, ("https://news.example/dam", "html:link")),
        ('<link rel="alternate canonical" href="../dam">', URL, ("https://news.example/2024/dam", "html:link")),
        (meta("og:url", "/dyk"), URL, ("https://news.example/dyk", "meta:og:url")),
        ('<link rel="canonical" href="">' + meta("og:url", "/dyk"), URL, ("https://news.example/dyk", "meta:og:url")),
        ('<link rel="canonical" href="//[">' + meta("og:url", "/in"), URL, (None, None)),
        ('<link rel="canonical" href="javascript:x()">', URL, (None, None)),
        ('<link rel="canonical" href="/dam">', "", (None, None)),
        ('<link rel="canonical" href="https://news.example/dam">', "", ("https://news.example/dam", "html:link")),
        ('<link rel="stylesheet" href="/dam">', URL, (None, None)),
    ],
)  # fmt: skip
def test_canonical_url(head: str, url: str, canonical: tuple[str | None, str | None]) -> None:
    assert value(read(head, url=url), "canonical_url") == canonical


@pytest.mark.parametrize(
    ("head", "image"),
    [
        (meta("og:image", "/i.jpg"), "https://news.example/i.jpg"),
        (script(article(image="https://img.example/i.jpg")), "https://img.example/i.jpg"),
        (script(article(image=[{"url": "//img.example/i.jpg"}])), "https://img.example/i.jpg"),
        (script(article(image={"@id": "https://img.example/i.jpg"})), "https://img.example/i.jpg"),
        (meta("og:image", "data:image/png;base64,xx"), None),
        (script(article(image=[])), None),
    ],
)
def test_main_image(head: str, image: str | None) -> None:
    assert read(head).values.get("main_image") == image


@pytest.mark.parametrize(
    ("raw", "free"), [(True, True), (False, False), ("False", False), ("true", True), ("no", False)]
)
def test_accessible_for_free(raw: Any, free: bool) -> None:
    assert read(script(article(isAccessibleForFree=raw))).values["is_accessible_for_free"] is free


@pytest.mark.parametrize(
    ("attributes", "head", "language"),
    [
        ('lang="de-AT"', "", "de"),
        ('lang="EN"', "", "en"),
        ("", meta("og:locale", "pt_BR"), "pt"),
        ("", script(article(inLanguage="sv")), "sv"),
        ('lang="de"', meta("og:locale", "en_US"), "de"),
        ('lang="unknown"', meta("og:locale", "en_US"), "en"),
        ('lang=""', "", None),
    ],
)
def test_declared_language(attributes: str, head: str, language: str | None) -> None:
    assert read(head, attributes=attributes).declared_language == language


def test_declared() -> None:
    assert read(meta("og:type", "article")).declared
    assert read(script(article())).declared
    assert not read(meta("og:type", "website")).declared


def test_article_body_is_plain_text() -> None:
    found = read(script(article(articleBody="<p>One &amp; two.</p><p>Three.</p>")))
    assert found.article_body is not None
    assert found.article_body.split("\n") == ["", "One & two.", "", "Three.", ""]
    assert read(script(article(articleBody=["x"]))).article_body is None
    assert read(script(article(articleBody="  "))).article_body is None


@pytest.mark.parametrize("sign", ["\\ud83d", "\\udc00", "\\u0000", "\\u0007"])
def test_signs_that_cannot_be_stored_are_left_out(sign: str) -> None:
    fields = f'"headline": "The {sign} bridge", "keywords": ["a{sign}"], "isAccessibleForFree": "{sign}"'
    found = read(script(f'{{"@type": "NewsArticle", {fields}}}'), "<p>x</p>")
    for name, text in found.values.items():
        str(text).encode()
        found.sources[name].raw.encode()
    assert "\0" not in found.values["headline"]
    assert found.values["headline"].startswith("The ")
