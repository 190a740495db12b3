"""Dates as pages write them -> ISO 8601, with the time of day, the zone and the precision that they have there."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from newsclean.metadata.calendars import iranian_day, iso_day
from newsclean.metadata.date_vocabulary import WrittenWords, written_words

_CLOCK = r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?"
_ISO = re.compile(rf"(?<!\d)(\d{{4}})-(\d{{1,2}})-(\d{{1,2}})(?!\d)(?:(?:\s*T\s*|\s+){_CLOCK})?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?(Z|[+-]\d{4})?)?")
_SECONDS = re.compile(r"(\d{10})(?:\d{3})?")
_WORD = r"[^\s\d,/|()\[\]«»\"„“:;•·–—_-]{1,20}+"
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})(?:(\s?[/.-]\s?)(\d{1,2})\2|\s?[年년]\s?(\d{1,2})\s?[月월]\s?)(\d{1,2})(?!\d)")
_DAY_WORDS_YEAR = re.compile(
    rf"(?<![\d.,:])(\d{{1,2}})((?:st|nd|rd|th|er|º|ª|°|-го|-е|\.)(?![^\W\d_]))?[\s,/-]*+((?:{_WORD}[\s,/-]*+){{1,4}}+)(\d{{4}})(?!\d)",
    re.IGNORECASE,
)
_WORD_DAY_YEAR = re.compile(
    rf"({_WORD})[\s/-]*+(\d{{1,2}})(?:st|nd|rd|th)?\.?,?\s*+(?:(?:\d{{1,2}}:\d{{2}}(?::\d{{2}})?)\s++)?(\d{{4}})(?!\d)",
    re.IGNORECASE,
)
_YEAR_WORDS_DAY = re.compile(
    rf"(?<!\d)(\d{{4}})(?:\.|,)?[\s-]*+((?:{_WORD}[\s-]*+){{1,3}}+)(\d{{1,2}})(?!\d|:)", re.IGNORECASE
)
_NUMBERS = re.compile(
    r"(?<![\d.])(\d{1,2})(?:\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4})(?!\d)|(\.)(\d{1,2})\.(\d{2})(?=$|[\s,|–-]))(?!\.?\d)"
)
_HUMP = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")
_MAX_LINE = 160
_OFFSET = re.compile(r"(?:gmt|utc)?\s?([+-])(\d{1,2}):?(\d{2})?", re.IGNORECASE)
_BEFORE = 40
"""Characters before a date among which its time of day is looked for."""


def stamp(raw: str | None, english: bool = False) -> str | None:
    """The date of an attribute or of a value of structured data as ISO 8601, with time and offset where it has them.
    None where it is none. ``english``: month before day where the numbers allow both.
    """
    text = (raw or "").strip()[:_MAX_LINE]
    if not text:
        return None
    if found := _ISO.match(text):
        return _iso_moment(found)
    if found := _COMPACT.fullmatch(text):
        return moment(iso_day(found[1], found[2], found[3]), found[4], found[5], found[6], found[7])
    if found := _SECONDS.fullmatch(text):
        return datetime.fromtimestamp(int(found[1]), UTC).isoformat()
    return next(written(text, english), (None, 0))[0]


def written(text: str, english: bool = False) -> Iterator[tuple[str, int]]:
    """The dates in a text, as ISO 8601 with their places, the surest form first. With the time of day that stands
    beside a date, and its offset where the text names it.
    """
    for start, end, day in _days(text, english):
        yield with_time(text, start, end, day), start


def with_time(text: str, start: int, end: int, day: str) -> str:
    """A day whose place in a text is given, with the time of day that stands behind it, else before it."""
    if found := _ISO.match(text, start):
        return _iso_moment(found) or day
    words = written_words()
    for found in (words.clock.match(text, end), words.clock_before.search(text[max(0, start - _BEFORE) : start])):
        if found is None:
            continue
        half_before, hour, sign, minute, second, alone, after, zone = found.groups()
        half = (half_before or after or "").lower()
        said = half in words.morning or half in words.evening
        # "1 May 2024. 10.30" may be anything
        if sign == "." and not (after or zone or _told(found[0])):
            continue
        if sign is None and not alone and not said:
            continue
        number = int(hour)
        if half in words.evening and number < 12:
            number += 12
        elif half in words.morning and number == 12:
            number = 0
        return moment(day, str(number), minute, second, zone) or day
    return day


def moment(
    day: str | None, hour: str | None, minute: str | None, second: str | None = None, zone: str | None = None
) -> str | None:
    """Day, time and zone as ISO 8601, to the minute or the second as they are given; only the day for a time of day
    that there is none of, None without a day. ``zone``: ``Z``, ``UTC``, ``+0200`` and the like.
    """
    if day is None or hour is None:
        return day
    if not (int(hour) < 24 and int(minute or 0) < 60 and int(second or 0) < 60):
        return day
    time = f"{int(hour):02}:{int(minute or 0):02}" + (f":{int(second):02}" if second else "")
    return f"{day}T{time}{_offset(zone)}"


def _days(text: str, english: bool) -> Iterator[tuple[int, int, str]]:
    """Start, end and day of the dates in a text."""
    words = written_words()
    for found in _ISO.finditer(text):
        if day := iso_day(found[1], found[2], found[3]):
            yield found.start(), found.end(3), day
    for found in _YEAR_FIRST.finditer(text):
        if day := iso_day(found[1], found[3] or found[4], found[5]):
            yield found.start(), _behind_sign(text, found.end()), day
    for found in words.eras.finditer(text):
        era = words.era_years[found[1]] + (1 if found[2] == "元" else int(found[2]))
        if day := iso_day(str(era), found[3], found[4]):
            yield found.start(), found.end(), day
    for found in _DAY_WORDS_YEAR.finditer(text):
        if day := _named_day(found[4], found[3], found[1], words, dotted=found[2] == "."):
            yield found.start(), found.end(), day
    for found in _WORD_DAY_YEAR.finditer(text):
        if day := _named_day(found[3], found[1], found[2], words):
            yield found.start(), found.end(), day
    for found in _YEAR_WORDS_DAY.finditer(text):
        if day := _named_day(found[1], found[2], found[3], words):
            yield found.start(), found.end(), day
    for found in words.counted.finditer(text):
        if day := iso_day(found[3], found[2], found[1]):
            yield found.start(), found.end(), day
    for found in _NUMBERS.finditer(text):
        first, second = found[1], found[3] or found[6]
        swapped = int(second) > 12 or (english and found[2] in ("/", "-") and int(first) <= 12)
        year = found[4] or f"20{int(found[7]):02}"
        pair = (first, second) if swapped else (second, first)
        if day := iso_day(year, *pair):
            yield found.start(), found.end(), day


def _named_day(year: str, named: str, day: str, words: WrittenWords, dotted: bool = False) -> str | None:
    """The day whose month stands among some words; None where another word stands there, too."""
    month = iranian = 0
    parts = named.lower().replace(",", " ").split()
    if _HUMP.search(named):
        # a word is glued to the one before it where pages part them by style only
        parts = _HUMP.split(named.strip())[-1].lower().replace(",", " ").split()
    at = 0
    while at < len(parts):
        pair = " ".join(parts[at : at + 2])
        part = parts[at].strip(".-/")
        step = 2 if pair in words.months and at + 1 < len(parts) else 1
        known = words.months.get(pair if step == 2 else part) or words.months.get(part.split("-")[-1])
        if dotted and part in words.dotted:
            known = words.dotted[part]
        if known and not month:
            month = known
        elif part in words.iranian and not iranian:
            iranian = words.iranian[part]
        elif part and part not in words.between:
            return None
        at += step
    if month:
        return iso_day(year, str(month), day)
    return iranian_day(int(year), iranian, int(day)) if iranian else None


def _behind_sign(text: str, end: int) -> int:
    return end + 1 if text[end : end + 1] in ("日", "일", ".") else end


def _told(text: str) -> bool:
    """Whether a word before a time says that it is one."""
    return any(character.isalpha() for character in text)


def _iso_moment(found: re.Match[str]) -> str | None:
    """Day and time of a machine's form, of which a time that there is none of makes all doubtful."""
    year, month, day, hour, minute, second, zone = found.groups()
    value = moment(iso_day(year, month, day), hour, minute, second, zone)
    return value if hour is None or (value is not None and "T" in value) else None


def _offset(zone: str | None) -> str:
    """``+02:00`` for any way to write a zone; empty where it is not known."""
    if not zone:
        return ""
    if (known := written_words().zones.get(zone.lower())) is not None:
        return known
    found = _OFFSET.fullmatch(zone.strip())
    if found is None or int(found[2]) > 14 or int(found[3] or 0) > 59:
        return ""
    return f"{found[1]}{int(found[2]):02}:{int(found[3] or 0):02}"
