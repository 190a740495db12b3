"""The vocabulary of the data in scripts, and how names are compared with it."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_LONGEST = 60
"""Characters of a key or type name; longer strings are none."""


@dataclass(frozen=True, slots=True)
class IslandWords:
    """``data/islands.toml``; what each of these is for stands there."""

    json_ld: str
    no_data_types: frozenset[str]
    markers: tuple[str, ...]
    content_keys: frozenset[str]
    no_content_keys: frozenset[str]
    content_words: frozenset[str]
    foreign_words: frozenset[str]
    title_keys: tuple[str, ...]
    address_keys: tuple[str, ...]
    reference_keys: tuple[str, ...]
    type_keys: tuple[str, ...]
    level_keys: tuple[str, ...]
    link_keys: tuple[str, ...]
    types: dict[str, str]
    """What an object is, by a word of its type, in the order in which the words count."""
    order: dict[str, int]
    """The place of each of those in that order."""


@cache
def island_words() -> IslandWords:
    """The vocabulary, read once."""
    source = files("newsclean.page") / "data" / "islands.toml"
    data = tomllib.loads(source.read_text(encoding="utf-8"))
    return IslandWords(
        json_ld=data["json-ld"],
        no_data_types=frozenset(data["no_data_types"]),
        markers=tuple(data["markers"]),
        content_keys=frozenset(data["content_keys"]),
        no_content_keys=frozenset(
            key for name in ("title_keys", "address_keys", "type_keys", "level_keys", "link_keys") for key in data[name]
        ),
        content_words=frozenset(data["content_words"]),
        foreign_words=frozenset(data["foreign_words"]),
        title_keys=tuple(data["title_keys"]),
        address_keys=tuple(data["address_keys"]),
        reference_keys=tuple(data["reference_keys"]),
        type_keys=tuple(data["type_keys"]),
        level_keys=tuple(data["level_keys"]),
        link_keys=tuple(data["link_keys"]),
        types={word: kind for kind, words in data["types"].items() for word in words},
        order={kind: place for place, kind in enumerate(data["types"])},
    )


@lru_cache(maxsize=4096)
def words_of(name: str) -> frozenset[str]:
    """The words of a key, in lower case: "bodyHtml" is "body" and "html"; none for a string too long for a name."""
    return frozenset(word.lower() for word in _WORD.findall(name)) if len(name) <= _LONGEST else frozenset()


@lru_cache(maxsize=4096)
def kind_of(name: str) -> str | None:
    """What a type name says that an object is, as the tables of ``[types]`` are named; None where it says nothing."""
    if len(name) > _LONGEST:
        return None
    known = island_words()
    words = [word.lower() for word in _WORD.findall(name)]
    # "list-item" and "heading2" are known as wholes, "core/paragraph" by one of its words
    kinds = [known.types.get("".join(words[start:end])) for start, end in _spans(len(words))]
    if len(words) == 1 and words[0][-1:].isdigit():
        kinds.append(known.types.get(words[0].rstrip("0123456789")))
    found = [kind for kind in kinds if kind is not None]
    return min(found, key=lambda kind: known.order[kind]) if found else None


def _spans(size: int) -> list[tuple[int, int]]:
    return [(start, end) for start in range(size) for end in range(start + 1, min(size, start + 3) + 1)]
