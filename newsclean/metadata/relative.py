"""How long ago a page says that it was ("2 hours ago", "gestern") -> ISO 8601, counted from the capture."""

import re
from datetime import UTC, datetime, timedelta

from newsclean.metadata.date_vocabulary import ago_words, said_before
from newsclean.metadata.written import with_time

_LONGEST = 90
"""Characters of a line in which it is looked for."""
_SHORT = 50
"""Characters of a line that names a day and says little else."""
_LETTER = re.compile(r"[^\W\d_]")
_MOST = {"second": 600, "minute": 600, "hour": 120, "day": 60}
"""More of a unit than this is no age that a page counts in it."""


def ago(text: str, captured_at: str | None) -> tuple[str, int] | None:
    """The moment that a line counts back from the capture, as ISO 8601 in UTC, with its place: date and time to the
    minute for seconds, minutes and hours, a date for days. None without a capture time, and where the line counts
    nothing; weeks, months and years are too rough to be a date.
    """
    now = _moment(captured_at)
    if now is None or len(captured_at or "") < 11 or len(text) > _LONGEST:
        return None
    words = ago_words()
    for pattern in words.ago:
        for found in pattern.finditer(text):
            unit = words.units[_folded(found[2])]
            count = 1 if not found[1].isdecimal() else int(found[1])
            if count <= _MOST[unit]:
                return _before(now, unit, count), found.start()
    if two := words.two.search(text):
        return _before(now, words.two_units[_folded(two[1])], 2), two.start()
    named = words.named.search(text)
    return _named(text, named, now) if named is not None else None


def _named(text: str, found: re.Match[str], now: datetime) -> tuple[str, int] | None:
    """The day that a line names; None where the line says more than the day, its time and what was done then."""
    words = ago_words()
    name = _folded(found[1])
    day = (now - timedelta(days=words.named_days[name])).date().isoformat()
    value = with_time(text, found.end(), found.end(), day)
    before = text[: found.start()]
    if _LETTER.search(before) and not (said_before().published.search(before) or said_before().changed.search(before)):
        return None
    # a time may have words beside it
    if (len(value) == len(day) and (name in words.timed or _LETTER.search(text, found.end()))) or len(text) > _SHORT:
        return None
    return value, found.start()


def _before(now: datetime, unit: str, count: int) -> str:
    moment = now - timedelta(**{f"{unit}s": count})
    return moment.date().isoformat() if unit == "day" else moment.isoformat(timespec="minutes")


def _folded(word: str) -> str:
    return " ".join(word.lower().split())


def _moment(captured_at: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(captured_at or "")
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
