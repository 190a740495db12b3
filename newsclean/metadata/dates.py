"""The dates of a page, and the choice among them: time elements, addresses, lines that readers see."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from lxml.etree import XPath, _Element

from newsclean.metadata.calendars import OLDEST, iso_day
from newsclean.metadata.date_vocabulary import said_before, written_words
from newsclean.metadata.relative import ago
from newsclean.metadata.sources import Time
from newsclean.metadata.vocabulary import date_words, parts_of
from newsclean.metadata.written import stamp, written
from newsclean.model import Block

__all__ = [
    "believed",
    "latest_day",
    "local",
    "marked",
    "not_before",
    "of_blocks",
    "of_changed",
    "of_page",
    "of_times",
    "of_url",
    "stamp",
    "written",
]

NO_CAPTURE = "2098-12-31"
"""Latest date for a page without a capture time: no clock is read. Years behind it stand for "never"."""
_ZONES = timedelta(hours=14)
"""How far local time is ahead of UTC where it is most."""
_SKEW = timedelta(minutes=10)
"""How far two clocks may be apart."""
_DAY = 10
"""Characters of an ISO date without time."""
_IN_URL = re.compile(
    r"(?<!\d)((?:19|20)\d{2})(?:([/-])(\d{1,2})\2(\d{1,2})(?!\d)|(\d{2})(\d{2})(?=\d{4}\D|\d{6}\D|\D|$))"
)
_DAY_FIRST_IN_URL = re.compile(r"(?<![\d-])(\d{2})-(\d{2})-((?:19|20)\d{2})(?!\d|-\d)")
_WORD_IN_URL = re.compile(r"/((?:19|20)\d{2})/([^\W\d_]{3,12})/(\d{1,2})(?=/|$)")
_ARCHIVED = re.compile(r"/\d{14}(?:[a-z]{2}_)?/(?=[^/]+\.)")
_DIGIT = re.compile(r"\d")
_YEAR_END = re.compile(r"\d{4}(?!\d)")
_HEAD = re.compile(r"[\s.]*[)\]]|\s*[.:–—„“\"«|-]\s*\D")
_MARKED = XPath(
    "//*[@itemprop='datePublished' or @property='datePublished' or @property='schema:datePublished' "
    "or @property='schema:dateCreated' or (self::abbr and contains(@class, 'published'))]"
)
_BARE = 60
_FAR = 80
"""Blocks from the headline within which a date that nothing marks is believed to be the article's."""
_MAX_LINE = 160
_MAX_NOTE = 400
"""Characters of a line that says when the text was published."""
_NOTE_HEAD = 80
"""Characters before a date among which it is said that it is the day of publication: further on, sources are cited."""
_BEFORE, _BEHIND = 8, 30
"""Blocks around the headline among which a visible date is looked for."""


def latest_day(captured_at: str | None) -> str:
    """The last moment that is believed: that of the capture, ISO 8601 in UTC; a day far off without a capture time."""
    try:
        found = datetime.fromisoformat(captured_at or "")
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):  # the year 1, or 9999, and an offset that leads out of it
        return NO_CAPTURE
    return min(found.isoformat(), NO_CAPTURE)


def believed(value: str | None, latest: str) -> bool:
    """Whether an ISO date is one of a news page that was captured by then. Without offset it may be of any zone."""
    if value is None or value[:4] < str(OLDEST):
        return False
    day, moment, zoned = _limits(latest)
    if len(value) == _DAY or not moment:
        return value[:_DAY] <= day
    try:
        when = datetime.fromisoformat(value)
        return when.astimezone(UTC).isoformat() <= zoned if when.tzinfo is not None else when.isoformat() <= moment
    except (ValueError, OverflowError):
        return False


@lru_cache(maxsize=100)
def _limits(latest: str) -> tuple[str, str, str]:
    """The last day, the last local time and the last moment in UTC; only the day without a capture time."""
    if len(latest) == _DAY:
        return latest, "", ""
    now = datetime.fromisoformat(latest)
    ahead = (now + _ZONES).replace(tzinfo=None).isoformat()
    return ahead[:_DAY], ahead, (now + _SKEW).isoformat()


def of_url(url: str | None) -> str | None:
    """The day in a URL's path (``/2024/05/01/``, ``/2024/may/01/``, ``-20240501``, ``31-05-2024``); None where there is
    none.
    """
    # an archive's address holds that of the page
    path = (url or "").rpartition("://")[2].partition("/")[2].partition("?")[0]
    if archived := _ARCHIVED.search(f"/{path}"):
        path = f"/{path}"[archived.end() :]
    for found in _IN_URL.finditer(path):
        if day := iso_day(found[1], found[3] or found[5], found[4] or found[6]):
            return day
    for found in _WORD_IN_URL.finditer(f"/{path}"):
        month = written_words().months.get(found[2].lower())
        if month and (day := iso_day(found[1], str(month), found[3])):
            return day
    for found in _DAY_FIRST_IN_URL.finditer(path):
        # where both may be the month, it is not sure which is
        if (int(found[1]) > 12 or found[1] == found[2]) and (day := iso_day(found[3], found[2], found[1])):
            return day
        if int(found[2]) > 12 and (day := iso_day(found[3], found[1], found[2])):
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
        value = stamp(time.value, english) or _ago(time.value, latest)
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
        if shown is None or shown.changed or (shown.doubtful and not shown.worded):
            continue
        if not (shown.named or shown.bare or shown.worded or (shown.opening and block.index > start)):
            continue
        sure = shown.worded or (shown.named and shown.bare)
        rank = (0 if sure else 1 if shown.named or shown.bare else 3) + (0 if block.index >= start else 1)
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
        shown = _shown(block, english, latest, _MAX_NOTE)
        if shown is None:
            continue
        near = abs(block.index - start) <= _FAR
        if shown.named or shown.worded or (near and (shown.bare or (shown.changed and shown.told))):
            rank = 4 * shown.changed + 2 * (shown.doubtful and not shown.worded) + (not (shown.named or shown.worded))
            found.append((rank, abs(block.index - start), block.index, block.text, shown.day))
    for _, _, index, text, day in sorted(found):
        yield index, text, day


def of_changed(blocks: Sequence[Block], at: int | None, english: bool, latest: str) -> Iterator[tuple[int, str, str]]:
    """Block number, text and ISO date of the lines around the headline that say when the article was changed, the
    nearest first.
    """
    start = at or 0
    found: list[tuple[int, int, str, str]] = []
    for block in blocks[max(0, start - _BEFORE) : start + _FAR]:
        shown = _shown(block, english, latest)
        if shown is not None and shown.changed_day and not shown.doubtful:
            found.append((abs(block.index - start), block.index, block.text, shown.changed_day))
    for _, index, text, day in sorted(found):
        yield index, text, day


def not_before(changed: str | None, published: str | None) -> bool:
    """Whether the day of a change is not before the publication; times are compared where both have an offset."""
    if changed is None or published is None:
        return changed is not None
    if len(changed) > _DAY < len(published):
        try:
            one, other = datetime.fromisoformat(changed), datetime.fromisoformat(published)
        except ValueError:
            return False
        if (one.tzinfo is None) == (other.tzinfo is None):
            return one >= other.replace(second=other.second if len(changed) > len("2024-05-01T10:00+00:00") else 0)
        # days apart by a zone
        return one.replace(tzinfo=None) + _ZONES >= other.replace(tzinfo=None)
    return changed[:_DAY] >= published[:_DAY]


def local(value: str | None, times: Sequence[Time]) -> str | None:
    """A moment that is given in UTC, as a time element of the page gives the same one with the offset of the place; the
    value as it is where none does.
    """
    if value is None or not value.endswith("+00:00"):
        return value
    moment = datetime.fromisoformat(value)
    for time in times:
        other = stamp(time.value)
        if other is None or len(other) == _DAY or other.endswith("+00:00"):
            continue
        when = datetime.fromisoformat(other)
        if when.tzinfo is not None and abs(when - moment) < timedelta(minutes=1):
            return (
                when.replace(second=moment.second).isoformat() if len(value) > len("2024-05-01T10:00+00:00") else other
            )
    return value


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
    worded: bool
    """Whether the words before it say that it is the day of publication."""
    opening: bool
    """Whether a text begins with it, set apart by a sign."""
    doubtful: bool
    """Whether it stands where pages have dates of other things."""
    changed: bool
    """Whether it is said to be the day of a change."""
    told: bool
    """Whether words say so."""
    changed_day: str | None
    """The date in the line that is said to be the day of a change; absent where none is."""


def _shown(block: Block, english: bool, latest: str, longest: int = _MAX_LINE) -> _Shown | None:
    """The first believed date of a block; None where there is none, or where it is that of something else."""
    text = block.text
    if len(text) <= longest:
        dates = _dates(text, english, latest)
    elif block.kind == "paragraph" and _DIGIT.search(text, 0, _BARE):
        # the head alone: a paragraph that begins with its date
        dates = [(place, day) for place, day in _dates(text[:_BARE], english, latest) if _opens(text, place)]
    else:
        return None
    if not dates:
        return None
    words = date_words()
    named = doubtful = False
    for step in block.path[-4:]:
        names = _names(step)
        if not names.isdisjoint(words.other):
            return None
        doubtful = doubtful or not names.isdisjoint(words.doubtful)
        named = named or not names.isdisjoint(words.date)
    opening = len(text) > _BARE and _opens(text, min(dates)[0])
    if len(text) > longest:
        return _Shown(min(dates)[1], False, False, False, opening, doubtful, False, False, None)
    said = said_before()
    changes = [(place, day) for place, day in dates if said.changed.search(text[:place])]
    others = [item for item in dates if item not in changes]
    told = [(place, day) for place, day in others if place <= _NOTE_HEAD and said.published.search(text[:place])]
    changed = not others
    if not changed and not told and not _names(block.path[-1] if block.path else "").isdisjoint(words.changed):
        changed, changes = True, others
    return _Shown(
        min(told or others or changes)[1],
        named,
        len(text) <= _BARE,
        bool(told),
        opening,
        doubtful,
        changed,
        not others,
        min(changes)[1] if changes else None,
    )


def _dates(text: str, english: bool, latest: str) -> list[tuple[int, str]]:
    """Places and values of the believed dates of a line that are not said to be of something else."""
    found = []
    if _DIGIT.search(text):
        found = [(place, day) for day, place in written(text, english) if believed(day, latest)]
    if not found and len(text) <= _BARE and (age := ago(text, latest)):
        found = [(age[1], age[0])]
    return [(place, day) for place, day in found if not said_before().other.search(text[:place])]


def _ago(text: str, latest: str) -> str | None:
    found = ago(text, latest) if len(latest) > _DAY else None
    return found[0] if found else None


def _opens(text: str, place: int) -> bool:
    """Whether a line begins with the date at a place and a sign parts it from what follows."""
    if place > 1 or text[:place] not in ("", "("):
        return False
    year = _YEAR_END.search(text, place, place + _BARE)
    return year is not None and _HEAD.match(text, year.end()) is not None


@lru_cache(maxsize=10_000)
def _names(step: str) -> frozenset[str]:
    """The words of an element's names, without those that tell what an article is about."""
    return parts_of(said_before().topics.sub("", step))
