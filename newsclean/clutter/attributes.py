"""Rules about what lies around a block: class names, ids, link targets."""

import re
from collections import defaultdict
from collections.abc import Iterable

from newsclean.clutter.rules import Rule

_NAME = re.compile(r"[#.]([^#.]+)")
_HEADING = re.compile(r"h[1-6]\b")
_SLUG_WORDS = 5
"""An id of as many words is made from a heading's text and says nothing about what the element is for."""
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)|[^A-Za-z0-9]+")


def name_words(name: str) -> tuple[str, ...]:
    """The words of one class name or id: ``tie-related-posts`` and ``tieRelatedPosts`` have the same."""
    return tuple(part.lower() for part in _CAMEL.split(name) if part)


def names(step: str) -> tuple[tuple[str, ...], ...]:
    """The words of the id and of each class of one step of a block's path."""
    found = []
    for sign in _NAME.finditer(step):
        parts = name_words(sign[1])
        if sign[0][0] == "#" and (_HEADING.match(step) or len(parts) >= _SLUG_WORDS):
            continue
        found.append(parts)
    return tuple(found)


class NameIndex:
    """The attribute rules, by the first word of their token runs."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._runs: dict[str, list[tuple[tuple[str, ...], Rule]]] = defaultdict(list)
        for rule in rules:
            for run in rule.tokens:
                self._runs[run[0]].append((run, rule))

    def find(self, name: tuple[str, ...]) -> list[Rule]:
        """The rules one of whose token runs stands in the name."""
        found: dict[str, Rule] = {}
        for place, word in enumerate(name):
            for run, rule in self._runs.get(word, ()):
                if name[place : place + len(run)] == run:
                    found[rule.id] = rule
        return list(found.values())


def link_hits(rules: Iterable[Rule], url: str) -> list[Rule]:
    """The rules one of whose URL parts stands in the link target."""
    lower = url.lower()
    return [rule for rule in rules if any(part in lower for part in rule.urls)]
