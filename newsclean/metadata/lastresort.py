"""The last resort for a date: htmldate looks through the page. Slow, and asked only where nothing else has a date."""

from lxml.etree import LxmlError

_MAX_CHARS = 500_000
"""A longer page is not looked through: its regular expressions take seconds."""


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
    return found if isinstance(found, str) else None
