"""Figures that a page prints of itself: how often it was read, and how long that takes."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from newsclean.model import Block, Verdict

_LABELS = frozenset(("counter", "tool", "byline", "dateline", "share", "none"))
"""Labels of the blocks in which pages print them."""
_LONGEST = 160
"""Characters of such a block."""
_MOST_MINUTES = 240
"""A longer reading time is none."""
_MOST_VIEWS = 10_000_000_000
_SPLIT = re.compile(r"\s*[|·•⋅∙¶/;()\[\]！!。]\s*|\s+[–—-]\s+|(?<!\d)\s*,\s+|(?<=[^\W\d_])\.\s+(?=[^\W\d_])")
_NO_SPACES = "\u0e00"
"""From Thai on, scripts write words without spaces between them."""
_DIGIT = re.compile(r"\d")
_NUMBER = r"(?:~|≈)?(\d{1,3}(?:(?:[.,  '’]|\s)\d{3})++|\d{1,9}(?:[.,]\d{1,2})?)(?:\s?(MULTIPLES))?\+?"
_EDGES = ' \t\u200b.,:;!?…»«›‹→•·*"“”「」【】👁'


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that the page prints, and where."""

    value: int
    block: int
    """Index of the block."""
    raw: str
    """The block's text."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a page; each is absent where the page does not print it."""

    view_count: Figure | None = None
    """How often the page was read or viewed."""
    reading_minutes: Figure | None = None
    """How long reading takes, in minutes."""


@dataclass(frozen=True, slots=True)
class _Words:
    views: re.Pattern[str]
    minutes: re.Pattern[str]
    multiples: dict[str, int]


def figures(blocks: Sequence[Block], verdicts: Iterable[Verdict]) -> Figures:
    """The figures in the blocks whose verdicts say that they are counters, tools or bylines; of each kind the first."""
    views = minutes = None
    for verdict in verdicts:
        if verdict.label not in _LABELS or (verdict.decision == "keep" and verdict.text is None):
            continue
        text = blocks[verdict.block].text
        if len(text) > _LONGEST or not _DIGIT.search(text):
            continue
        if views is None and (value := views_of(text)) is not None:
            views = Figure(value, verdict.block, text)
        if minutes is None and (value := minutes_of(text)) is not None:
            minutes = Figure(value, verdict.block, text)
        if views and minutes:
            break
    return Figures(views, minutes)


def views_of(text: str) -> int | None:
    """How often a line says that the page was read; None where it does not."""
    value = _value(text, _words().views)
    return value if value is not None and value <= _MOST_VIEWS else None


def minutes_of(text: str) -> int | None:
    """How many minutes a line says that reading takes; None where it does not."""
    value = _value(text, _words().minutes)
    return value if value is not None and 0 < value <= _MOST_MINUTES else None


def _value(text: str, pattern: re.Pattern[str]) -> int | None:
    for part in (text, *_SPLIT.split(text)):
        if found := pattern.fullmatch(part.strip(_EDGES).lower()):
            number, multiple = next(pair for pair in _pairs(found) if pair[0])
            return _number(number, multiple)
    return None


def _pairs(found: re.Match[str]) -> list[tuple[str | None, str | None]]:
    groups = found.groups()
    return list(zip(groups[::2], groups[1::2], strict=True))


def _number(digits: str | None, multiple: str | None) -> int:
    times = _words().multiples.get(multiple or "", 1)
    digits = digits or "0"
    if times > 1 and re.fullmatch(r"\d+[.,]\d{1,2}", digits):
        whole, part = re.split("[.,]", digits)
        return int(whole) * times + int(part) * times // (10 if len(part) == 1 else 100)
    whole = re.sub(r"[.,]\d{1,2}$", "", digits)
    return int(re.sub(r"\D", "", whole)) * times


@cache
def _words() -> _Words:
    data = figure_data()
    multiples = {word: int(number) for number, words in data["multiples"].items() for word in words}
    return _Words(
        views=_pattern([line for figure in data["figure"] for line in figure["views"]], multiples),
        minutes=_pattern([line for figure in data["figure"] for line in figure["minutes"]], {}),
        multiples=multiples,
    )


def _pattern(lines: Iterable[str], multiples: Iterable[str]) -> re.Pattern[str]:
    """Matches any of the lines; groups go in pairs: the number, its multiple."""
    ends = ((word, r"(?![^\W\d_])" if word[-1] < _NO_SPACES else "") for word in multiples)
    names = (
        "|".join(re.escape(word) + end for word, end in sorted(ends, key=lambda pair: (-len(pair[0]), pair))) or "(?!)"
    )
    number = _NUMBER.replace("MULTIPLES", names)
    before: list[str] = []
    behind: list[str] = []
    both: list[str] = []
    for line in dict.fromkeys(lines):
        head, _, tail = (_part(piece) for piece in line.partition("{n}"))
        if head and tail:
            both.append(rf"{head}\s*{number}\s*{tail}")
        elif head:
            before.append(head)
        else:
            behind.append(tail)
    one = rf"(?:{'|'.join(before)})\s*{number}"
    other = rf"{number}\s*(?:{'|'.join(behind)})"
    return re.compile("|".join([one, other, *both]))


def _part(text: str) -> str:
    """A part of a line as a pattern: a colon may be left out, and a space before it is free."""
    return re.escape(text.strip()).replace(r"\ :", r"\s*[:：]?").replace(r"\ ", r"\s+")


@cache
def figure_data() -> dict[str, Any]:
    """The contents of figures.toml."""
    source = files("newsclean.metadata") / "data" / "figures.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))
