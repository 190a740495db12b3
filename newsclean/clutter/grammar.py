"""What phrase templates say, as data: sequences of items, with the choices that they share kept once.

An item is a word, a gap ``(least, most)`` of words of any kind, or the number of a choice in the grammar. A choice is
a tuple of sequences, one of which stands there; an empty one says that it may be left out.
"""

from collections.abc import Callable, Sequence, Set
from operator import itemgetter

from newsclean.clutter.words import SYMBOLS

Item = str | int | tuple[int, int]
Items = tuple[Item, ...]
"""A sequence: one item after the other."""

_Branches = tuple[Set[str], dict[str, list[Items]], list[Items], bool]
_SYMBOLS = frozenset(SYMBOLS)
_NOTHING: frozenset[str] = frozenset()


class Grammar:
    """Choices, numbered as they came, and what follows from them: all answers are kept."""

    def __init__(self, choices: list[tuple[Items, ...]] | None = None) -> None:
        self.choices: list[tuple[Items, ...]] = [] if choices is None else choices
        self._numbers: dict[tuple[Items, ...], int] = {}
        self._empty: dict[int, bool] = {}
        self._first: dict[int, frozenset[str] | None] = {}
        self._last: dict[int, frozenset[str] | None] = {}
        self._lengths: dict[int, tuple[int, int]] = {}
        self._signs: dict[int, bool] = {}
        self._sizes: dict[int, int] = {}
        self._keys: dict[int, frozenset[str] | None] = {}
        self._branches: dict[int, _Branches] = {}

    def choice(self, branches: Sequence[Items]) -> Items:
        """One of the branches. Branches that are there twice count once; a single one is itself."""
        different = tuple(dict.fromkeys(branches))
        if len(different) == 1:
            return different[0]
        if len(different) == 2 and different[1] == () and len(different[0]) == 1 and type(different[0][0]) is int:
            # [(a|b)] is (a|b|)
            return self.choice((*self.choices[different[0][0]], ()))
        if different not in self._numbers:
            self._numbers[different] = len(self.choices)
            self.choices.append(different)
        return (self._numbers[different],)

    def adopt(self, items: Items, other: "Grammar") -> Items:
        """A sequence of another grammar as one of this."""
        found: list[Item] = []
        for item in items:
            if isinstance(item, int):
                found += self.choice([self.adopt(branch, other) for branch in other.choices[item]])
            else:
                found.append(item)
        return tuple(found)

    def empty(self, items: Items) -> bool:
        """Whether all of a sequence may be left out."""
        return all(self.leaves_out(item) for item in items)

    def leaves_out(self, item: Item) -> bool:
        """Whether an item may be left out."""
        if isinstance(item, str):
            return False
        if isinstance(item, tuple):
            return item[0] == 0
        if item not in self._empty:
            self._empty[item] = any(self.empty(branch) for branch in self.choices[item])
        return self._empty[item]

    def first(self, items: Items) -> frozenset[str] | None:
        """Words that a sequence can begin with; None where that is any word."""
        return self._ends(items, self._first, 1)

    def last(self, items: Items) -> frozenset[str] | None:
        """Words that a sequence can end with; None where that is any word."""
        return self._ends(items, self._last, -1)

    def _ends(self, items: Items, known: dict[int, frozenset[str] | None], step: int) -> frozenset[str] | None:
        found = _NOTHING
        for item in items[::step]:
            if isinstance(item, tuple):
                return None
            if isinstance(item, str):
                return found | {item} if found else frozenset((item,))
            if item not in known:
                known[item] = self._union([self._ends(branch, known, step) for branch in self.choices[item]])
            words = known[item]
            if words is None:
                return None
            found = found | words if found else words
            if not self.leaves_out(item):
                break
        return found

    @staticmethod
    def _union(ends: Sequence[frozenset[str] | None]) -> frozenset[str] | None:
        known = [words for words in ends if words is not None]
        return None if len(known) < len(ends) else _NOTHING.union(*known)

    def lengths(self, items: Items) -> tuple[int, int]:
        """Fewest and most words of a sequence."""
        least = most = 0
        for item in items:
            low, high = self._length(item)
            least, most = least + low, most + high
        return least, most

    def _length(self, item: Item) -> tuple[int, int]:
        if isinstance(item, str):
            return 1, 1
        if isinstance(item, tuple):
            return item
        if item not in self._lengths:
            all_of = [self.lengths(branch) for branch in self.choices[item]]
            self._lengths[item] = min([low for low, _ in all_of]), max([high for _, high in all_of])
        return self._lengths[item]

    def signs(self, items: Items) -> bool:
        """Whether a sign stands somewhere in it."""
        return any(self._has_sign(item) for item in items)

    def _has_sign(self, item: Item) -> bool:
        if isinstance(item, str):
            return item in _SYMBOLS
        if isinstance(item, tuple):
            return False
        if item not in self._signs:
            self._signs[item] = any(self.signs(branch) for branch in self.choices[item])
        return self._signs[item]

    def needed(self, items: Items, cost: Callable[[str], float]) -> list[frozenset[str]]:
        """Sets of words of each of which every match has one; those whose words cost least together come first."""
        found: list[tuple[float, frozenset[str]]] = []
        for item in items:
            if isinstance(item, str):
                found.append((cost(item), frozenset((item,))))
            elif not isinstance(item, tuple) and not self.leaves_out(item) and (words := self._needed(item, cost)):
                found.append((sum(map(cost, words)), words))
        return [words for _, words in sorted(found, key=itemgetter(0))]

    def _needed(self, choice: int, cost: Callable[[str], float]) -> frozenset[str] | None:
        if choice not in self._keys:
            each = [self.needed(branch, cost) for branch in self.choices[choice]]
            self._keys[choice] = _NOTHING.union(*[found[0] for found in each]) if all(each) else None
        return self._keys[choice]

    def ends(self, items: Items, text: Sequence[str], starts: Set[int]) -> Set[int]:
        """Where in a list of words a sequence can end that begins at one of ``starts``.

        Each item is asked once for all places that were reached so far, of which there is one more than words at most,
        and each branch of a choice once for all places before it. So the work is bounded by that number times
        :meth:`positions`, whatever the text is: linear in its words, and nothing is tried twice.
        """
        length = len(text)
        for item in items:
            if isinstance(item, str):
                starts = {place + 1 for place in starts if place < length and text[place] == item}
            elif isinstance(item, int):
                starts = self._choice_ends(item, text, starts)
            else:
                least, most = item
                starts = {end for place in starts for end in range(place + least, min(place + most, length) + 1)}
            if not starts:
                break
        return starts

    def _choice_ends(self, choice: int, text: Sequence[str], starts: Set[int]) -> Set[int]:
        single, by_first, others, optional = self._branches.get(choice) or self._sorted_branches(choice)
        reached = set(starts) if optional else set()
        for branch in others:
            reached |= self.ends(branch, text, starts)
        length = len(text)
        wanted: dict[Items, set[int]] = {}
        for place in starts:
            if place == length:
                continue
            word = text[place]
            if word in single:
                reached.add(place + 1)
            for branch in by_first.get(word, ()):
                if branch in wanted:
                    wanted[branch].add(place)
                else:
                    wanted[branch] = {place}
        for branch, places in wanted.items():
            reached |= self.ends(branch, text, places)
        return reached

    def _sorted_branches(self, choice: int) -> _Branches:
        """The branches of a choice that are one word; the others by the words that they can begin with; those that can
        begin with any; and whether it may be left out."""
        single: set[str] = set()
        by_first: dict[str, list[Items]] = {}
        others: list[Items] = []
        for branch in self.choices[choice]:
            if len(branch) == 1 and isinstance(branch[0], str):
                single.add(branch[0])
            elif words := self.first(branch):
                for word in words:
                    by_first.setdefault(word, []).append(branch)
            elif branch:
                others.append(branch)
        found = self._branches[choice] = single, by_first, others, self.leaves_out(choice)
        return found

    def mirror(self, items: Items) -> Items:
        """The sequence read from its end."""
        found: list[Item] = []
        for item in reversed(items):
            if isinstance(item, int):
                found += self.choice([self.mirror(branch) for branch in self.choices[item]])
            else:
                found.append(item)
        return tuple(found)

    def positions(self, items: Items) -> int:
        """How many words and places of gaps it has in all its branches: the most work at one place of a text."""
        return sum([self._size(item) for item in items])

    def _size(self, item: Item) -> int:
        if isinstance(item, str):
            return 1
        if isinstance(item, tuple):
            return item[1]
        if item not in self._sizes:
            self._sizes[item] = sum([self.positions(branch) for branch in self.choices[item]])
        return self._sizes[item]

    def widest_gap(self, items: Items) -> int:
        """Most words of any kind in a row; what may be left out parts no gaps. Across brackets it is not added up."""
        widest = row = 0
        for item in items:
            if isinstance(item, tuple):
                row += item[1]
            elif isinstance(item, int):
                widest = max(widest, *[self.widest_gap(branch) for branch in self.choices[item]])
            if not isinstance(item, tuple) and not self.leaves_out(item):
                row = 0
            widest = max(widest, row)
        return widest
