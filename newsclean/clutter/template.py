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

import msgspec

from newsclean.clutter.grammar import Grammar, Items
from newsclean.clutter.words import NUMBER, words
from newsclean.errors import RulesError

_GAP = re.compile(r"\{(\d+)-(\d+)\}")
_PART = re.compile(r"\{n\}|\{(\d+)-(\d+)\}|<([\w-]+)>|[()\[\]|]|[^(){}\[\]<>|]+")
_MAX_GAP = 30
"""Most words of any kind in a row."""
_MOST_NESTED = 20
"""Brackets and sets inside each other."""
_MOST_DIGIT_GROUPS = 3
"""A number can be written in so many groups of digits: ``1 234 567``."""
NUMBER_SUFFIXES = "number-suffixes"
"""The set of short forms of thousand and million that may follow a number."""


class Template(msgspec.Struct, frozen=True, eq=False, gc=False):
    """One template, read: what it says stands in ``items``, see :mod:`newsclean.clutter.grammar`."""

    source: str
    items: Items
    signs: bool
    """Whether it asks for a sign, so that signs count as words."""
    grammar: Grammar
    """Holds the choices that ``items`` names."""

    @property
    def first(self) -> frozenset[str]:
        """Words that a match can begin with; empty where that is any word."""
        return self.grammar.first(self.items) or frozenset()

    @property
    def last(self) -> frozenset[str]:
        """Words that a match can end with; empty where that is any word."""
        return self.grammar.last(self.items) or frozenset()

    @property
    def least(self) -> int:
        """Fewest words that a match has."""
        return self.grammar.lengths(self.items)[0]

    @property
    def most(self) -> int:
        """Most words that a match has."""
        return self.grammar.lengths(self.items)[1]


class Templates:
    """The templates of one file. The word sets are read when a template first names them."""

    def __init__(self, sets: Mapping[str, Sequence[str]], grammar: Grammar | None = None) -> None:
        """``grammar``: takes the choices up; several files may share one."""
        self.grammar = grammar or Grammar()
        self._sets = sets
        self._known: dict[str, Items | None] = {}
        self._open: list[str] = []
        self._depth = 0

    def compile(self, source: str) -> Template:
        """Read a template. Raises RulesError with the place of what it cannot read."""
        items = self._read(source)
        if items is None or self.grammar.empty(items):
            raise RulesError(f"{source!r}: it would match an empty text")
        return Template(source, items, self.grammar.signs(items), self.grammar)

    def _read(self, source: str) -> Items | None:
        """What a template says; None where it holds signs alone that do not count."""
        parts = _split(source)
        if len(parts) == 1:
            return self._piece(parts[0], source)
        items, rest = self._alternatives(parts, 0, source, closing="")
        if rest is not None:
            raise RulesError(f"{source!r}: a bracket is closed that was not opened")
        return items

    def _alternatives(
        self, parts: Sequence[str], place: int, source: str, closing: str
    ) -> tuple[Items | None, int | None]:
        """Read ``a|b c`` up to the closing bracket; the place behind it, or None at the end of the template."""
        if self._depth >= _MOST_NESTED:
            raise RulesError(f"{source!r}: more than {_MOST_NESTED} brackets and sets inside each other")
        self._depth += 1
        try:
            return self._read_alternatives(parts, place, source, closing)
        finally:
            self._depth -= 1

    def _read_alternatives(
        self, parts: Sequence[str], place: int, source: str, closing: str
    ) -> tuple[Items | None, int | None]:
        branches: list[Items | None] = []
        sequence: list[Items | None] = []
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
                sequence.append(inner if part == "(" else self.grammar.choice((inner or (), ())))
            elif part in (")", "]"):
                if part != closing:
                    raise RulesError(f"{source!r}: {part!r} closes nothing")
                branches.append(_sequence(sequence))
                return self._choice(branches), place
            else:
                sequence.append(self._piece(part, source))
        if closing:
            return (), None
        branches.append(_sequence(sequence))
        return self._choice(branches), None

    def _choice(self, branches: Sequence[Items | None]) -> Items | None:
        # A branch of signs that do not count, as in (kr|€), is no way to leave the group out.
        known = [branch for branch in branches if branch is not None]
        return self.grammar.choice(known) if known else None

    def _piece(self, part: str, source: str) -> Items | None:
        if part not in self._known:
            if part == "{n}":
                piece: Items | None = self._number()
            elif gap := _GAP.fullmatch(part):
                piece = _gap(int(gap[1]), int(gap[2]), source)
            elif part.startswith("<"):
                piece = self._set(part[1:-1], source)
            else:
                piece = _literal(part)
            self._known[part] = piece
        return self._known[part]

    def _number(self) -> Items:
        suffixes = [tuple(words(word).plain.split()) for word in self._sets.get(NUMBER_SUFFIXES, ())]
        more: Items = ()
        for _ in range(_MOST_DIGIT_GROUPS - 1):
            more = self.grammar.choice(((NUMBER, *more), ()))
        return (NUMBER, *more, *self.grammar.choice((*suffixes, ())))

    def _set(self, name: str, source: str) -> Items | None:
        if name not in self._sets:
            raise RulesError(f"{source!r}: no set {name!r} in [words]")
        if name in self._open:
            raise RulesError(f"{source!r}: the set {name!r} contains itself")
        self._open.append(name)
        try:
            return self._choice([self._read(phrase) for phrase in self._sets[name]])
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


def _gap(low: int, high: int, source: str) -> Items:
    if not low <= high <= _MAX_GAP:
        raise RulesError(f"{source!r}: a gap may take {_MAX_GAP} words at most, the smaller number first")
    return ((low, high),) if high else ()


def _literal(part: str) -> Items | None:
    bare = part.replace(" ", "")
    found = part.lower().split() if bare.isascii() and bare.isalpha() else words(part).signs.split()
    return tuple(found) or None


def _sequence(pieces: Sequence[Items | None]) -> Items | None:
    known = [piece for piece in pieces if piece is not None]
    return tuple([item for piece in known for item in piece]) if known or not pieces else None
