"""Place, date and agency at the head of a text: ``BEIRUT, Sept 23 (Reuters) –``."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from newsclean.metadata.agencies import agency_of, agency_words
from newsclean.metadata.date_vocabulary import said_before, written_words
from newsclean.metadata.written import written

_HEAD = 130
"""Characters of a paragraph in which its dateline stands."""
_LONGEST_PLACE = 60
_MOST_WORDS = 5
"""Words of a place."""
_LEAST_WITH_COLON = 5
"""Letters of a place in capitals before a colon: the names of bodies are shorter."""
_PARAGRAPHS = 3
"""Paragraphs that are looked at: a summary may stand before the text."""
_MARK = re.compile(r"\s*[(\[/（]([^()\[\]/（）]{2,40}(?:/[^()\[\]/（）]{1,30})?)[)\]/）]")
_END = re.compile(r"\s*+(?:[.,।]?\s?[-–—]{1,3}(?![^\s-])|[.,।]?\s?[-–—]{1,3}(?=\s|[^\W\d_a-z])|[:।：]|[.](?=\s|$)|$)")
_DASH = re.compile(r"\s+[-–—]{1,3}\s+|\s*[–—]{1,2}\s*|\s*[:：]\s+|\s*[।]\s*|[.]-\s*")
_NAMED = re.compile(r"\s*([^\s.–—-][^.–—]{1,30}?)\s*[.–—]\s")
_EAST = re.compile(
    r"[（(]?(?P<agency>[\u3400-\u9fff]{2,5})(?:记者|記者)?(?P<who>[\u3400-\u9fff、]{0,10}?)(?P<place>[\u3400-\u9fff]{2,6})"
    r"(?P<date>(?:\d{1,2}月)?\d{1,2}日)(?:综合|綜合|专|專)?[电電讯訊]"
)
_BRACKETS = re.compile(r"【(?P<inner>[^】\s]{2,24})】")
_KOREAN = re.compile(r"[\[(](?P<place>[^=\])]{2,14})\s?=\s?(?P<agency>[^\])]{2,14})[\])]")
_SHOUTED = re.compile(r"[^\W\d_a-z][^a-z:–—]{2,60}(?::\s|\s?[–—]\s|\s-\s)")
_NUMBERS = re.compile(r"\d{1,2}[./-]\d{1,2}(?:[./-]\d{2,4})?|\d{4}-\d{2}-\d{2}")
_LETTERS = re.compile(r"[^\W\d_]")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Dateline:
    """Where and when a text was written, as it is printed before it."""

    place: str | None
    """Absent where only a date or an agency is printed."""
    date: str | None
    """As it is printed, mostly without a year; absent where none is."""
    agency: str | None
    """Name of the agency, or several parted by ``/``; absent where none is printed."""
    text: str | None
    """Place and date as they are printed; absent where only an agency is."""
    raw: str
    """The dateline as it is printed, with its agency and its dash."""
    span: tuple[int, int]
    """The characters of the paragraph that it takes."""
    paragraph: int
    """Number of the paragraph, from 0."""


def datelines(paragraphs: Sequence[str]) -> Dateline | None:
    """The dateline at the head of one of the first paragraphs, or in a paragraph of its own; None where there is none.

    A place that no agency and no date stands beside is believed in capitals only.
    """
    for number, text in enumerate(paragraphs[:_PARAGRAPHS]):
        found = _eastern(text, number) or _at_head(text, number)
        if found is None:
            continue
        # paragraphs that all begin in capitals are what people say in turn, or parts of a list
        if found.agency is None and found.date is None and sum(1 for other in paragraphs if _SHOUTED.match(other)) > 1:
            return None
        return found
    return None


def _at_head(text: str, number: int) -> Dateline | None:
    head = text[:_HEAD]
    return _with_mark(text, head, number) or _without_mark(text, head, number)


def _with_mark(text: str, head: str, number: int) -> Dateline | None:
    """A dateline whose agency stands in brackets: ``Berlin (dpa) -``, ``(AP) —``, ``МОСКВА, 3 мая. /ТАСС/.``."""
    for mark in _MARK.finditer(head):
        if mark.start() > _LONGEST_PLACE:
            return None
        agency = agency_of(mark[1])
        if agency is None:
            continue
        before = head[: mark.start()].strip()
        end = _END.match(head, mark.end())
        if not before:
            if end is None:
                return None
            return _behind_mark(text, head, number, agency, end.end())
        place, date = _place_and_date(before)
        sure = date is not None or _capitals(place or "")
        if (place is not None and not _is_place(place)) or (place is None and date is None):
            return None
        if not (end is not None or sure):
            return None
        # a name and its abbreviation, followed by a full stop, are a sentence's
        last = end.end() if end is not None else mark.end()
        return Dateline(place, date, agency, before.strip(" ,.:"), text[:last].strip(), (0, last), number)
    return None


def _behind_mark(text: str, head: str, number: int, agency: str, last: int) -> Dateline:
    """A dateline that begins with its agency, as ANSA's: the place may stand behind the dash."""
    rest = _without_mark(text[last:], head[last:].lstrip(), number)
    if rest is None or rest.agency is not None:
        return Dateline(None, None, agency, None, text[:last].strip(), (0, last), number)
    end = text.index(rest.raw, last) + len(rest.raw)
    return Dateline(rest.place, rest.date, agency, rest.text, text[:end].strip(), (0, end), number)


def _without_mark(text: str, head: str, number: int) -> Dateline | None:
    """A dateline without an agency in brackets: place and date, or either with a sign that parts it from the text."""
    dash = _DASH.search(head)
    alone = dash is None and len(text) <= _LONGEST_PLACE
    if not alone and (dash is None or dash.start() > _LONGEST_PLACE):
        return None
    before = head[: dash.start()] if dash is not None else head
    last = dash.end() if dash is not None else len(head)
    raw = text[: text.find(before) + len(before) + (last - len(before))].strip() if dash is not None else text.strip()
    sign = (dash[0] if dash is not None else "").strip()
    if (whole := agency_of(before)) and dash is not None and sign not in (":", "："):
        return Dateline(None, None, whole, None, raw, (0, last), number)
    agency = None
    parts = [part.strip() for part in before.split(",")]
    if len(parts) > 1 and (agency := agency_of(parts[-1])):
        before = ", ".join(parts[:-1])
    before = before[opener.end() :] if (opener := agency_words().openers.match(before)) else before
    place, date = _place_and_date(before)
    if place is None or not _is_place(place) or (date is not None and not agency and not _named_day(date)):
        return None
    if dash is not None and agency is None and (named := _NAMED.match(head, last)) and (by := agency_of(named[1])):
        agency, last = by, named.end()
        raw = head[:last].strip()
    capitals = _capitals(place) and (sign not in (":", "：") or len(place) >= _LEAST_WITH_COLON)
    if alone and not agency and next(written(date or ""), None) is None:
        return None
    if not (date is not None or agency or capitals) or (not agency and text[last : last + 1].islower()):
        return None
    return Dateline(place, date, agency, before.strip(" ,.:"), raw, (0, last), number)


def _eastern(text: str, number: int) -> Dateline | None:
    """Datelines as Chinese, Japanese and Korean papers write them."""
    if found := _EAST.match(text):
        # the agency's name has no sign behind it
        for length in range(5, 1, -1):
            if agency := agency_of(found[0].lstrip("（(")[:length]):
                start = found.start("agency") + length
                place = re.sub(r"^(?:记者|記者)", "", text[start : found.start("date")])
                place = place[-2:] if place != text[start : found.start("date")] else place
                printed = f"{place}{found['date']}"
                return Dateline(place, found["date"], agency, printed, found[0], found.span(), number)
    if found := _KOREAN.match(text):
        agency = agency_of(found["agency"])
        place = found["place"].strip()
        return Dateline(place, None, agency, place, found[0], found.span(), number) if agency else None
    if found := _BRACKETS.match(text):
        inner = found["inner"]
        for length in (5, 4, 3, 2):
            if agency := agency_of(inner[-length:]):
                return Dateline(
                    inner[:-length] or None, None, agency, inner[:-length] or None, found[0], found.span(), number
                )
    return None


def _place_and_date(text: str) -> tuple[str | None, str | None]:
    """The parts of ``BEIRUT, Sept 23``: the date begins with the first month or number."""
    months = written_words().months
    if not _DIGIT.search(text):
        return text.strip(" ,.") or None, None
    words = list(re.finditer(r"[^\s,]+", text))
    for place, word in enumerate(words):
        own = word[0].strip(".").lower()
        if _DIGIT.search(own) or own in months or own in written_words().iranian:
            date = text[word.start() :].strip(" ,.")
            before = [other[0] for other in words[:place]]
            while before and before[-1].strip(".,").lower() in written_words().between:
                before.pop()
            start = text[: words[len(before) - 1].end()].strip(" ,.") if before else None
            return (start, date) if _is_date(date) else (None, None)
    return None, None


def _is_date(text: str) -> bool:
    """Whether a text is a day, with or without month, year and time, and nothing else."""
    months = written_words()
    words = re.findall(r"[^\W\d_]+(?:\.[^\W\d_]+)*|\d+", re.sub(r"(\d)(?:st|nd|rd|th|er|º|ª)\b", r"\1", text))
    known = [
        word
        for word in words
        if word.isdecimal() or word.lower() in months.months or word.lower() in months.iranian or len(word) < 3
    ]
    # Hindi month names hold signs that are no letters
    if any(name in text.lower() for name in months.months if not name.isascii() and len(name) > 2):
        return len(text) <= 24
    return bool(words) and len(known) >= len(words) - 1 and len(text) <= 32


def _named_day(text: str) -> bool:
    """Whether a date has its month, by name or number."""
    months = written_words()
    if _NUMBERS.search(text):
        return True
    words = [word.strip(".,()").lower() for word in text.split()]
    return any(word in months.months or word in months.iranian for word in words)


def _is_place(text: str) -> bool:
    """Whether a text may be the name of a place, or of a few."""
    words = agency_words()
    low = text.lower()
    if len(text) > _LONGEST_PLACE or low.replace("’", "'") in words.not_places or agency_of(text):
        return False
    if not _LETTERS.search(text) or text.count("(") != text.count(")"):
        return False
    said = said_before()
    if said.changed.search(text) or said.published.search(text) or said.other.search(text):
        return False
    first = low.split()[0].strip(",.")
    if first in words.articles or first in words.not_places or any(sign in text for sign in '?!;"“„«…'):
        return False
    for part in re.split(r"\s*[,/]\s*|\s*\(|\)\s*|\s*\[|\]\s*", text):
        names = part.split()
        if len(names) > _MOST_WORDS:
            return False
        if names and names[0][0].islower():
            return False
        if sum(name[0].islower() for name in names) > 2:
            return False
    return True


def _capitals(text: str) -> bool:
    letters = _LETTERS.findall(text)
    return len(letters) >= 3 and text == text.upper() and text != text.lower()
