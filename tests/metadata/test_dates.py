"""Dates as pages write them."""

import pytest

from newsclean.metadata.dates import (
    NO_CAPTURE,
    believed,
    latest_day,
    local,
    not_before,
    of_changed,
    of_url,
    stamp,
    written,
)
from newsclean.metadata.sources import Time
from tests.metadata.pages import PROSE, article, meta, page, read, script


@pytest.mark.parametrize(
    ("raw", "iso"),
    [
        ("2024-05-01", "2024-05-01"),
        ("2024-05-01T10:20:30+02", "2024-05-01T10:20:30+02:00"),
        ("2024-05-01 10:20 UTC", "2024-05-01T10:20+00:00"),
        ("20240501", "2024-05-01"),
        ("1714557600", "2024-05-01T10:00:00+00:00"),
        ("1714557600000", "2024-05-01T10:00:00+00:00"),
        ("Wed, 01 May 2024 10:00:00 GMT", "2024-05-01T10:00:00+00:00"),
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
        ("1 พฤษภาคม 2567", "2024-05-01"),
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
        ("https://news.example/2024/may/01/bridge", "2024-05-01"),
        ("https://news.example/2024/05/20240531-bridge", "2024-05-31"),
        ("https://news.example/news/31-05-2024-bridge", "2024-05-31"),
        ("https://news.example/news/05-31-2024", "2024-05-31"),
        ("https://news.example/news/03-04-2024", None),
        ("https://archive.example/web/20200101000000/news.example/a", None),
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
    assert believed("2024-05-01T19:00:00+09:00", latest)
    assert not believed("2024-05-02T01:00:00+09:00", latest)
    assert not believed("2024-05-01T10:20+00:00", latest)
    assert believed("2024-05-01T23:00", latest)
    assert not believed("2024-05-03T01:00", latest)
    assert believed("2024-05-02", latest)
    assert not believed("2024-05-03", latest)
    assert not believed("1970-01-01", latest)
    assert not believed(None, latest)
    assert latest_day(None) == latest_day("nonsense") == latest_day("2100-01-01T00:00:00Z") == NO_CAPTURE
    assert believed("2024-05-03T10:00:00Z", NO_CAPTURE)
    assert not believed("2099-01-01", NO_CAPTURE)


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
        (HEAD + '<div class="date">1 May 2024, 10:30 CEST</div>', ("2024-05-01T10:30+02:00", "block")),
        (HEAD + "<p>1 May 2024 – " + PROSE[3:], ("2024-05-01", "block")),
        (HEAD + '<div class="tag-events"><p>1 May 2024</p></div>', ("2024-05-01", "block")),
        (HEAD + PROSE * 3 + "<footer><p>Erschienen am: 01.05.2024</p></footer>", ("2024-05-01", "block")),
        (HEAD + '<p class="date">Member since 1 May 2020</p><p>1 May 2024</p>', ("2024-05-01", "block")),
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
    monkeypatch.setattr("newsclean.metadata.published.day_of", lambda *_: None)
    assert published(body=HEAD + f'<time class="{name}" datetime="2020-01-01">x</time>') == (None, None)


def test_how_long_ago_it_was_is_counted_from_the_capture() -> None:
    body = HEAD + '<p class="date">2 hours ago</p>' + PROSE
    found = read(body=body, url="https://news.example/a", captured_at="2024-05-01T10:20:30Z")
    assert found.values["date_published"] == "2024-05-01T08:20+00:00"
    assert found.sources["date_published"].raw == "2 hours ago"
    body = HEAD + "<time>gestern</time>" + PROSE
    found = read(body=body, url="https://news.example/a", captured_at="2024-05-01T10:20:30Z")
    assert found.values["date_published"] == "2024-04-30"


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        ("Updated: 3 May 2024, 10:30", "2024-05-03T10:30"),
        ("Published 1 May 2024, updated 3 May 2024", "2024-05-03"),
        ("1. Mai 2024, aktualisiert am 3. Mai 2024", "2024-05-03"),
        ("Mis à jour le 3 mai 2024 à 10h30", "2024-05-03T10:30"),
        ("Actualizado: 3 de mayo de 2024", "2024-05-03"),
        ("Güncelleme: 03.05.2024 10:30", "2024-05-03T10:30"),
        ("Обновлено: 3 мая 2024", "2024-05-03"),
        ("更新时间：2024年5月3日", "2024-05-03"),
        ("Cập nhật lúc 3/5/2024", "2024-05-03"),
        ("3 May 2024", None),
    ],
)
def test_lines_that_say_when_the_article_was_changed(line: str, changed: str | None) -> None:
    blocks = page(body=HEAD + f"<p>{line}</p>" + PROSE).blocks
    found = next(of_changed(blocks, 0, False, NO_CAPTURE), None)
    assert (found[2] if found else None) == changed


def test_lines_of_a_change_are_not_the_publication() -> None:
    body = HEAD + "<p>Updated 3 May 2024</p><p>1 May 2024</p>"
    assert published(body=body) == ("2024-05-01", "block")


def test_a_change_is_not_before_the_publication() -> None:
    assert not_before("2024-05-02", "2024-05-01T10:00:00+00:00")
    assert not_before("2024-05-01", "2024-05-01T10:00:00+00:00")
    assert not_before("2024-05-01T12:00:00+02:00", "2024-05-01T10:00:00+00:00")
    assert not_before("2024-05-01T10:00", "2024-05-01T10:00:30")
    assert not_before("2024-05-01", None)
    assert not not_before("2024-04-30", "2024-05-01T10:00:00+00:00")
    assert not not_before("2024-05-01T09:59:00+00:00", "2024-05-01T10:00:00+00:00")
    assert not not_before(None, "2024-05-01")


def test_a_moment_in_utc_takes_the_offset_of_the_place() -> None:
    times = [Time("2024-05-01", "", 1), Time("2024-05-01T21:30:05-03:00", "", 1)]
    assert local("2024-05-02T00:30:05+00:00", times) == "2024-05-01T21:30:05-03:00"
    assert local("2024-05-02T00:40:05+00:00", times) == "2024-05-02T00:40:05+00:00"
    assert local("2024-05-02", times) == "2024-05-02"
    assert local(None, times) is None
