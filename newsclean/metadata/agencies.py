"""Names of news agencies, as datelines, bylines and structured data write them."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from newsclean.metadata.vocabulary import name_words

_AS_WRITTEN = 4
"""Letters of a sign that counts only as it is written."""
_PARTS = re.compile(r"\s*[/|,;·•+&]\s*|\s+[–—-]\s+|\s+(?:and|und|et|y|e|with|mit|avec|con)\s+")
_SIGNED = re.compile(r"(?:[(\[/]([^()\[\]/]{2,40})[)\]/]|[–—-]\s?([^\s.()–—-]{2,12}))[\s.]*$")
_MAX_LINE = 120
_MOST_NAMES = 20
"""Values of structured data that are read."""


@dataclass(frozen=True, slots=True)
class AgencyWords:
    """What is known of agencies."""

    as_written: dict[str, str]
    """Names by their short signs."""
    in_any_case: dict[str, str]
    """Names by their longer spellings in lower case."""
    not_places: frozenset[str]
    """Words in the place of a dateline that make it none."""
    openers: re.Pattern[str]
    """Matches words before the place that name who wrote from there."""
    articles: frozenset[str]
    """Words with which no place begins."""


@cache
def agency_words() -> AgencyWords:
    """The vocabulary of agencies.toml."""
    data = agency_data()
    pairs = [(spelling, agency["name"]) for agency in data["agency"] for spelling in agency["spellings"]]
    return AgencyWords(
        as_written={spelling: name for spelling, name in pairs if len(spelling) <= _AS_WRITTEN},
        in_any_case={spelling.lower(): name for spelling, name in pairs if len(spelling) > _AS_WRITTEN},
        not_places=frozenset(data["places"]["not"]),
        openers=re.compile(
            rf"(?:{'|'.join(map(re.escape, sorted(data['places']['openers'], key=len, reverse=True)))})[\s,]+",
            re.IGNORECASE,
        ),
        articles=frozenset(data["places"]["articles"]),
    )


def agency_of(text: str) -> str | None:
    """The agencies that a mark names, and nothing else: ``AFP/NAN``. None where its first name is no agency; what
    stands behind an agency may be a desk or another paper.
    """
    text = text.strip(" \t()[]©.:=*")
    if not text or len(text) > _MAX_LINE:
        return None
    if found := _known(text):
        return found
    names = [_known(part) for part in _PARTS.split(text)]
    if not names or names[0] is None:
        return None
    return "/".join(dict.fromkeys(name for name in names if name))


def agency_in_byline(text: str) -> str | None:
    """The agencies in a byline, of which every part is a name; None where there is none."""
    if len(text) > _MAX_LINE:
        return None
    by = name_words().by_first.match(text)
    text = text[by.end() :] if by else text
    if found := _known(text.strip(" ()[]©.:")):
        return found
    parts = [part.strip(" ()[]©.:") for part in _PARTS.split(text)]
    names = [_known(part) for part in parts]
    if any(names) and not any(part[:1].islower() and not name for part, name in zip(parts, names, strict=True)):
        return "/".join(dict.fromkeys(name for name in names if name))
    signed = _SIGNED.search(text)
    return agency_of(signed[1]) if signed and signed[1] else None


def agency_of_names(names: Iterable[str]) -> str | None:
    """The agencies among names of authors; None where there is none."""
    found = dict.fromkeys(name for own in names if (name := agency_of(own)))
    return "/".join(found) or None


def agency_of_value(value: Any) -> str | None:
    """The agencies of a value of structured data: ``sourceOrganization``, ``provider``, ``author``, a string, an object
    with a name, or a list of these; None where there is none.
    """
    values: Sequence[Any] = value[:_MOST_NAMES] if isinstance(value, list) else [value]
    names = [item.get("name") if isinstance(item, dict) else item for item in values]
    return agency_of_names(name for name in names if isinstance(name, str))


def agency_signed(text: str) -> str | None:
    """The agency that signs a text at its end: ``… said. (AP)``, or a line that is its sign; None where none is."""
    if len(text) <= _MAX_LINE and (whole := agency_of(text)):
        return whole
    signed = _SIGNED.search(text[-60:])
    return agency_of(signed[1] or signed[2]) if signed else None


def _known(text: str) -> str | None:
    words = agency_words()
    return words.as_written.get(text) or words.in_any_case.get(text.lower())


@cache
def agency_data() -> dict[str, Any]:
    """The contents of agencies.toml."""
    source = files("newsclean.metadata") / "data" / "agencies.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))
