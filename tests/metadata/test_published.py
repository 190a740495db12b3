"""Dates in UTC, as the place has them where the page was published."""

import pytest

from tests.metadata.pages import PROSE, article, read, script

HEAD = "<h1>The old bridge stays open</h1>"


def published(stamp: str, body: str = "", url: str = "https://news.example/a", captured_at: str | None = None) -> str:
    found = read(script(article(datePublished=stamp)), HEAD + body + PROSE, url=url, captured_at=captured_at)
    assert found.sources["date_published"].raw == stamp
    return str(found.values["date_published"])


@pytest.mark.parametrize(
    ("stamp", "line", "local"),
    [
        ("2024-05-01T02:25:54Z", "April 30, 2024 9:25 PM", "2024-04-30T21:25:54-05:00"),
        ("2024-05-01T22:04:00Z", "2. Mai 2024, 00:04 Uhr", "2024-05-02T00:04:00+02:00"),
        ("2024-05-01T04:35:00Z", "1 May 2024 10:05", "2024-05-01T10:05:00+05:30"),
        ("2024-05-01T04:35:00Z", "1 May 2024 10:07", "2024-05-01T04:35:00+00:00"),
        ("2024-05-01T10:20:00Z", "1 May 2024 10:20", "2024-05-01T10:20:00+00:00"),
        ("2024-05-01T23:30:00Z", "2 May 2024", "2024-05-02"),
        ("2024-05-01T02:30:00Z", "30 April 2024", "2024-04-30"),
        ("2024-05-01T09:00:00Z", "2 May 2024", "2024-05-01T09:00:00+00:00"),
        ("2024-05-01T02:30:00Z", "29 April 2024", "2024-05-01T02:30:00+00:00"),
    ],
)
def test_the_line_that_readers_see(stamp: str, line: str, local: str) -> None:
    assert published(stamp, f'<p class="date">{line}</p>') == local


def test_the_day_of_the_address() -> None:
    assert published("2024-05-01T02:30:00Z", url="https://news.example/2024/04/30/bridge") == "2024-04-30"
    assert (
        published("2024-05-01T02:30:00Z", url="https://news.example/2024/05/01/bridge") == "2024-05-01T02:30:00+00:00"
    )


def test_a_stamp_with_an_offset_stays() -> None:
    assert published("2024-05-01T01:30:00+02:00", '<p class="date">30 April 2024</p>') == "2024-05-01T01:30:00+02:00"


def test_the_offset_of_a_time_element() -> None:
    line = '<time datetime="2024-05-01T12:20:00+02:00">1 May</time>'
    assert published("2024-05-01T10:20:00Z", line) == "2024-05-01T12:20:00+02:00"


def test_days_behind_the_capture_are_not_printed_ones() -> None:
    line = '<p class="date">2 May 2024</p>'
    assert published("2024-05-01T08:00:00Z", line, captured_at="2024-05-01T09:00:00Z") == "2024-05-01T08:00:00+00:00"
