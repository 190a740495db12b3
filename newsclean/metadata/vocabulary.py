"""The words by which metadata is read off a page: read once from the TOML files beside this module."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

_PARTS = re.compile(r"[^\W_]+")
_MAX_STEP = 400
"""Characters of an element's names that are read."""
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class NameWords:
    """What is known of lines that name authors. Every word is in lower case."""

    by: frozenset[str]
    by_first: re.Pattern[str]
    """Matches words of ``by`` at the head of a line, with their colon."""
    by_inside: re.Pattern[str]
    """Matches those of them that stand behind a date or a few words."""
    stops: frozenset[str]
    """Words that never are part of a name and end it."""
    role_words: frozenset[str]
    """Single words of roles."""
    parting: re.Pattern[str]
    """Matches what stands between two names."""
    weak: re.Pattern[str]
    """Matches words that stand between two names or inside one."""
    particles: frozenset[str]
    roles: re.Pattern[str]
    """Matches a role behind a name, with its place, to the end of the line."""
    roles_first: re.Pattern[str]
    """Matches a role before a name."""
    nobody: frozenset[str]
    organisations: frozenset[str]
    newsrooms: re.Pattern[str]
    """Matches words of the outlet's own staff."""
    agencies: re.Pattern[str]
    byline: frozenset[str]
    not_byline: frozenset[str]
    weakly_not_byline: frozenset[str]
    doubtful: frozenset[str]
    profiles: frozenset[str]
    metas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DateWords:
    """What is known of visible dates. Every word is in lower case."""

    date: frozenset[str]
    published: frozenset[str]
    changed: frozenset[str]
    other: frozenset[str]
    doubtful: frozenset[str]
    published_metas: tuple[str, ...]
    modified_metas: tuple[str, ...]


@cache
def name_words() -> NameWords:
    """The vocabulary of names.toml."""
    data = _data("names.toml")
    by = _any(data["by"])
    roles = _any(data["roles"])
    weak = set(data["weak_and"])
    strong = _any([word for word in data["and"] if word not in weak])
    return NameWords(
        by=frozenset(data["by"]),
        by_first=re.compile(rf"(?:(?:{by})(?:\s*[:：]\s*|\s+|$)|[:：・–-]\s*)+", re.IGNORECASE),
        by_inside=re.compile(
            rf"(?:(?<=\s)|(?<=[|·•:]))(?:{_any(data['by_inside'])})(?:\s*[:：]\s*|\s+)", re.IGNORECASE
        ),
        stops=frozenset(data["stops"]),
        role_words=frozenset(data["role_words"]),
        parting=re.compile(
            rf"\s*[,;/|&+•·⋅∙‧、，；\n]\s*(?:(?:{strong})\s+)?|\s+(?:{strong})\s+|\s+[–—-]\s+", re.IGNORECASE
        ),
        weak=re.compile(rf"\s+(?:{_any(weak)})\s+"),
        particles=frozenset(data["particles"]),
        roles=re.compile(
            rf"[\s,(–-]+(?:{roles})(?:\s+(?:{roles}))*(?:\s+(?:{_any(data['role_places'])})\s[^,;|]{{2,40}})?[\s).,]*$",
            re.IGNORECASE,
        ),
        roles_first=re.compile(rf"^(?:{roles})(?:\s*[:：]\s*|\s+)", re.IGNORECASE),
        nobody=frozenset(data["nobody"]),
        organisations=frozenset(data["organisations"]),
        newsrooms=re.compile(rf"\b(?:{_any(data['newsrooms'])})\b", re.IGNORECASE),
        agencies=re.compile(rf"[\s,(]+(?:{_any(data['agencies'])})[\s).]*$", re.IGNORECASE),
        byline=frozenset(data["byline_names"]),
        not_byline=frozenset(data["not_byline_names"]),
        weakly_not_byline=frozenset(data["weak_not_byline_names"]),
        doubtful=frozenset(data["doubtful_names"]),
        profiles=frozenset(data["profile_paths"]),
        metas=tuple(data["author_metas"]),
    )


@cache
def date_words() -> DateWords:
    """The vocabulary of dates.toml."""
    data = _data("dates.toml")
    names, metas = data["names"], data["metas"]
    return DateWords(
        date=frozenset(names["date"]),
        published=frozenset(names["published"]),
        changed=frozenset(names["changed"]),
        other=frozenset(names["other"]),
        doubtful=frozenset(names["doubtful"]),
        published_metas=tuple(metas["published"]),
        modified_metas=tuple(metas["modified"]),
    )


@cache
def title_words() -> frozenset[str]:
    """The names of elements that hold a breadcrumb trail."""
    return frozenset(_data("titles.toml")["trail_names"])


@lru_cache(maxsize=20_000)
def parts_of(step: str) -> frozenset[str]:
    """The words of an element's step in a block's path, in lower case: ``div.post-authorName`` has div, post, author
    and name.
    """
    step = step[:_MAX_STEP]
    low = step.lower()
    return frozenset(_PARTS.findall(low if low == step else _HUMP.sub(" ", step).lower()))


def _any(words: Iterable[str]) -> str:
    """A pattern of alternatives, the longest first."""
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(words, key=lambda w: (-len(w), w)))


def _data(name: str) -> dict[str, Any]:
    source = files("newsclean.metadata") / "data" / name
    return tomllib.loads(source.read_text(encoding="utf-8"))
