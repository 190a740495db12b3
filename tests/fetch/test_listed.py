from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsclean.fetch.listed import MAX_TITLE, address, moment, one_line

TEN = datetime(2026, 11, 22, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22T10:00:00Z",
        " 2026-11-22T10:00Z\n",
        "2026-11-22T10:00:00.000+00:00",
        "2026-11-22T05:00:00-05:00",
        "2026-11-22 10:00:00",
        "20261122T100000Z",
        "Sun, 22 Nov 2026 10:00:00 GMT",
        "Sun, 22 Nov 2026 10:00:00 -0000",
        "22 Nov 2026 05:00:00 EST",
    ],
)
def test_moments(text: str) -> None:
    assert moment(text) == TEN


@pytest.mark.parametrize(
    "text", [None, "", "now", "2026-11", "22.11.2026", "2026-11-31", "0001-01-01T00:00+10:00", "9999-12-31T23:59-10:00"]
)
def test_what_is_no_moment(text: str | None) -> None:
    assert moment(text) is None


def test_a_day_is_its_midnight() -> None:
    assert moment("2026-11-22") == datetime(2026, 11, 22, tzinfo=UTC)


@given(st.text(max_size=120) | st.datetimes().map(str) | st.datetimes(timezones=st.timezones()).map(datetime.isoformat))
def test_any_text_is_a_moment_in_utc_or_none(text: str) -> None:
    read = moment(text)
    assert read is None or read.tzinfo is UTC


@pytest.mark.parametrize(
    ("reference", "url"),
    [
        ("2", "http://a.example/b/2"),
        (" /2 ", "http://a.example/2"),
        ("//b.example/2", "http://b.example/2"),
        ("http://b.example/x/../y;?", "http://b.example/x/../y;"),
        ("HTTPS://b.example", "https://b.example/"),
        ("", None),
        (None, None),
        ("mailto:a@b.example", None),
        ("http://[", None),
        ("#top", "http://a.example/b/c"),
    ],
)
def test_addresses(reference: str | None, url: str | None) -> None:
    assert address("http://a.example/b/c", reference) == url


def test_without_a_base_only_absolute_ones_are_addresses() -> None:
    assert address("", "http://b.example/2") == "http://b.example/2"
    assert address("", "/2") is None


def test_titles() -> None:
    assert one_line(" One\n\ttwo ") == "One two"
    assert one_line("1 < 2 &amp; <b>3</b>") == "1 < 2 &amp; <b>3</b>"
    assert one_line("1 &lt; 2 &amp; <b>3</b>", markup=True) == "1 < 2 & 3"
    assert one_line("<b></b> &nbsp;", markup=True) is None
    assert one_line(None) is None
    assert len(one_line("x" * 10_000) or "") == MAX_TITLE
