"""What a feed or a sitemap says of one story: its address, its date, its title."""

import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from newsclean.errors import BadUrlError
from newsclean.urls import join, to_uri

MAX_TITLE = 1_000
"""Characters of a title that are kept."""
_MAX_DATE = 100
_ABSOLUTE = re.compile("https?://", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One entry of a feed or a sitemap."""

    url: str
    """Absolute http(s) URI."""
    published: datetime | None = None
    """In UTC: when it was published or, where that is not said, last changed. A day without a time is its midnight.
    Absent where no date is given or it cannot be read."""
    title: str | None = None
    """Plain text on one line; absent where none is given."""


def address(base: str, reference: str | None) -> str | None:
    """The absolute URI that ``reference`` means in the document ``base``; None where it is no http(s) URL."""
    if reference is None or not (reference := reference.strip()):
        return None
    try:
        # joining would also tidy an absolute one, which servers can tell apart
        return to_uri(reference) if not base or _ABSOLUTE.match(reference) else join(base, reference)
    except BadUrlError:
        return None


def moment(text: str | None) -> datetime | None:
    """A date of ISO 8601 (W3C-DTF, RFC 3339) or RFC 5322 in UTC, as it is without a zone; None where it is neither."""
    if text is None or not 0 < len(text := text.strip()) <= _MAX_DATE:
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        try:
            read = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    try:
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (OverflowError, ValueError):  # the first or the last day of the calendar, in another zone
        return None


def one_line(text: str | None, *, markup: bool = False) -> str | None:
    """A title as plain text; None where nothing is left. ``markup``: it is HTML, with tags and character references."""
    if text is None:
        return None
    text = text[: 4 * MAX_TITLE]
    if markup:
        text = html.unescape(_TAG.sub("", text))
    return " ".join(text.split())[:MAX_TITLE] or None
