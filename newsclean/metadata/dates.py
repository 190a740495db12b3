"""Dates as pages write them -> ISO 8601, and the choice among the dates of a page."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from lxml.etree import XPath, _Element

from newsclean.metadata.sources import Time
from newsclean.metadata.vocabulary import date_words, parts_of
from newsclean.model import Block

OLDEST = 1990
"""No news page is older than the web."""
NO_CAPTURE = "2100-01-01"
"""Latest date for a page without a capture time: no clock is read."""
_THAI_YEARS = 543
_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:\s*T\s*|\s+)(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(?:\d{2})?(?:Z|[+-]\d{4})?)?")
_SECONDS = re.compile(r"(\d{10})(?:\d{3})?")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s?[/.年년]\s?(\d{1,2})\s?[/.月월]\s?(\d{1,2})(?!\d)")
_DAY_MONTH_WORD = re.compile(
    r"(?<![\d.,:])(\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)?[\s-]*(?:de\s|of\s|d[’'])?\s?([^\W\d_]{3,12})\.?,?[\s-]*(?:de\s|del\s)?\s?(\d{4})(?!\d)",
    re.IGNORECASE,
)
_MONTH_WORD_DAY = re.compile(
    r"(?<![^\W_])([^\W\d_]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?\.?,?\s+(\d{4})(?!\d)", re.IGNORECASE
)
_NUMBERS = re.compile(
    r"(?<![\d.])(\d{1,2})(?:\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4})|(\.)(\d{1,2})\.(\d{2})(?=$|[\s,|–-]))(?![\d.])"
)
_IN_URL = re.compile(r"(?<!\d)((?:19|20)\d{2})([/-]?)(\d{1,2})\2(\d{1,2})(?=\d{4}\D|\d{6}\D|\D|$)")
_DIGIT = re.compile(r"\d")
_MARKED = XPath(
    "//*[@itemprop='datePublished' or @property='datePublished' or @property='schema:datePublished' "
    "or @property='schema:dateCreated' or (self::abbr and contains(@class, 'published'))]"
)
_BARE = 60
_FAR = 80
"""Blocks from the headline within which a date that nothing marks is believed to be the article's."""
_MAX_LINE = 160
_BEFORE, _BEHIND = 8, 30
"""Blocks around the headline among which a visible date is looked for."""


def latest_day(captured_at: str | None) -> str:
    """The last day that is believed: that of the capture and one more, for time zones."""
    try:
        day = min(date.fromisoformat((captured_at or "")[:10]), date.fromisoformat(NO_CAPTURE))
    except ValueError:
        return NO_CAPTURE
    return (day + timedelta(days=1)).isoformat()


def believed(value: str | None, latest: str) -> bool:
    """Whether an ISO date is one of a news page that was captured by then."""
    return value is not None and value[:4] >= str(OLDEST) and value[:10] <= latest


def stamp(raw: str | None, english: bool = False) -> str | None:
    """The date of an attribute or of a value of structured data as ISO 8601, with time and offset where it has them.
    None where it is none. ``english``: month before day where the numbers allow both.
    """
    text = (raw or "").strip()[:_MAX_LINE]
    if not text:
        return None
    if found := _ISO.match(text):
        return _moment(found)
    if found := _COMPACT.fullmatch(text):
        return _day(found[1], found[2], found[3])
    if found := _SECONDS.fullmatch(text):
        return datetime.fromtimestamp(int(found[1]), UTC).isoformat()
    return next(written(text, english), (None, 0))[0]


def written(text: str, english: bool = False) -> Iterator[tuple[str, int]]:
    """The days in a text, as ISO 8601 with their places, the surest form first."""
    for found in _ISO.finditer(text):
        if day := _day(found[1], found[2], found[3]):
            yield day, found.start()
    for found in _YEAR_FIRST.finditer(text):
        if day := _day(found[1], found[2], found[3]):
            yield day, found.start()
    months = date_words().months
    for found in _DAY_MONTH_WORD.finditer(text):
        month = months.get(found[2].lower())
        if month and (day := _day(found[3], str(month), found[1])):
            yield day, found.start()
    for found in _MONTH_WORD_DAY.finditer(text):
        month = months.get(found[1].lower())
        if month and (day := _day(found[3], str(month), found[2])):
            yield day, found.start()
    for found in _NUMBERS.finditer(text):
        first, second = found[1], found[3] or found[6]
        swapped = int(second) > 12 or (english and found[2] in ("/", "-") and int(first) <= 12)
        year = found[4] or f"20{found[7]}"
        pair = (first, second) if swapped else (second, first)
        if day := _day(year, *pair):
            yield day, found.start()


def of_url(url: str | None) -> str | None:
    """The day in a URL's path (``/2024/05/01/``, ``-20240501``); None where there is none."""
    # an archive's address holds that of the page
    path = (url or "").rpartition("://")[2].partition("/")[2].partition("?")[0]
    for found in _IN_URL.finditer(path):
        if (found[2] or len(found[3] + found[4]) == 4) and (day := _day(found[1], found[3], found[4])):
            return day
    return None


def of_times(times: Sequence[Time], english: bool, latest: str) -> Iterator[tuple[str, str]]:
    """Raw value and ISO date of the time elements, the likeliest first: named as the publication's, then behind the
    headline, then any.
    """
    words = date_words()
    found: list[tuple[int, int, str, str]] = []
    for number, time in enumerate(times):
        names = parts_of(time.name)
        if not names.isdisjoint(words.changed | words.other | words.doubtful):
            continue
        value = stamp(time.value, english)
        if value is None or not believed(value, latest):
            continue
        named = not names.isdisjoint(words.published)
        rank = 0 if named and time.headings else 1 if time.headings == 1 else 2 if named else 3 + (time.headings != 0)
        found.append((rank, number, time.value, value))
    for _, _, raw, value in sorted(found):
        yield raw, value


def of_blocks(blocks: Sequence[Block], at: int | None, english: bool, latest: str) -> Iterator[tuple[int, str, str]]:
    """Block number, text and ISO day of the visible dates around the headline's block ``at``, the likeliest first."""
    start = at or 0
    found: list[tuple[int, int, int, str, str]] = []
    for block in blocks[max(0, start - _BEFORE) : start + _BEHIND]:
        shown = _shown(block, english, latest)
        if shown is None or shown.changed or shown.doubtful or not (shown.named or shown.bare):
            continue
        rank = (0 if shown.named and shown.bare else 1) + (0 if block.index >= start else 1)
        found.append((rank, abs(block.index - start), block.index, block.text, shown.day))
    for _, _, index, text, day in sorted(found):
        yield index, text, day


def of_page(blocks: Sequence[Block], at: int | None, english: bool, latest: str) -> Iterator[tuple[int, str, str]]:
    """As :func:`of_blocks`, over the whole page: for dates far from the headline, and for those of a change where the
    page shows no other.
    """
    start = at or 0
    found: list[tuple[int, int, int, str, str]] = []
    for block in blocks:
        shown = _shown(block, english, latest)
        if shown is not None and (shown.named or (shown.bare and abs(block.index - start) <= _FAR)):
            rank = 4 * shown.changed + 2 * shown.doubtful + (not shown.named)
            found.append((rank, abs(block.index - start), block.index, block.text, shown.day))
    for _, _, index, text, day in sorted(found):
        yield index, text, day


def marked(tree: _Element) -> Iterator[tuple[str, str]]:
    """Source and value of the microdata on the tree's elements that give the day of publication."""
    elements = _MARKED(tree)
    for element in elements if isinstance(elements, list) else ():
        if not isinstance(element, _Element):
            continue
        for attribute in ("content", "datetime", "title"):
            if value := element.get(attribute):
                yield f"html:{element.tag}", value
                break


@dataclass(frozen=True, slots=True)
class _Shown:
    """A date that readers see."""

    day: str
    named: bool
    """Whether the names of its elements say that it is a date."""
    bare: bool
    """Whether little else stands beside it."""
    doubtful: bool
    """Whether it stands where pages have dates of other things."""
    changed: bool
    """Whether it is said to be the day of a change."""


def _shown(block: Block, english: bool, latest: str) -> _Shown | None:
    """The first believed date of a block; None where there is none, or where it is that of something else."""
    text = block.text
    if len(text) > _MAX_LINE or not _DIGIT.search(text):
        return None
    days = [(place, day) for day, place in written(text, english) if believed(day, latest)]
    if not days:
        return None
    words = date_words()
    named = doubtful = False
    for step in block.path[-4:]:
        names = parts_of(step)
        if not names.isdisjoint(words.other):
            return None
        doubtful = doubtful or not names.isdisjoint(words.doubtful)
        named = named or not names.isdisjoint(words.date)
    changed = not parts_of(block.path[-1] if block.path else "").isdisjoint(words.changed)
    if not changed:
        unchanged = [(place, day) for place, day in days if not words.changed_before.search(text[:place])]
        changed = not unchanged
        days = unchanged or days
    return _Shown(min(days)[1], named, len(text) <= _BARE, doubtful, changed)


def _moment(found: re.Match[str]) -> str | None:
    year, month, day, hour, minute, second, zone = found.groups()
    iso = _day(year, month, day)
    if iso is None or hour is None:
        return iso
    if zone in ("Z", "UTC", "GMT"):
        zone = "+00:00"
    elif zone and len(zone) == 3:
        zone += ":00"
    try:
        return datetime.fromisoformat(f"{iso}T{int(hour):02}:{minute}:{second or '00'}{zone or ''}").isoformat()
    except ValueError:
        return None


@lru_cache(maxsize=2_000)
def _day(year: str, month: str, day: str) -> str | None:
    number = int(year)
    if 2500 <= number < 2600:
        number -= _THAI_YEARS
    try:
        return date(number, int(month), int(day)).isoformat()
    except ValueError:
        return None
