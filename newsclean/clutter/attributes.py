"""Rules about what lies around a block: class names, ids, link targets."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate

from newsclean.clutter.rules import Rule

_BETWEEN = "\n"
"""Stands in no part of a URL."""
_NAME = re.compile(r"[#.]([^#.]+)")
_SIGNED = re.compile(r"[#.][^#.]+")
_HEADING = re.compile(r"h[1-6]\b")
SLUG_WORDS = 5
"""An id of as many words is made from a heading's text and says nothing about what the element is for."""
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)|[^A-Za-z0-9]+")
_LOWER_WORDS = re.compile(r"[a-z]+|\d+[a-z]*")
"""The same words, where there are no capital letters."""
_LONGEST_KEPT = 64
"""Characters of a name about which the answers are kept."""
_MOST_KEPT = 20_000


def name_words(name: str) -> tuple[str, ...]:
    """The words of one class name or id: ``tie-related-posts`` and ``tieRelatedPosts`` have the same."""
    return _known_words(name) if len(name) <= _LONGEST_KEPT else _words(name)


def _words(name: str) -> tuple[str, ...]:
    if name.islower():
        return tuple(_LOWER_WORDS.findall(name))
    return tuple([part.lower() for part in _CAMEL.split(name) if part])


_known_words = lru_cache(maxsize=_MOST_KEPT)(_words)


def names(step: str) -> tuple[tuple[str, ...], ...]:
    """The words of the id and of each class of one step of a block's path."""
    found = []
    for sign in _NAME.finditer(step):
        parts = name_words(sign[1])
        if sign[0][0] == "#" and (_HEADING.match(step) or len(parts) >= SLUG_WORDS):
            continue
        found.append(parts)
    return tuple(found)


class NameIndex:
    """The attribute rules, by the first word of their token runs.

    Which rules a name calls up is kept, up to a bound.
    """

    def __init__(self, rules: Iterable[Rule], states: frozenset[str] = frozenset()) -> None:
        """``states``: first words of names that say nothing of what is inside."""
        self._states = states
        self._runs: dict[str, list[tuple[tuple[str, ...], Rule]]] = defaultdict(list)
        for rule in rules:
            for run in rule.tokens:
                self._runs[run[0]].append((run, rule))
        self._beginnings = frozenset(self._runs)
        self._known: dict[str, Sequence[Rule]] = {}

    def about(self, step: str) -> list[Rule]:
        """The rules that the id and the classes of one step of a path call up; some come twice."""
        heading = step[:1] == "h" and _HEADING.match(step) is not None
        found: list[Rule] = []
        for name in _SIGNED.findall(step):
            rules = self._known.get(name)
            if rules is None:
                rules = self._of(name)
            if rules and not (heading and name[0] == "#"):
                found += rules
        return found

    def _of(self, signed: str) -> Sequence[Rule]:
        name = name_words(signed[1:])
        rules: Sequence[Rule] = ()
        slug = signed[0] == "#" and len(name) >= SLUG_WORDS
        if not slug and not self._beginnings.isdisjoint(name) and name[0] not in self._states:
            rules = self.find(name)
        if len(signed) <= _LONGEST_KEPT:
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            self._known[signed] = rules
        return rules

    def find(self, name: tuple[str, ...]) -> list[Rule]:
        """The rules one of whose token runs stands in the name."""
        found: dict[str, Rule] = {}
        for place, word in enumerate(name):
            for run, rule in self._runs.get(word, ()):
                if name[place : place + len(run)] == run:
                    found[rule.id] = rule
        return list(found.values())


class LinkIndex:
    """The link rules, for all link targets of a page at once."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = [(number, rule, part) for number, rule in enumerate(rules) for part in rule.urls]

    def find_all(self, targets: Sequence[tuple[int, str]]) -> dict[int, list[Rule]]:
        """For link targets with a number each: the rules one of whose URL parts stands in one, by that number.

        The targets of a number stand one after the other.
        """
        lower = [url.lower() for _, url in targets]
        text = _BETWEEN.join(lower)
        hits: set[tuple[int, int]] = set()
        starts: list[int] = []
        for number, _, part in self._rules:
            place = text.find(part)
            while place >= 0:
                if not starts:
                    starts = list(accumulate((len(url) + 1 for url in lower), initial=0))
                hits.add((bisect_right(starts, place) - 1, number))
                place = text.find(part, place + 1)
        by_number = {number: rule for number, rule, _ in self._rules}
        found: dict[int, list[Rule]] = {}
        for target, number in sorted(hits):
            rules = found.setdefault(targets[target][0], [])
            if by_number[number] not in rules:
                rules.append(by_number[number])
        return found


def link_hits(rules: Iterable[Rule], url: str) -> list[Rule]:
    """The rules one of whose URL parts stands in the link target."""
    lower = url.lower()
    return [rule for rule in rules if any(part in lower for part in rule.urls)]
