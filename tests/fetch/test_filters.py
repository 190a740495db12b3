from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsclean.errors import UsageError
from newsclean.fetch.filters import Filters, parse_age, parse_when

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
STORY = "https://news.example/sport/2026/story?id=1"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("45s", 45), ("90m", 5_400), ("12h", 43_200), ("7d", 604_800), ("2w", 1_209_600), (" 12 H ", 43_200), ("0d", 0)],
)
def test_ages(text: str, seconds: int) -> None:
    assert parse_age(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "12", "h", "-1h", "1.5h", "12 hours", "999999999w", "2026-11-01", "１２h"])
def test_what_is_no_age(text: str) -> None:
    with pytest.raises(UsageError, match="is no age: write 90m"):
        parse_age(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-01", datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026-11-01T10:00Z", datetime(2026, 11, 1, 10, tzinfo=UTC)),
        ("2026-11-01T10:00", datetime(2026, 11, 1, 10, tzinfo=UTC)),
        ("2026-11-01 10:00+02:00", datetime(2026, 11, 1, 8, tzinfo=UTC)),
        ("36h", datetime(2026, 11, 21, tzinfo=UTC)),
        (" 7d ", datetime(2026, 11, 15, 12, tzinfo=UTC)),
    ],
)
def test_moments(text: str, moment: datetime) -> None:
    assert parse_when(text, NOW) == moment
    assert parse_when(text, NOW.astimezone(timezone(timedelta(hours=5)))) == moment
    assert parse_when(text, NOW).utcoffset() == timedelta(0)


@pytest.mark.parametrize("text", ["", "yesterday", "01.11.2026", "2026-13-01", "9999999d", "0001-01-01T00:00+10:00"])
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(UsageError, match=r"is no (date or )?age"):
        parse_when(text, NOW)


@given(st.text(max_size=30))
def test_any_text_is_a_moment_or_a_usage_error(text: str) -> None:
    message = ""
    try:
        assert parse_when(text, NOW).utcoffset() == timedelta(0)
    except UsageError as problem:
        message = str(problem)
    assert len(message.splitlines()) <= 1


def test_without_values_everything_is_taken() -> None:
    assert Filters().take(STORY, None)
    assert Filters().take(STORY, NOW)


def test_since_and_until() -> None:
    filters = Filters(since=NOW - timedelta(hours=12), until=NOW)
    assert filters.take(STORY, NOW - timedelta(hours=12))
    assert filters.take(STORY, NOW - timedelta(seconds=1))
    assert not filters.take(STORY, NOW)
    assert not filters.take(STORY, NOW - timedelta(hours=12, seconds=1))
    assert filters.take(STORY, None)
    assert not Filters(since=NOW, require_date=True).take(STORY, None)
    assert Filters(match=("*",), require_date=True).take(STORY, None)


def test_midnight_stands_for_the_day() -> None:
    filters = Filters(since=NOW)
    assert filters.take(STORY, datetime(2026, 11, 22, tzinfo=UTC))
    assert not filters.take(STORY, datetime(2026, 11, 22, 0, 0, 1, tzinfo=UTC))
    assert not filters.take(STORY, datetime(2026, 11, 21, tzinfo=UTC))


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ("*/sport/*", True),
        ("*/SPORT/*", False),
        ("https://news.example/*", True),
        ("news.example/*", False),
        ("*/story?id=[0-9]", True),
        ("*/story", False),
        (STORY, True),
        ("re:/20\\d\\d/", True),
        ("re:^/sport", False),
        ("re:(?i)SPORT", True),
    ],
)
def test_patterns(pattern: str, fits: bool) -> None:
    assert Filters(match=(pattern,)).take(STORY, None) is fits
    assert Filters(match=("*/no/*", pattern)).take(STORY, None) is fits
    assert Filters(exclude=(pattern,)).take(STORY, None) is not fits
    assert not Filters(match=("*",), exclude=(pattern, STORY)).take(STORY, None)


@pytest.mark.parametrize("pattern", ["re:(", "re:[", "", "/sport/", "sport"])
def test_patterns_that_cannot_be_one(pattern: str) -> None:
    with pytest.raises(UsageError) as caught:
        Filters(exclude=(pattern,))
    assert pattern in str(caught.value)


def test_an_empty_span() -> None:
    with pytest.raises(UsageError, match="2026-11-22T12:00Z"):
        Filters(since=NOW, until=NOW)


def test_filters_are_compared_by_what_they_say() -> None:
    assert Filters(match=("*/a/*",)) == Filters(match=("*/a/*",)) != Filters(match=("*/b/*",))


@given(st.text(min_size=1, max_size=20) | st.text(max_size=20).map("re:".__add__))
def test_any_text_is_a_pattern_or_a_usage_error(text: str) -> None:
    message = ""
    try:
        Filters(match=(text,)).take(STORY, NOW)
    except UsageError as problem:
        message = str(problem)
    assert len(message.splitlines()) <= 1
