"""Strings that name authors -> names: split, and without "by", roles, agencies' marks, addresses and handles."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from newsclean.metadata.date_vocabulary import written_words
from newsclean.metadata.sources import one_line
from newsclean.metadata.vocabulary import name_words
from newsclean.page.compare import key

MAX_NAME = 80
_MOST_NAMES = 60
_MAX_STRING = 2_000
_MAIL = re.compile(r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|(?<!\w)@\w+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|info|de|fr|it|es|ru)(?:\.[a-z]{2})?\b(?:/\S*)?"
)
_ONLY_ADDRESS = re.compile(r"^\s*[a-z]+(?:\.[a-z]+){2,}\s*$|^\s*(?:https?://|www\.|//|/|@|#)|<|\{\{|\$\{|%%")
_BRACKETS = re.compile(r"[(\[（【][^()\[\]（）【】]{0,80}[)\]）】]")
_LAST_FIRST = re.compile(
    r"([^\W\d_][\w'’.-]{1,30}(?: [^\W\d_][\w'’.-]{1,30})?), ?([^\W\d_][\w'’.-]{0,20}(?: [^\W\d_]\.?)?)"
)
_EDGES = ' \t,;:.|/·•–—-*_"“”«»()[]>'
_ENDS = ' \t,;:|/·•–—-*_"“”«»([>'
_CASELESS = re.compile(
    "[\u0590-\u08ff\u0900-\u0dff\u0e00-\u0fff\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af]"
)
_INITIALS = re.compile(r"[A-Z]{2,6}")
_GLUED = re.compile(r"([A-Z][a-z]{1,3})(?=[A-ZÀ-Þ][a-zß-ÿ.])")
"""A word that lost the space behind it."""
_GLUED_DATE = re.compile(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ][a-zß-ÿ]{2,10}\.? ?\d)")
"""Where a word lost the space before it that begins a date."""
_HUMP = re.compile(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ][a-zß-ÿ])")
"""Where two words may have lost the space between them."""
_PLACE = re.compile(r"([^|·•,;&]+?)\s*([|·•])\s*[^|·•,;&\d]+?\s*\2\s*\d")
"""A name, a place and a date between bars."""
_MAX_SHOWN = 300
_MOST_BEFORE = 3
"""Words before "by": "A column by"."""
_EAST = re.compile("[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af]")
_MOST_EAST = 12
_MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Names:
    """What a string says about the authors."""

    people: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    """Newsrooms, agencies and the outlet itself."""


@lru_cache(maxsize=4_000)
def declared_names(text: str, outlet: frozenset[str] = frozenset()) -> Names:
    """The names in a string that a page declares to be an author's (JSON-LD, a meta element).

    ``outlet``: keys of the names that mean the page's publisher. Nothing where it holds an address or a placeholder.
    """
    whole = _tidy(text) if len(text) <= _MAX_STRING else ""
    if not whole:
        return Names()
    if swapped := _LAST_FIRST.fullmatch(whole):
        first, last = swapped[2], swapped[1]
        if (
            (" " not in first or first.endswith("."))
            and " " not in last
            and len(first) > 2
            and len(last) > 2
            and is_person(f"{first} {last}")
        ):
            return Names(people=(f"{first} {last}",))
    if key(whole) in outlet:
        return Names(organisations=(whole,))
    parts = split(whole)
    # "The Paper - Ann Cole"
    others = [part for part in parts if key(part) not in outlet]
    parts = others if any(map(is_person, others)) else parts
    if len(parts) > 1 and not (all(map(is_person, parts[:1])) and any(map(is_person, parts[1:]))):
        # "Ann Cole, Berlin" has one name, "Crime, Law and Order Desk" is one
        one = is_person(parts[0]) and " " in parts[0] and not is_organisation(parts[0], outlet)
        parts = parts[:1] if one else [whole]
    if len(parts) > 1 and " " in parts[0]:
        # what stands alone behind whole names is a place; an agency stays
        parts = [part for part in parts if " " in part or _CASELESS.search(part) or is_organisation(part)]
    people: list[str] = []
    organisations: list[str] = []
    for part in parts[:_MOST_NAMES]:
        name = trimmed(part)
        if not name or len(name) > MAX_NAME or name.casefold() in name_words().nobody or not _letters(name):
            continue
        (organisations if is_organisation(name, outlet) else people).append(name)
    return Names(tuple(dict.fromkeys(people)), tuple(dict.fromkeys(organisations)))


@lru_cache(maxsize=4_000)
def shown_names(text: str, marked: bool, outlet: frozenset[str] = frozenset()) -> Names:
    """The names in a line that readers see. ``marked``: the page marks it as a byline, so no "by" is needed.

    Nothing where what stands there does not look like names.
    """
    if len(text) > _MAX_SHOWN:
        return Names()
    line = _tidy(text)
    rest = _behind_by(line)
    if rest is None and not marked:
        return Names()
    people: list[str] = []
    organisations: list[str] = []
    shown = line if rest is None else rest
    if placed := _PLACE.match(shown):
        shown = placed[1]
    for part in split(shown)[:_MOST_NAMES]:
        bare = _before_outlet(_before_date(part), outlet)
        name = trimmed(bare)
        if rest is not None and not (people or organisations or is_organisation(name, outlet)):
            name = _before_role(name)
        if people or organisations:
            first = name.partition(" ")[0]
            if first.islower() and first in name_words().stops:
                break
        if name and is_organisation(name, outlet) and len(name.split()) <= _MOST_WORDS:
            organisations.append(name)
        elif is_person(name) and (
            " " in name or (rest is not None and marked and not people) or _CASELESS.search(name)
        ):
            people.append(name)
        elif rest is not None and _INITIALS.fullmatch(name):
            organisations.append(name)
        elif people or organisations or rest is not None:
            # what follows the names is something else
            break
        if bare != part and (people or organisations):
            break
    return Names(tuple(dict.fromkeys(people)), tuple(dict.fromkeys(organisations)))


def _behind_by(line: str) -> str | None:
    """What stands behind "by" in a line; None where no such word introduces names."""
    words = name_words()
    if (glued := _GLUED.match(line)) and glued[1].casefold() in words.by:
        return line[glued.end() :]
    if found := words.by_first.match(line):
        return line[found.end() :] if found[0].strip(" :：-–・") else None
    for found in words.by_inside.finditer(line):
        head = line[: found.start()].rstrip()
        date_before = any(map(str.isdigit, head)) or head.endswith(("|", "·", "•", "–", "-", ":"))
        if date_before or (
            len(head.split()) <= _MOST_BEFORE and not (" " in head and is_person(head)) and not head.istitle()
        ):
            return line[found.end() :]
    return None


def _before_date(part: str) -> str:
    """A part of a line up to its first number, without the words of a date that end it."""
    if any(map(str.isdigit, part)):
        part = _GLUED_DATE.sub(" ", part)
    cut = re.split(r"\d", part, maxsplit=1)[0]
    parts = cut.split()
    stops = name_words().stops
    months = written_words().months
    while parts and (
        (word := parts[-1].strip(_EDGES).casefold()) in stops or (word in months and cut != part) or not word
    ):
        parts.pop()
    for number, word in enumerate(parts):
        if number and word.strip(_EDGES).casefold() in stops:
            return " ".join(parts[:number])
        if number and (hump := _HUMP.search(word)) and _is_no_name(word[hump.start() :].strip(_EDGES).casefold()):
            return " ".join([*parts[:number], word[: hump.start()]])
    return " ".join(parts)


def _is_no_name(word: str) -> bool:
    return word in name_words().stops or word in name_words().role_words


def _before_outlet(part: str, outlet: frozenset[str]) -> str:
    """A part of a line up to the outlet's name, where a person's name stands before it and more behind it."""
    words = part.split()
    for number in range(2, len(words)):
        behind = words[number:]
        known = key(" ".join(behind)) in outlet and (len(behind) > 1 or behind[0].isupper())
        if (known or (len(behind) > 1 and key(behind[0]) in outlet)) and is_person(head := " ".join(words[:number])):
            return head
    return part


def _before_role(name: str) -> str:
    """A name up to the first word of a role with two words or more before it: "Ann Cole Senior Autos Reporter"."""
    words = name.split()
    for number in range(2, len(words)):
        if words[number].strip(_EDGES).casefold() in name_words().role_words:
            head = " ".join(words[:number])
            return head if is_person(head) else name
    return name


def split(text: str) -> list[str]:
    """The parts of a string between commas, "and" and the like."""
    words = name_words()
    parts = []
    for part in words.parting.split(text):
        part = part.strip(_EDGES[:-1]) if not part.endswith(".") else part.strip(_ENDS)
        if not part:
            continue
        if (
            (weak := words.weak.search(part))
            and " " in part[: weak.start()].strip()
            and " " in part[weak.end() :].strip()
        ):
            parts += [part[: weak.start()].strip(), part[weak.end() :].strip()]
        else:
            parts.append(part)
    return parts


def trimmed(name: str) -> str:
    """A name without "by" before it, and without role and agency behind it."""
    words = name_words()
    if found := words.by_first.match(name):
        rest = name[found.end() :]
        # "Von Trapp" is a name, "Von Maria Trapp" is a byline
        if rest and (found[0].casefold().strip(" :：") not in words.particles or (" " in rest and is_person(rest))):
            name = rest
    for pattern in (words.agencies, words.roles):
        short = pattern.sub("", name)
        if short and (" " in short.strip() or _EAST.search(short)) and is_person(short):
            name = short
    short = words.roles_first.sub("", name)
    if " " in short.strip():
        name = short
    return " ".join(name.split()).strip(_ENDS)


def is_person(name: str) -> bool:
    """Whether a string looks like the name of a person: a few words that begin with capitals, in scripts that have
    them, and none of them that of a newsroom.
    """
    if not name or len(name) > 60 or any(map(str.isdigit, name)) or any(sign in name for sign in "?!:@|{}<>=…"):
        return False
    if _EAST.search(name):
        return 2 <= len(name.replace(" ", "")) <= _MOST_EAST
    parts = name.split()
    if not 1 <= len(parts) <= _MOST_WORDS or is_organisation(name) or name.casefold() in name_words().nobody:
        return False
    if _CASELESS.search(name):
        return len(parts) <= 5
    words = name_words()
    particles = words.particles
    capitals, ends_small = 0, False
    for part in parts:
        bare = part.strip("'’\"“”().,-")
        if not bare or bare.casefold() in words.role_words:
            return False
        if bare[0].isupper() or unicodedata.category(bare[0]) == "Lt":
            capitals += 1
        elif bare.casefold() not in particles and not bare.startswith(
            ("d'", "d’", "al-", "el-", "de", "van", "von", "'t", "mc")
        ):
            return False
        ends_small = bare[0].islower()
    return capitals >= 1 and not ends_small


def is_organisation(name: str, outlet: frozenset[str] = frozenset()) -> bool:
    """Whether a name is that of the outlet, or has a word of newsrooms in it."""
    own = key(name)
    if own in outlet or any(
        own.removeprefix(word) in outlet
        for word in ("the", "der", "die", "das", "la", "le", "el")
        if own.startswith(word)
    ):
        return True
    known = name_words().organisations
    parts = re.findall(r"[^\s,/()·-]+", name.casefold())
    if not known.isdisjoint(parts):
        return True
    return bool(_EAST.search(name)) and any(
        name.endswith(word) or name.startswith(word) for word in known if _EAST.search(word)
    )


def _tidy(text: str) -> str:
    """The string without addresses, handles and what stands in brackets; empty where it is an address alone."""
    if _ONLY_ADDRESS.search(text[:20]):
        return ""
    line = one_line(text) or ""
    line = _BRACKETS.sub(" ", line)
    if "@" in line or "(at)" in line:
        line = _MAIL.sub(" ", line)
    stripped = _ADDRESS.sub(" | ", line) if ("." in line or "@" in line) else line
    if not _letters(stripped):
        # an outlet may be called by its address
        stripped = line if not line.lstrip().startswith(("@", "http", "www", "/")) else ""
    return " ".join(stripped.split()).strip(_ENDS)


def _letters(text: str) -> bool:
    return any(map(str.isalpha, text))
