"""Days of other calendars."""

from datetime import date, timedelta

import pytest

from newsclean.metadata.calendars import iranian_day, iso_day


@pytest.mark.parametrize(
    ("year", "day"),
    [
        (1370, "1991-03-21"),
        (1375, "1996-03-20"),
        (1376, "1997-03-21"),
        (1395, "2016-03-20"),
        (1399, "2020-03-20"),
        (1400, "2021-03-21"),
        (1403, "2024-03-20"),
        (1404, "2025-03-21"),
        (1405, "2026-03-21"),
    ],
)
def test_new_year_of_the_iranian_calendar(year: int, day: str) -> None:
    assert iranian_day(year, 1, 1) == day


def test_every_day_of_the_iranian_calendar_follows_the_one_before() -> None:
    expected = date(2020, 3, 20)
    for year in range(1399, 1406):
        for month in range(1, 13):
            for day in range(1, 32):
                found = iranian_day(year, month, day)
                if found is not None:
                    assert found == expected.isoformat()
                    expected += timedelta(days=1)
    assert expected == date(2027, 3, 21)


def test_days_that_there_are_none_of() -> None:
    assert iranian_day(1404, 12, 30) is None
    assert iranian_day(1403, 7, 31) is None
    assert iranian_day(1403, 13, 1) is None
    assert iranian_day(1500, 1, 1) is None
    assert iso_day("2024", "2", "30") is None


def test_years_of_other_calendars() -> None:
    assert iso_day("2567", "5", "1") == "2024-05-01"
    assert iso_day("1403", "2", "12") == "2024-05-01"
    assert iso_day("1445", "10", "22") is None
    assert iso_day("0000", "00", "00") is None
    assert iso_day("1969", "12", "31") is None
