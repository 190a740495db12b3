"""Dates as pages write them."""

import pytest

from newsclean.metadata.dates import believed, latest_day, of_url, stamp, written
from tests.metadata.pages import PROSE, article, meta, read, script


@pytest.mark.parametrize(
    ("raw", "iso"),
    [
        ("2024-05-01", "2024-05-01"),
        ("2024-05-01T10:20:30+02", "2024-05-01T10:20:30+02:00"),
        ("2024-05-01 10:20 UTC", "2024-05-01T10:20:00+00:00"),
        ("20240501", "2024-05-01"),
        ("1714557600", "2024-05-01T10:00:00+00:00"),
        ("1714557600000", "2024-05-01T10:00:00+00:00"),
        ("Wed, 01 May 2024 10:00:00 GMT", "2024-05-01"),
        ("May 1, 2024", "2024-05-01"),
        ("1. Mai 2024", "2024-05-01"),
        ("1er mai 2024", "2024-05-01"),
        ("1 de mayo de 2024", "2024-05-01"),
        ("1 мая 2024", "2024-05-01"),
        ("1 Mayıs 2024", "2024-05-01"),
        ("2024年5月1日", "2024-05-01"),
        ("2024.05.01", "2024-05-01"),
        ("01.05.2024", "2024-05-01"),
        ("01.05.24", "2024-05-01"),
        ("13/05/2024", "2024-05-13"),
        ("05/13/2024", "2024-05-13"),
        ("1 พฤษภาคม 2567", None),
        ("2567-05-01", "2024-05-01"),
        ("0000-00-00", None),
        ("2024-13-01", None),
        ("31/02/2024", None),
        ("9.8 /10", None),
        ("10 games", None),
        ("", None),
        (None, None),
        ("9" * 100_000, None),
    ],
)
def test_stamp(raw: str | None, iso: str | None) -> None:
    assert stamp(raw) == iso


def test_month_before_day_where_english_numbers_allow_both() -> None:
    assert stamp("03/04/2024", english=True) == "2024-03-04"
    assert stamp("03/04/2024") == "2024-04-03"


def test_all_days_of_a_text_with_their_places() -> None:
    text = "Published 1 May 2024, updated 3 May 2024"
    assert sorted((place, day) for day, place in written(text)) == [(10, "2024-05-01"), (30, "2024-05-03")]


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://news.example/2024/05/01/bridge", "2024-05-01"),
        ("https://news.example/2024/5/1/bridge", "2024-05-01"),
        ("https://news.example/bridge-20240501", "2024-05-01"),
        ("https://news.example/bridge-20240501103000-nt.html", "2024-05-01"),
        ("https://news.example/2024-05-01-bridge", "2024-05-01"),
        ("https://archive.example/web/20200101000000/http://news.example/2010/05/19/a", "2010-05-19"),
        ("https://news.example/bridge?d=2024/05/01", None),
        ("https://news.example/2024/05/bridge", None),
        ("https://news.example/20241399", None),
        ("https://news.example/1234567890123", None),
        ("", None),
        (None, None),
    ],
)
def test_day_of_a_url(url: str | None, day: str | None) -> None:
    assert of_url(url) == day


def test_what_is_believed() -> None:
    latest = latest_day("2024-05-01T10:00:00Z")
    assert believed("2024-05-02T01:00:00+09:00", latest)
    assert not believed("2024-05-03", latest)
    assert not believed("1970-01-01", latest)
    assert not believed(None, latest)
    assert latest_day(None) == latest_day("nonsense") == "2100-01-01"


def published(head: str = "", body: str = "", url: str = "https://news.example/a") -> tuple[str | None, str | None]:
    found = read(head, body + PROSE, url)
    source = found.sources.get("date_published")
    return found.values.get("date_published"), source.source.split(":")[0] if source else None


HEAD = "<h1>The bridge stays</h1>"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (HEAD + '<time datetime="2024-05-01T10:00:00Z">Wednesday</time>', ("2024-05-01T10:00:00+00:00", "html")),
        (HEAD + "<time>1 May 2024</time>", ("2024-05-01", "html")),
        ('<time datetime="2020-01-01">x</time>' + HEAD + "<time>1 May 2024</time>", ("2024-05-01", "html")),
        (
            HEAD + '<time class="updated" datetime="2024-05-03">x</time><time datetime="2024-05-01">x</time>',
            ("2024-05-01", "html"),
        ),
        (HEAD + '<div class="date">1 May 2024</div>', ("2024-05-01", "block")),
        (HEAD + "<p>By Ann Cole, 1 May 2024</p>", ("2024-05-01", "block")),
        (HEAD + '<p class="date">Updated 3 May 2024</p><p class="date">1 May 2024</p>', ("2024-05-01", "block")),
        (HEAD + '<div class="comment"><p>1 May 2024</p></div>', (None, None)),
        (HEAD + '<abbr class="published" title="2024-05-01">Wednesday</abbr>', ("2024-05-01", "html")),
        (HEAD + PROSE * 90 + '<p class="date">Posted on 1 May 2024</p>', ("2024-05-01", "block")),
    ],
)
def test_where_the_date_is_found(body: str, expected: tuple[str | None, str | None]) -> None:
    assert published(body=body) == expected


def test_what_the_page_declares_goes_before_what_it_shows() -> None:
    body = HEAD + '<time datetime="2024-05-03">x</time>'
    url = "https://news.example/2024/05/04/a"
    assert published(script(article(datePublished="2024-05-01")), body, url) == ("2024-05-01", "json-ld")
    assert published(meta("article:published_time", "2024-05-02"), body, url) == ("2024-05-02", "meta")
    assert published("", body, url) == ("2024-05-03", "html")
    assert published("", HEAD, url) == ("2024-05-04", "url")


def test_date_of_the_page_where_json_ld_has_no_article() -> None:
    assert published(script({"@type": "WebPage", "datePublished": "2024-05-01"})) == ("2024-05-01", "json-ld")


def test_the_raw_value_of_a_visible_date_is_its_line() -> None:
    found = read(body=HEAD + '<p class="date">Wednesday, 1 May 2024, 10:00</p>' + PROSE)
    assert found.sources["date_published"].raw == "Wednesday, 1 May 2024, 10:00"


@pytest.mark.parametrize("name", ["related", "comment", "teaser-date", "site-footer"])
def test_dates_of_other_things_are_not_taken(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsclean.metadata.fields.day_of", lambda *_: None)
    assert published(body=HEAD + f'<time class="{name}" datetime="2020-01-01">x</time>') == (None, None)
