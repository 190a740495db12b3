"""The choice of the dates of publication and of the last change among all that a page says."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from newsclean.metadata import dates
from newsclean.metadata.candidates import Candidate
from newsclean.metadata.jsonld import Node
from newsclean.metadata.lastresort import day_of
from newsclean.metadata.sources import Gathered, one_line
from newsclean.metadata.vocabulary import date_words
from newsclean.page import Page

_CREATED = ("dateCreated", "uploadDate")
"""Properties that stand for the publication where there is no other: of the text and of a video."""
_UTC = "+00:00"
_FURTHEST_EAST, _FURTHEST_WEST = timedelta(hours=14), timedelta(hours=-12)
"""Local time where it is most ahead of UTC and most behind."""
_QUARTER = timedelta(minutes=15)
"""All zones differ from UTC by a multiple of it."""


@dataclass(frozen=True, slots=True)
class Dated:
    """What a page has about its dates."""

    page: Page
    gathered: Gathered
    nodes: Sequence[tuple[str, Node]]
    """The article's nodes with their sources, the surest first."""
    fallbacks: Sequence[tuple[str, Node]]
    """Nodes of the page itself, where it has none of an article."""
    latest: str
    """The last moment that is believed, as ``dates.latest_day`` gives it."""
    at: int | None
    """Number of the headline's block."""
    english: bool
    """Whether the month stands before the day where the numbers allow both."""


def publications(of: Dated) -> Iterator[Candidate]:
    """The dates of publication, the surest source first; the whole page is searched where nothing else has one."""
    for found in _publications(of):
        if found.value and found.value.endswith(_UTC) and "T" in found.value:
            yield found._replace(value=as_printed(found.value, of))
        else:
            yield found


def changes(of: Dated) -> Iterator[Candidate]:
    """The dates of the last change, the surest source first."""
    for found in _stamps(of, "dateModified", date_words().modified_metas):
        yield found._replace(value=dates.local(found.value, of.gathered.times)) if found.value else found
    for index, raw, value in dates.of_changed(of.page.blocks, of.at, of.english, of.latest):
        yield Candidate(f"block:{index}", value, raw)


def passed_over(of: Dated, known: Iterable[Candidate]) -> Iterator[Candidate]:
    """The time elements that nobody asked, since their names say that they are of something else."""
    asked = {str(found.raw) for found in known}
    for time in of.gathered.times:
        if time.value and time.value not in asked:
            asked.add(time.value)
            yield Candidate("html:time", None, time.value, _doubt(time.value, of) or "named as another date")


def as_printed(value: str, of: Dated) -> str:
    """A moment in UTC as the place has it where the page was published: with the offset that a time element or a line
    of the page shows; the day alone that address and readers' line agree on where only that is another than in UTC:
    what is cited is the day that is printed.
    """
    local = dates.local(value, of.gathered.times)
    if local is not None and local != value:
        return local
    moment = datetime.fromisoformat(value).replace(tzinfo=None)
    days = []
    if day := dates.of_url(of.page.url):
        days.append(day)
    for _, _, printed in dates.of_blocks(of.page.blocks, of.at, of.english, of.latest):
        if len(printed) > len("2024-05-01"):
            ahead = _ahead(moment, printed)
            if ahead:
                return f"{(moment + ahead).isoformat(timespec='seconds')}{_offset(ahead)}"
        days.append(printed[:10])
        break
    for day in days:
        if day != value[:10] and _same_moment(moment, day):
            return day
    return value


def _publications(of: Dated) -> Iterator[Candidate]:
    yield from _stamps(of, "datePublished", date_words().published_metas)
    for name in _CREATED:
        for source, node in (*of.nodes, *of.fallbacks):
            yield from _believed(of, [(source, one_line(node.get(name)))])
    for raw, value in dates.of_times(of.gathered.times, of.english, of.latest):
        yield Candidate("html:time", value, raw)
    if day := dates.of_url(of.page.url):
        yield from _believed(of, [("url", day)], of.page.url)
    for index, raw, value in dates.of_blocks(of.page.blocks, of.at, of.english, of.latest):
        yield Candidate(f"block:{index}", value, raw)
    yield from _believed(of, dates.marked(of.page.tree))
    for index, raw, value in dates.of_page(of.page.blocks, of.at, of.english, of.latest):
        yield Candidate(f"block:{index}", value, raw)
    yield from _believed(of, [("htmldate", day_of(of.page.html, of.page.url, of.latest))])


def _stamps(of: Dated, name: str, metas: Iterable[str]) -> Iterator[Candidate]:
    yield from _believed(of, ((source, one_line(node.get(name))) for source, node in of.nodes[:1]))
    yield from _believed(of, of.gathered.meta(*metas))
    yield from _believed(of, ((source, one_line(node.get(name))) for source, node in of.nodes[1:]))
    yield from _believed(of, ((source, one_line(node.get(name))) for source, node in of.fallbacks))


def _believed(of: Dated, found: Iterable[tuple[str, str | None]], shown: str | None = None) -> Iterator[Candidate]:
    """The dates of some sources. ``shown``: the raw value, where it is another than the text that is read."""
    for source, raw in found:
        if raw:
            value = dates.stamp(raw, of.english)
            doubt = "" if dates.believed(value, of.latest) else _doubt(raw, of)
            yield Candidate(source, None if doubt else value, shown or raw, doubt)


def _doubt(raw: str, of: Dated) -> str:
    """Why a date is not believed; empty where it is."""
    value = dates.stamp(raw, of.english)
    if value is None:
        return "no date that there is"
    if dates.believed(value, of.latest):
        return ""
    return "after the capture" if value > of.latest else "before the web"


def _ahead(moment: datetime, printed: str) -> timedelta | None:
    """How far the zone is ahead of UTC in which a moment is printed so; None where no zone is."""
    try:
        when = datetime.fromisoformat(printed)
    except ValueError:
        return None
    if when.tzinfo is not None:
        return None
    ahead = when - moment.replace(second=0, microsecond=0) if not when.second else when - moment
    return ahead if ahead % _QUARTER == timedelta() and _FURTHEST_WEST <= ahead <= _FURTHEST_EAST else None


def _offset(ahead: timedelta) -> str:
    minutes = int(ahead.total_seconds()) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _same_moment(moment: datetime, day: str) -> bool:
    """Whether it is that day somewhere at a moment in UTC."""
    return (moment + _FURTHEST_WEST).date().isoformat() <= day <= (moment + _FURTHEST_EAST).date().isoformat()
