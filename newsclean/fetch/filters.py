"""Which of the stories that were found are taken: by date and by address. And how a user writes a moment or an age."""

import fnmatch
import re
import warnings
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from newsclean.errors import UsageError
from newsclean.urls import shown

_AGE = re.compile(r"([0-9]{1,9})\s*([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_DAY = timedelta(days=1)
_REGULAR = "re:"


def parse_age(text: str) -> timedelta:
    """A length of time: ``90m``, ``12h``, ``7d``, ``2w``, ``45s``. Raises UsageError."""
    match = _AGE.fullmatch(text.strip().lower())
    try:
        if match:
            return timedelta(**{_UNITS[match[2]]: int(match[1])})
    except OverflowError:
        pass
    raise UsageError(f"{shown(text)} is no age: write 90m, 12h, 7d or the like")


def parse_when(text: str, now: datetime) -> datetime:
    """A moment in UTC: a date (its midnight), a date with a time (UTC where it has no zone), or an age before ``now``.

    ``2026-11-01``, ``2026-11-01T10:00Z``, ``36h``, ``7d``. Raises UsageError.
    """
    try:
        if _AGE.fullmatch(text.strip().lower()):
            return now.astimezone(UTC) - parse_age(text)
        read = datetime.fromisoformat(text.strip())
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        said = f"{shown(text)} is no date or age: write 2026-11-01, 2026-11-01T10:00Z, 36h, 7d or the like"
        raise UsageError(said) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """By date and address; without values, everything is taken.

    A pattern is a glob over the whole URL, ``*/sport/*``, in which ``*``, ``?`` and ``[…]`` have their usual meaning,
    or with ``re:`` in front a regular expression that is searched in it. Both know upper and lower case.
    Raises UsageError where a pattern cannot be one, or ``since`` is not before ``until``.
    """

    since: datetime | None = None
    """Only what was published then or later."""
    until: datetime | None = None
    """Only what was published before."""
    match: tuple[str, ...] = ()
    """Only URLs that one of these patterns fits."""
    exclude: tuple[str, ...] = ()
    """No URLs that one of these patterns fits."""
    require_date: bool = False
    """Whether what has no date is left out where a date is asked for."""
    _match: tuple[re.Pattern[str], ...] = field(init=False, repr=False, compare=False)
    _exclude: tuple[re.Pattern[str], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.since is not None and self.until is not None and self.since >= self.until:
            raise UsageError(f"nothing is published since {_said(self.since)} and before {_said(self.until)}")
        object.__setattr__(self, "_match", tuple(map(_compiled, self.match)))
        object.__setattr__(self, "_exclude", tuple(map(_compiled, self.exclude)))

    def take(self, url: str, published: datetime | None) -> bool:
        """Whether the story is taken."""
        if any(pattern.search(url) for pattern in self._exclude):
            return False
        if self._match and not any(pattern.search(url) for pattern in self._match):
            return False
        if self.since is None and self.until is None:
            return True
        if published is None:
            return not self.require_date
        return self.since_allows(published) and (self.until is None or published < self.until)

    def since_allows(self, changed: datetime | None) -> bool:
        """Whether something of that moment, or changed then, can be new enough. Midnight sharp stands for its day:
        many sitemaps know the day only.
        """
        if self.since is None or changed is None:
            return True
        day = changed.astimezone(UTC).time() == time()
        return changed >= self.since or (day and self.since - changed < _DAY)


def _compiled(pattern: str) -> re.Pattern[str]:
    if pattern.startswith(_REGULAR):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # on what a later Python may read in another way
                return re.compile(pattern.removeprefix(_REGULAR))
        except (re.error, RecursionError, OverflowError) as problem:
            why = " ".join(str(problem).split())
            raise UsageError(f"{shown(pattern)} is no regular expression: {why}") from None
    if not pattern:
        raise UsageError("an empty pattern: write a glob over the URL, '*/sport/*', or re: and a regular expression")
    if "://" not in pattern and not any(sign in pattern for sign in "*?["):
        hint = f"write {shown(f'*{pattern}*')} for URLs that have it in them"
        raise UsageError(f"the pattern {shown(pattern)} is compared with whole URLs and fits none: {hint}")
    return re.compile(r"\A" + fnmatch.translate(pattern))


def _said(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes").replace("+00:00", "Z")
