"""The last resort for a date: htmldate looks through the page. Slow, and asked only where nothing else has a date."""

import re

from lxml.etree import LxmlError

_MAX_CHARS = 500_000
"""A longer page is not looked through: its regular expressions take seconds."""
_FIRST = r"(?<!\d)0?1(?!\d).{{0,25}}{year}|{year}.{{0,25}}(?<!\d)0?1(?!\d)"
_DAY = 10
"""Characters of an ISO date without time."""


def day_of(source: str, url: str | None, latest: str) -> str | None:
    """The day of publication (ISO 8601) that htmldate finds in an HTML text, up to ``latest``; None where none is.

    Its search through all numbers of the page is left off: it takes six times as long and invents dates.
    """
    if len(source) > _MAX_CHARS:
        return None
    from htmldate import find_date

    try:
        # from the text: htmldate changes the tree that it is given
        found = find_date(source, original_date=True, extensive_search=False, max_date=latest[:_DAY], url=url)
    except (LxmlError, ValueError, TypeError, AttributeError, RecursionError, IndexError, KeyError, OverflowError):
        return None
    return found if isinstance(found, str) and _has_its_day(found, source) else None


def _has_its_day(day: str, source: str) -> bool:
    """Whether the first of a month stands on the page: htmldate says it where it finds month and year alone, or a day
    that there is none of.
    """
    return not day.endswith("-01") or re.search(_FIRST.format(year=day[:4]), source) is not None
