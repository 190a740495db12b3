"""Days of other calendars -> days of ours, where it is sure which calendar it is."""

from datetime import date
from functools import lru_cache

OLDEST = 1990
"""No news page is older than the web."""
_THAI = range(2533, 2600)
_THAI_YEARS = 543
IRANIAN = range(1369, 1410)
"""Years since 1990 that the Iranian calendar has had; those behind them are Islamic ones of the same days."""
_EPOCH = 226_895
"""Ordinal of the first day of the Iranian calendar."""
_CYCLE = 33
_LEAP_YEARS = (1, 5, 9, 13, 17, 22, 26, 30)
"""Years of a cycle that have a day more."""
_LONG_MONTHS = 6
"""Months of 31 days; those behind them have 30, the last one 29 or 30."""


@lru_cache(maxsize=2_000)
def iso_day(year: str, month: str, day: str) -> str | None:
    """A day in numbers as ISO 8601. Years of the Thai calendar and of the Iranian one are converted; None for a day
    that there is none of, for years before OLDEST, and so for those of the Islamic calendar.
    """
    number = int(year)
    if number in _THAI:
        number -= _THAI_YEARS
    if number in IRANIAN:
        return iranian_day(number, int(month), int(day))
    if number < OLDEST:
        return None
    try:
        return date(number, int(month), int(day)).isoformat()
    except ValueError:
        return None


def iranian_day(year: int, month: int, day: int) -> str | None:
    """A day of the Iranian calendar (Solar Hijri) as ISO 8601; None where there is none."""
    if year not in IRANIAN or not 1 <= month <= 12 or day < 1:
        return None
    before = 31 * (month - 1) if month <= _LONG_MONTHS + 1 else 31 * _LONG_MONTHS + 30 * (month - 1 - _LONG_MONTHS)
    start, following = _new_year(year), _new_year(year + 1)
    length = 31 if month <= _LONG_MONTHS else 30 if month < 12 else following - start - before
    return date.fromordinal(start + before + day - 1).isoformat() if day <= length else None


def _new_year(year: int) -> int:
    """Ordinal of the first day of a year, by the cycle of 33 years, which holds from 1178 to 1633."""
    cycles, rest = divmod(year - 1, _CYCLE)
    return _EPOCH + 365 * (year - 1) + len(_LEAP_YEARS) * cycles + sum(leap <= rest for leap in _LEAP_YEARS)
