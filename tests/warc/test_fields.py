"""Dates; the other fields are in test_check.py, where whole files are checked."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsclean.warc.fields import date_problem, is_web

WHOLE = "%Y-%m-%dT%H:%M:%SZ"


@given(st.datetimes(), st.integers(1, 9), st.integers(0, 10**9 - 1))
def test_every_moment_has_a_date(moment: datetime, digits: int, fraction: int) -> None:
    text = moment.isoformat(timespec="seconds")
    assert date_problem(f"{text}Z", "1.0") == date_problem(f"{text}Z", "1.1") == ""
    fine = f"{text}.{fraction:09}"[: len(text) + 1 + digits] + "Z"
    assert date_problem(fine, "1.1") == ""
    assert "whole seconds" in date_problem(fine, "1.0")


@pytest.mark.parametrize("length", [4, 7, 10])
def test_less_precise_dates_are_of_1_1(length: int) -> None:
    assert date_problem("2026-11-22"[:length], "1.1") == ""
    assert date_problem("2026-11-22"[:length], "1.0")


@pytest.mark.parametrize(
    "date",
    [
        *(
            "",
            "20261122203521",
            "2026-11-22T20:35:21",
            "2026-11-22 20:35:21Z",
            "2026-11-22t20:35:21z",
            "2026-11-22T20Z",
        ),
        *("2026-11-22T20:35:21+00:00", "2026-11-22T20:35:21,5Z", "2026-11-22T20:35:21.Z", "2026-11-22T20:35", "٢٠٢٦"),
        *("2026-13-01", "2026-02-29", "2026-11-31T00:00:00Z", "2026-11-22T24:00:00Z", "2026-11-22T23:60:00Z", "0000"),
    ],
)
def test_what_is_no_date(date: str) -> None:
    assert date_problem(date, "1.1")
    assert date_problem(date, "1.0")


def test_web() -> None:
    assert is_web("http://a.example/")
    assert is_web("<HTTPS://a.example/>")
    assert not is_web("dns:a.example")
    assert not is_web(None)
