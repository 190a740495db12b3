"""The words by which kinds of pages are told: read from ``data/kinds.toml``, compiled as they are needed."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Place = Literal["titles", "texts"]

_OF_ITS_OWN = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
"""Characters that are words: where there are no spaces, or particles are joined to words."""
DENSE = re.compile(rf"[{_OF_ITS_OWN}]")
"""Matches a character that is a word or a syllable."""
_WORD = re.compile(rf"[{_OF_ITS_OWN}]|(?:(?![{_OF_ITS_OWN}_])\w)++")
_DOMAIN = re.compile(r"(?<![\w.@-])(?:[\w-]{1,63}\.){1,5}[a-zA-Z]{2,20}(?![\w.-])")
_SITE = "sitename"
"""Stands for a domain in a text."""
_DOT_ABOVE = "\u0307"
"""What is left of a Turkish capital when it is made small."""
_PARTS = re.compile(r"([()\[\]|])|\{(\w+)\}")
_FREE = {"n": r"(?: \S+){1,3}", "site": f" {_SITE}"}
_OPEN, _CLOSE = {"(": "(?:", "[": "(?:"}, {")": ")", "]": ")?"}


@dataclass(frozen=True, slots=True)
class KindWords:
    """What is known of one kind."""

    message: str
    """What the user is told of a page of that kind; empty for kinds of articles."""
    titles: tuple[str, ...]
    """Phrases that are a whole title; ``texts``: that stand somewhere in a text. Of all languages."""
    texts: tuple[str, ...]
    marks: tuple[str, ...]
    """Parts of the addresses of scripts and frames, in lower case."""
    names: frozenset[str]
    """Words of a page's address."""
    types: frozenset[str]
    """What the page's data call it."""


@cache
def kind_words(kind: str) -> KindWords:
    """The vocabulary of a kind; raises KeyError where there is none."""
    table = kind_tables()[kind]
    return KindWords(
        message=table.get("message", ""),
        titles=_phrases(table, "titles"),
        texts=_phrases(table, "texts"),
        marks=_phrases(table, "marks"),
        names=frozenset(table.get("names", ())),
        types=frozenset(table.get("types", ())),
    )


@cache
def kind_tables() -> dict[str, dict[str, Any]]:
    """The tables of ``kinds.toml``, with their examples."""
    source = files("newsclean.body") / "data" / "kinds.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))


def _phrases(table: dict[str, Any], place: str) -> tuple[str, ...]:
    return tuple(phrase for language in table.get(place, {}).values() for phrase in language["phrases"])


def flat(text: str) -> str:
    """The words of a text in small letters, a space before each."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace(_DOT_ABOVE, "")
    return "".join(f" {word}" for word in _WORD.findall(_DOMAIN.sub(f" {_SITE} ", folded)))


def is_title(kind: str, text: str) -> bool:
    """Whether a title, as :func:`flat` gives it, is one of the kind's."""
    return bool(text) and _pattern(kind, "titles").fullmatch(text) is not None


def said(kind: str, text: str) -> list[str]:
    """What a text, as :func:`flat` gives it, has of the kind's phrases."""
    return [found[0].strip() for found in _pattern(kind, "texts").finditer(text)]


@cache
def _pattern(kind: str, place: Place) -> re.Pattern[str]:
    words = kind_words(kind)
    phrases = words.titles if place == "titles" else words.texts
    if not phrases:
        return re.compile(r"(?!)")
    return re.compile(f"(?:{'|'.join(map(_compiled, phrases))})(?!\\S)")


def _compiled(phrase: str) -> str:
    """The phrase as an expression for flat texts. None of its parts repeats without a limit."""
    made, place = [], 0
    for part in _PARTS.finditer(phrase):
        made.append(re.escape(flat(phrase[place : part.start()])).replace("\\ ", " "))
        sign, free = part[1], part[2]
        made.append(_FREE[free] if free else _OPEN.get(sign) or _CLOSE.get(sign) or "|")
        place = part.end()
    return "".join([*made, re.escape(flat(phrase[place:])).replace("\\ ", " ")])
