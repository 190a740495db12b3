"""Phrase templates: how a rule file writes down many wordings in one line.

=================  ==========================================================================
``word``           that word, in any case; signs other than ``: © ® # @ + % → » ›`` do not count
``(a|b c)``        one of these
``[a|b]``          one of these, or nothing
``<name>``         one of the phrases of the set ``name`` in the file's ``[words]``
``{n}``            a number: ``8399``, ``8,399``, ``8 399``, ``12K``
``{1-4}``          one to four words of any kind (in scripts without spaces: characters)
=================  ==========================================================================
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from newsclean.clutter.words import NUMBER, SYMBOLS, words
from newsclean.errors import RulesError

_PART = re.compile(r"\{n\}|\{(\d+)-(\d+)\}|<([\w-]+)>|[()\[\]|]|[^(){}\[\]<>|]+")
_MAX_GAP = 12
NUMBER_SUFFIXES = "number-suffixes"
"""The set of short forms of thousand and million that may follow a number."""


@dataclass(frozen=True)
class Template:
    """One template, ready to match. ``first`` and ``last`` are the words that a match can begin and end with."""

    source: str
    regex: str
    first: frozenset[str]
    """Empty where a match can begin with any word."""
    last: frozenset[str]
    """Empty where a match can end with any word."""
    signs: bool
    """Whether it asks for a sign, so that signs count as words."""
    least: int
    """Fewest words of a text that it matches as a whole."""
    most: int
    """Most words of a text that it matches as a whole."""

    @cached_property
    def whole(self) -> re.Pattern[str]:
        """Matches a text that is nothing else."""
        return re.compile(self.regex + r"\Z")

    @cached_property
    def start(self) -> re.Pattern[str]:
        """Matches from a place onward, up to the end of a word."""
        return re.compile(self.regex + r"(?= |\Z)")

    @cached_property
    def end(self) -> re.Pattern[str]:
        """Finds it at the end of a text."""
        return re.compile(f"(?:{self.regex})\\Z")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a template: its expression, and the words at its two ends; None stands for any word."""

    regex: str
    first: frozenset[str] | None
    last: frozenset[str] | None
    optional: bool = False
    least: int = 0
    most: int = 0


def compile_template(source: str, sets: Mapping[str, Sequence[str]]) -> Template:
    """Read a template. Raises RulesError with the place of what it cannot read."""
    pieces, rest = _alternatives(_split(source), 0, source, sets, closing="")
    if rest is not None:
        raise RulesError(f"{source!r}: a bracket is closed that was not opened")
    if pieces.optional:
        raise RulesError(f"{source!r}: it would match an empty text")
    return Template(
        source=source,
        regex=pieces.regex,
        first=pieces.first or frozenset(),
        last=pieces.last or frozenset(),
        signs=any(f" {re.escape(sign)}" in pieces.regex for sign in SYMBOLS),
        least=pieces.least,
        most=pieces.most,
    )


def _split(source: str) -> list[str]:
    parts: list[str] = []
    place = 0
    while place < len(source):
        found = _PART.match(source, place)
        if found is None:
            raise RulesError(f"{source!r}: not readable at {source[place:]!r}")
        parts.append(found[0])
        place = found.end()
    return parts


def _alternatives(
    parts: Sequence[str], place: int, source: str, sets: Mapping[str, Sequence[str]], closing: str
) -> tuple[_Piece, int | None]:
    """Read ``a|b c`` up to the closing bracket; the place behind it, or None at the end of the template."""
    branches: list[_Piece] = []
    sequence: list[_Piece] = []
    while place < len(parts):
        part = parts[place]
        place += 1
        if part == "|":
            branches.append(_sequence(sequence))
            sequence = []
        elif part in ("(", "["):
            inner, behind = _alternatives(parts, place, source, sets, ")" if part == "(" else "]")
            if behind is None:
                raise RulesError(f"{source!r}: a bracket is not closed")
            place = behind
            if part == "[":
                inner = _Piece(f"(?:{inner.regex})?", inner.first, inner.last, True, 0, inner.most)
            sequence.append(inner)
        elif part in (")", "]"):
            if part != closing:
                raise RulesError(f"{source!r}: {part!r} closes nothing")
            branches.append(_sequence(sequence))
            return _choice(branches), place
        else:
            sequence.append(_piece(part, source, sets))
    if closing:
        return _Piece("", None, None), None
    branches.append(_sequence(sequence))
    return _choice(branches), None


def _piece(part: str, source: str, sets: Mapping[str, Sequence[str]]) -> _Piece:
    if part == "{n}":
        suffixes = [words(word).plain for word in sets.get(NUMBER_SUFFIXES, ())]
        suffix = f"(?:{'|'.join(map(re.escape, suffixes))})?" if suffixes else ""
        ends = frozenset([NUMBER, *(word.split(" ")[-1] for word in suffixes)])
        # Up to three groups of digits: 1 234 567.
        return _Piece(rf"(?: {NUMBER}){{1,3}}{suffix}", frozenset([NUMBER]), ends, False, 1, 6)
    if gap := re.fullmatch(r"\{(\d+)-(\d+)\}", part):
        low, high = int(gap[1]), int(gap[2])
        if not low <= high <= _MAX_GAP:
            raise RulesError(f"{source!r}: a gap may take {_MAX_GAP} words at most, the smaller number first")
        return _Piece(rf"(?: [^ ]+){{{low},{high}}}", None, None, low == 0, low, high)
    if part.startswith("<"):
        name = part[1:-1]
        if name not in sets:
            raise RulesError(f"{source!r}: no set {name!r} in [words]")
        others = {key: value for key, value in sets.items() if key != name}
        return _choice([_nested(phrase, others) for phrase in sets[name]])
    found = words(part).signs.split()
    if not found:
        return _Piece("", frozenset(), frozenset(), True)
    regex = "".join(f" {re.escape(word)}" for word in found)
    return _Piece(regex, frozenset([found[0]]), frozenset([found[-1]]), False, len(found), len(found))


def _nested(phrase: str, sets: Mapping[str, Sequence[str]]) -> _Piece:
    piece, rest = _alternatives(_split(phrase), 0, phrase, sets, closing="")
    if rest is not None:
        raise RulesError(f"{phrase!r}: a bracket is closed that was not opened")
    return piece


def _sequence(pieces: Sequence[_Piece]) -> _Piece:
    first: set[str] | None = set()
    for piece in pieces:
        if first is not None:
            first = None if piece.first is None else first | piece.first
        if not piece.optional:
            break
    last: set[str] | None = set()
    for piece in reversed(pieces):
        if last is not None:
            last = None if piece.last is None else last | piece.last
        if not piece.optional:
            break
    return _Piece(
        "".join(piece.regex for piece in pieces),
        None if first is None else frozenset(first),
        None if last is None else frozenset(last),
        all(piece.optional for piece in pieces),
        sum(piece.least for piece in pieces),
        sum(piece.most for piece in pieces),
    )


def _choice(branches: Sequence[_Piece]) -> _Piece:
    if len(branches) == 1:
        return branches[0]
    firsts = [branch.first for branch in branches]
    lasts = [branch.last for branch in branches]
    return _Piece(
        "(?:" + "|".join(branch.regex for branch in branches) + ")",
        None if None in firsts else frozenset().union(*(f for f in firsts if f is not None)),
        None if None in lasts else frozenset().union(*(f for f in lasts if f is not None)),
        any(branch.optional for branch in branches),
        min(branch.least for branch in branches),
        max(branch.most for branch in branches),
    )
