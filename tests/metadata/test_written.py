"""Dates as pages write them."""

import time

import pytest

from newsclean.metadata.date_vocabulary import date_data, written_words
from newsclean.metadata.written import moment, stamp, written

EXAMPLES = date_data()["examples"]
DATED = [tuple(pair) for language, pairs in EXAMPLES.items() if language != "none" for pair in pairs]


@pytest.mark.parametrize(("text", "iso"), DATED)
def test_the_examples_of_the_vocabulary(text: str, iso: str) -> None:
    assert stamp(text) == iso


@pytest.mark.parametrize("text", EXAMPLES["none"])
def test_texts_without_a_date(text: str) -> None:
    assert stamp(text) is None


def test_each_month_of_each_name() -> None:
    words = written_words()
    for name, month in words.months.items():
        assert stamp(f"2 {name} 2024") == f"2024-{month:02}-02", name


def test_names_mean_one_month_and_are_in_lower_case() -> None:
    names = [name for months in date_data()["months"].values() for name in months]
    assert len(names) == len(set(names))
    assert all(name == name.lower() for name in names)


@pytest.mark.parametrize(
    ("raw", "iso"),
    [
        ("2024-05-01", "2024-05-01"),
        ("2024-05-01T10:20", "2024-05-01T10:20"),
        ("2024-05-01T10:20Z", "2024-05-01T10:20+00:00"),
        ("2024-05-01T10:20:30+02", "2024-05-01T10:20:30+02:00"),
        ("2024-05-01T10:20:30.123-0330", "2024-05-01T10:20:30-03:30"),
        ("20240501T102030Z", "2024-05-01T10:20:30+00:00"),
        ("20240501", "2024-05-01"),
        ("2024-05-01T25:00", None),
        ("1 May 2024 10:30 EST", "2024-05-01T10:30-05:00"),
        ("1 May 2024 10:30 IST", "2024-05-01T10:30"),
    ],
)
def test_precision_and_zone_stay(raw: str, iso: str | None) -> None:
    assert stamp(raw) == iso


def test_a_number_behind_a_date_is_no_time() -> None:
    for text in ("1 May 2024. 10.30 metres", "1 May 2024, 12 comments", "1 May 2024 5", "1 May 2024 10:99"):
        assert stamp(text) == "2024-05-01"


def test_words_that_are_glued_to_a_month() -> None:
    assert stamp("HealthMAY 1, 2024Updated: MAY 3, 2024") == "2024-05-01"


def test_no_time_of_day_that_there_is_none_of() -> None:
    assert moment("2024-05-01", "24", "00") == "2024-05-01"
    assert moment(None, "10", "00") is None
    assert moment("2024-05-01", "10", "00", None, "nowhere") == "2024-05-01T10:00"


@pytest.mark.parametrize("piece", ["1 ", "1 a ", "a 1 ", "2024 ", "1.", "2024 a ", "1 May ", "May 1, ", "10:30 ", "("])
def test_texts_of_any_length(piece: str) -> None:
    def cost(length: int) -> float:
        start = time.perf_counter()
        list(written((piece * length)[:length]))
        return time.perf_counter() - start

    cost(1_000)
    assert cost(20_000) < 2
