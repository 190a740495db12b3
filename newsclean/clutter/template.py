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

_SIGN = re.compile(rf" \\?[{re.escape(SYMBOLS)}]")
_GAP = re.compile(r"\{(\d+)-(\d+)\}")
_PART = re.compile(r"\{n\}|\{(\d+)-(\d+)\}|<([\w-]+)>|[()\[\]|]|[^(){}\[\]<>|]+")
_MAX_GAP = 30
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


_NOTHING: frozenset[str] = frozenset()
_IGNORED = _Piece("", _NOTHING, _NOTHING, True)
"""A part of a template that holds signs alone which do not count."""


class Templates:
    """The templates of one file. The word sets are read when a template first names them."""

    def __init__(self, sets: Mapping[str, Sequence[str]]) -> None:
        self._sets = sets
        self._known: dict[str, _Piece] = {}
        self._open: list[str] = []

    def compile(self, source: str) -> Template:
        """Read a template. Raises RulesError with the place of what it cannot read."""
        piece = self._read(source)
        if piece.optional:
            raise RulesError(f"{source!r}: it would match an empty text")
        return Template(
            source=source,
            regex=piece.regex,
            first=piece.first or _NOTHING,
            last=piece.last or _NOTHING,
            signs=_SIGN.search(piece.regex) is not None,
            least=piece.least,
            most=piece.most,
        )

    def _read(self, source: str) -> _Piece:
        parts = _split(source)
        if len(parts) == 1:
            return self._piece(parts[0], source)
        piece, rest = self._alternatives(parts, 0, source, closing="")
        if rest is not None:
            raise RulesError(f"{source!r}: a bracket is closed that was not opened")
        return piece

    def _alternatives(self, parts: Sequence[str], place: int, source: str, closing: str) -> tuple[_Piece, int | None]:
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
                inner, behind = self._alternatives(parts, place, source, ")" if part == "(" else "]")
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
                sequence.append(self._piece(part, source))
        if closing:
            return _Piece("", None, None), None
        branches.append(_sequence(sequence))
        return _choice(branches), None

    def _piece(self, part: str, source: str) -> _Piece:
        if part in self._known:
            return self._known[part]
        if part == "{n}":
            piece = self._number()
        elif gap := _GAP.fullmatch(part):
            low, high = int(gap[1]), int(gap[2])
            if not low <= high <= _MAX_GAP:
                raise RulesError(f"{source!r}: a gap may take {_MAX_GAP} words at most, the smaller number first")
            piece = _Piece(rf"(?: [^ ]+){{{low},{high}}}", None, None, low == 0, low, high)
        elif part.startswith("<"):
            piece = self._set(part[1:-1], source)
        else:
            piece = _literal(part)
        self._known[part] = piece
        return piece

    def _number(self) -> _Piece:
        suffixes = [words(word).plain for word in self._sets.get(NUMBER_SUFFIXES, ())]
        suffix = f"(?:{'|'.join(map(re.escape, suffixes))})?" if suffixes else ""
        ends = frozenset([NUMBER, *(word.split(" ")[-1] for word in suffixes)])
        # Up to three groups of digits: 1 234 567.
        return _Piece(rf"(?: {NUMBER}){{1,3}}{suffix}", frozenset([NUMBER]), ends, False, 1, 6)

    def _set(self, name: str, source: str) -> _Piece:
        if name not in self._sets:
            raise RulesError(f"{source!r}: no set {name!r} in [words]")
        if name in self._open:
            raise RulesError(f"{source!r}: the set {name!r} contains itself")
        self._open.append(name)
        try:
            return _choice([self._read(phrase) for phrase in self._sets[name]])
        finally:
            self._open.pop()


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


def _literal(part: str) -> _Piece:
    bare = part.replace(" ", "")
    found = part.lower().split() if bare.isascii() and bare.isalpha() else words(part).signs.split()
    if not found:
        return _IGNORED
    regex = " " + re.escape(" ".join(found)).replace("\\ ", " ")
    return _Piece(regex, frozenset([found[0]]), frozenset([found[-1]]), False, len(found), len(found))


def _sequence(pieces: Sequence[_Piece]) -> _Piece:
    if len(pieces) > 1:
        pieces = [piece for piece in pieces if piece is not _IGNORED] or pieces[:1]
    if len(pieces) == 1:
        return pieces[0]
    return _Piece(
        "".join([piece.regex for piece in pieces]),
        _ends([(piece.first, piece.optional) for piece in pieces]),
        _ends([(piece.last, piece.optional) for piece in reversed(pieces)]),
        all(piece.optional for piece in pieces),
        sum([piece.least for piece in pieces]),
        sum([piece.most for piece in pieces]),
    )


def _ends(pieces: Sequence[tuple[frozenset[str] | None, bool]]) -> frozenset[str] | None:
    """The words that a sequence can begin with, its pieces given from that end."""
    found = _NOTHING
    for words_of, optional in pieces:
        if words_of is None:
            return None
        found = found | words_of if found else words_of
        if not optional:
            break
    return found


def _choice(branches: Sequence[_Piece]) -> _Piece:
    # A branch of signs that do not count, as in (kr|€), is no way to leave the group out.
    branches = [branch for branch in branches if branch is not _IGNORED] or branches[:1]
    if len(branches) == 1:
        return branches[0]
    return _Piece(
        "(?:" + "|".join([branch.regex for branch in branches]) + ")",
        _union([branch.first for branch in branches]),
        _union([branch.last for branch in branches]),
        any(branch.optional for branch in branches),
        min([branch.least for branch in branches]),
        max([branch.most for branch in branches]),
    )


def _union(ends: Sequence[frozenset[str] | None]) -> frozenset[str] | None:
    known = [words_of for words_of in ends if words_of is not None]
    return None if len(known) < len(ends) else _NOTHING.union(*known)
