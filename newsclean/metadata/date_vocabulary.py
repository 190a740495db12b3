"""The words by which visible dates are read, from dates.toml: months, clocks, zones, and how long ago it was."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_NO_SPACES = "\u0e00"
"""From Thai on, scripts write words without spaces between them (Korean its particles)."""


@dataclass(frozen=True, slots=True)
class WrittenWords:
    """What is known of how dates are written. Every word is in lower case."""

    months: dict[str, int]
    """Names of the months, those of two words included."""
    dotted: dict[str, int]
    """Names that mean another month where a dot stands behind the day."""
    iranian: dict[str, int]
    between: frozenset[str]
    """What may stand between day, month and year."""
    counted: re.Pattern[str]
    """Matches day, number of the month and year of languages that count their months."""
    eras: re.Pattern[str]
    """Matches era, year, month and day."""
    era_years: dict[str, int]
    """For each era the year before its first."""
    clock: re.Pattern[str]
    """Matches the time of day behind a date: am or pm, hour, sign, minute, second, a sign alone, am or pm or a word,
    zone."""
    clock_before: re.Pattern[str]
    """Matches the time of day before a date, at the end of a text, with the same groups."""
    morning: frozenset[str]
    evening: frozenset[str]
    zones: dict[str, str]
    """Offsets by the names of zones."""


@dataclass(frozen=True, slots=True)
class SaidBefore:
    """What the words before a date, at the end of a text, say of it."""

    changed: re.Pattern[str]
    published: re.Pattern[str]
    other: re.Pattern[str]
    topics: re.Pattern[str]
    """Matches class names that tell what an article is about."""


@dataclass(frozen=True, slots=True)
class AgoWords:
    """What is known of "2 hours ago". Every word is in lower case."""

    ago: tuple[re.Pattern[str], ...]
    """Match the number and the unit."""
    units: dict[str, str]
    """``second``, ``minute``, ``hour`` or ``day`` by their names."""
    two: re.Pattern[str]
    """Matches two units in one word."""
    two_units: dict[str, str]
    one: frozenset[str]
    named: re.Pattern[str]
    """Matches the name of a day."""
    named_days: dict[str, int]
    """How many days ago it was."""
    timed: frozenset[str]
    """Those of them that need a time of day beside them."""


@cache
def written_words() -> WrittenWords:
    """How dates are written."""
    data = date_data()
    clock = data["clock"]
    zones = {name: offset for offset, names in data["zones"].items() for name in names}
    halves = _any([*clock["am"], *clock["pm"]])
    time = (
        rf"(?:({halves})\s?)?(\d{{1,2}})(?:\s?([:.hHч時点时시])\s?([0-5]\d)分?분?(?::([0-5]\d))?(?![\d:])|([時点时시]))"
        rf"(?:\s?({halves}|{_any(clock['behind'])})(?![^\W\d_]))?"
        rf"(?:\s{{0,2}}\(?((?:gmt|utc)?\s?[+-]\d{{1,2}}(?::?\d{{2}})?(?!\d)|(?:{_any(zones)})(?![^\W\d_])))?"
    )
    before = _any(clock["before"])
    counted, eras = _any(data["counted"]["months"]), _any(data["eras"])
    return WrittenWords(
        months=_numbers(data["months"]),
        dotted=_numbers(data["months_behind_a_dot"]),
        iranian=_numbers(data["iranian_months"]),
        between=frozenset(data["between"]["words"]),
        counted=re.compile(
            rf"(?<!\d)(\d{{1,2}})[\s,]+(?:{counted})\s+(\d{{1,2}}),?\s+(?:[^\W\d_]{{1,4}}\s)?(\d{{4}})(?!\d)",
            re.IGNORECASE,
        ),
        eras=re.compile(rf"({eras})\s?(\d{{1,3}}|元)\s?年\s?(\d{{1,2}})\s?月\s?(\d{{1,2}})\s?日"),
        era_years=data["eras"],
        clock=re.compile(
            rf"[\s,.)]{{0,3}}(?:\([^\W\d_]{{1,9}}\)\s?)?(?:(?:{before})\s{{0,2}}){{0,2}}{time}", re.IGNORECASE
        ),
        clock_before=re.compile(rf"(?<![\d:.,/-]){time}[\s,|·•–—-]{{0,4}}$", re.IGNORECASE),
        morning=frozenset(clock["am"]),
        evening=frozenset(clock["pm"]),
        zones=zones,
    )


@cache
def said_before() -> SaidBefore:
    """What is said before dates."""
    data = date_data()
    words = data["words"]
    return SaidBefore(
        changed=_at_end(words["changed"]),
        published=_at_end(words["published"]),
        other=_at_end(words["other"]),
        topics=re.compile(rf"\.(?:{_any(data['topics']['heads'])})[^.\s]*", re.IGNORECASE),
    )


@cache
def ago_words() -> AgoWords:
    """How pages say how long ago it was."""
    data = date_data()["ago"]
    units = {name: unit for unit, names in data["units"].items() for name in names}
    two_units = {name: unit for unit, names in data["two"].items() for name in names}
    timed = _numbers(data["timed"])
    named = _numbers(data["named"]) | timed
    one, about = _any(data["one"]), _any(data["about"])
    count = rf"(?:(?:{about})\s+)?(\d{{1,3}}|(?<![^\W\d_])(?:{one})(?=\s))"
    unit = rf"\s?({_ending(units)})"
    before = _ending(data["before"])
    return AgoWords(
        ago=(
            re.compile(rf"{count}{unit}\s?(?:{_ending(data['behind'])})", re.IGNORECASE),
            re.compile(rf"(?<![^\W\d_])(?:{before})\s+{count}{unit}", re.IGNORECASE),
        ),
        units=units,
        two=re.compile(rf"(?<![^\W\d_])(?:{before})\s+({_ending(two_units)})", re.IGNORECASE),
        two_units=two_units,
        one=frozenset(data["one"]),
        named=re.compile(rf"(?<![^\W\d_])({_ending(named)})", re.IGNORECASE),
        named_days=named,
        timed=frozenset(timed),
    )


@cache
def date_data() -> dict[str, Any]:
    """The contents of dates.toml."""
    source = files("newsclean.metadata") / "data" / "dates.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))


def _numbers(table: dict[str, list[str]]) -> dict[str, int]:
    return {word: int(number) for number, words in table.items() for word in words}


def _any(words: Iterable[str]) -> str:
    """A pattern of alternatives, the longest first."""
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(words, key=lambda w: (-len(w), w)))


def _ending(words: Iterable[str]) -> str:
    """Alternatives that end where a word ends, in the scripts that part words."""
    plain = [word for word in words if word[-1] < _NO_SPACES]
    joined = [word for word in words if word[-1] >= _NO_SPACES]
    patterns = [rf"(?:{_any(plain)})(?![^\W\d_])"] if plain else []
    return "|".join([*patterns, *([_any(joined)] if joined else [])])


def _at_end(words: Iterable[str]) -> re.Pattern[str]:
    """Matches one of the words with no other date behind it, up to the end of the text."""
    return re.compile(rf"(?<![^\W\d_])(?:{_any(words)})[^\d.|·•;]{{0,30}}$", re.IGNORECASE)
