"""Phrases filed so that few are tried on a text: under words that a text must have, or begin or end with.

Of the sets of words of each of which every match of a phrase has one, a phrase is filed under the one that other texts
have least. Most texts have no such word, and nothing is tried.
"""

import sys
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter, itemgetter
from typing import Self

import msgspec

from newsclean.clutter.filed import ABSENT, Filed, FiledPhrase, Keys
from newsclean.clutter.grammar import Grammar, Items
from newsclean.clutter.rules import Place, Rule, max_words
from newsclean.clutter.template import Template

Cost = Callable[[str], float]
"""How often texts that do not have a phrase have a word, in any unit."""

Phrase = tuple[Rule, Place, Template]

_ANY = ""
"""Files the phrases of which no word is sure."""
_CHECKED = 3
"""Sets of words that are looked for before a phrase is matched: most that do not match have none of one of them."""
_AT_END = 0.15
"""Share of the cost where a word is looked for at the beginning or end of a text only."""
_ENDLESS = sys.maxsize


class Entry(msgspec.Struct, eq=False, gc=False):
    """A phrase of a rule."""

    rule: Rule
    place: Place
    order: int
    """By place, then as the rules come."""
    items: Items
    """Read from the end where the place is ``end``."""
    signs: bool
    """Signs count as words."""
    limit: int
    """Most words of a block that it is looked for in."""
    least: int
    """Fewest words of a text in which it can stand."""
    most: int
    """Most words of a text in which it can stand."""
    first: frozenset[str] | None
    """Words that the text must begin with; absent where that is any word."""
    last: frozenset[str] | None
    """Words that the text must end with; absent where that is any word."""
    needed: tuple[frozenset[str], ...]
    """Sets of words of each of which the text must have one, the rarest first."""

    @classmethod
    def of(cls, order: int, phrase: Phrase, grammar: Grammar, cost: Cost) -> Self:
        """A phrase; its choices are taken up into the grammar."""
        rule, place, template = phrase
        items = template.items if template.grammar is grammar else grammar.adopt(template.items, template.grammar)
        least, most = grammar.lengths(items)
        return cls(
            rule,
            place,
            order,
            grammar.mirror(items) if place == "end" else items,
            template.signs,
            max_words(rule, place),
            least,
            most if place == "whole" else _ENDLESS,
            grammar.first(items) if place in ("whole", "start") else None,
            grammar.last(items) if place in ("whole", "end") else None,
            tuple(grammar.needed(items, cost)[:_CHECKED]),
        )

    @classmethod
    def read(
        cls,
        order: int,
        phrase: Phrase,
        grammar: Grammar,
        known: FiledPhrase,
        set_of: Callable[[int], frozenset[str]],
    ) -> Self:
        """The same from what :meth:`filed` made of it. The phrase is of this grammar."""
        rule, place, template = phrase
        return cls(
            rule,
            place,
            order,
            grammar.mirror(template.items) if place == "end" else template.items,
            template.signs,
            max_words(rule, place),
            known.least,
            known.most,
            None if known.first == ABSENT else set_of(known.first),
            None if known.last == ABSENT else set_of(known.last),
            tuple([set_of(number) for number in known.needed]),
        )

    def filed(self, sets: dict[frozenset[str], int]) -> FiledPhrase:
        """As plain data. ``sets`` takes up the sets of words, with their numbers."""

        def number(words: frozenset[str] | None) -> int:
            return ABSENT if words is None else sets.setdefault(words, len(sets))

        needed = tuple([number(words) for words in self.needed])
        return FiledPhrase(self.least, self.most, number(self.first), number(self.last), needed)


class Entries(dict[int, Entry]):
    """Entries by their numbers."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        super().__init__(enumerate(entries))


class FiledEntries(Entries):
    """The same, read from what was filed when they are first asked for: most never are."""

    def __init__(self, phrases: Sequence[Phrase], grammar: Grammar, filed: Filed) -> None:
        super().__init__(())
        self._phrases = phrases
        self._grammar = grammar
        self._filed = filed
        self._sets: dict[int, frozenset[str]] = {}

    def __len__(self) -> int:
        return len(self._phrases)

    def __missing__(self, number: int) -> Entry:
        known = self._filed.phrases[number]
        entry = self[number] = Entry.read(number, self._phrases[number], self._grammar, known, self._set_of)
        return entry

    def _set_of(self, number: int) -> frozenset[str]:
        if number not in self._sets:
            words = self._filed.words
            self._sets[number] = frozenset([words[each] for each in self._filed.sets[number]])
        return self._sets[number]


class Filing:
    """The phrases that go over one form of the text: with signs as words, or without."""

    def __init__(self, entries: Entries, keys: Keys) -> None:
        """``keys``: the numbers of entries; see :func:`keys_of`."""
        by_any, by_first, by_last = keys
        self._entries = entries
        self._by_any, self._by_first, self._by_last = by_any, by_first, by_last
        self._keys = frozenset(by_any)
        self._always = by_any.get(_ANY, ())

    def likely(self, read: Sequence[str]) -> list[Entry]:
        """The phrases that may stand in a list of words, of which there is one at least; some come twice."""
        length, first, last = len(read), read[0], read[-1]
        found = [self._by_any[key] for key in self._keys.intersection(read)]
        if first in self._by_first:
            found.append(self._by_first[first])
        if last in self._by_last:
            found.append(self._by_last[last])
        if self._always:
            found.append(self._always)
        all_entries = self._entries
        likely = []
        for numbers in found:
            for number in numbers:
                entry = all_entries[number]
                if entry.least > length:
                    break  # and so are all behind it
                if (
                    length <= entry.most
                    and ((begins := entry.first) is None or first in begins)
                    and ((ends := entry.last) is None or last in ends)
                ):
                    for words in entry.needed:
                        if words.isdisjoint(read):
                            break
                    else:
                        likely.append(entry)
        return likely


def keys_of(entries: Iterable[Entry], cost: Cost) -> Keys:
    """Under which words to file phrases."""
    by_any: dict[str, list[int]] = {}
    by_first: dict[str, list[int]] = {}
    by_last: dict[str, list[int]] = {}
    for entry in sorted(entries, key=attrgetter("least")):
        ways: list[tuple[float, Iterable[str], dict[str, list[int]]]] = []
        if entry.needed:
            ways.append((sum(map(cost, entry.needed[0])), entry.needed[0], by_any))
        for words, filed in ((entry.first, by_first), (entry.last, by_last)):
            if words is not None:
                ways.append((_AT_END * sum(map(cost, words)), words, filed))
        _, keys, filed = min(ways, key=itemgetter(0), default=(0.0, (_ANY,), by_any))
        for key in keys:
            filed.setdefault(key, []).append(entry.order)
    return _firm(by_any), _firm(by_first), _firm(by_last)


def _firm(filed: dict[str, list[int]]) -> dict[str, tuple[int, ...]]:
    """With tuples of numbers, which the garbage collector need not look into."""
    return {key: tuple(numbers) for key, numbers in filed.items()}
