"""Which phrases of the text rules stand in a block: an index by first and last word, so that few are tried."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from newsclean.clutter.rules import PLACES, Place, Rule, max_words
from newsclean.clutter.template import Template
from newsclean.clutter.words import Words

_ANY = ""
"""Key of the phrases that can begin (or end) with any word."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase of a rule that stands in a text."""

    rule: Rule
    place: Place
    span: tuple[int, int]
    """The characters of the text that it takes."""


class PhraseIndex:
    """The phrases of all text rules."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._by_place: dict[Place, dict[str, list[tuple[Rule, Template]]]] = {p: defaultdict(list) for p in PLACES}
        self._longest = 0
        for rule in rules:
            for place, templates in rule.templates.items():
                self._longest = max(self._longest, max_words(rule, place))
                for template in templates:
                    keys = template.last if place == "end" else template.first
                    for key in keys or {_ANY}:
                        self._by_place[place][key].append((rule, template))

    @property
    def longest(self) -> int:
        """Number of words above which no phrase is looked for."""
        return self._longest

    def find(self, text: Words, kind: str = "paragraph") -> Iterator[Hit]:
        """Every phrase that stands in the text, by place: whole, start, end, part."""
        if not text.spans or len(text) > self._longest:
            return
        plain = text.plain.split(" ")[1:]
        for place in PLACES:
            index = self._by_place[place]
            if not index:
                continue
            if place == "part":
                yield from self._inside(text, plain, kind)
                continue
            for rule, template in _candidates(index, plain, text.signs, -1 if place == "end" else 0):
                if _fits(rule, place, text, kind) and (hit := _try(rule, template, place, text)):
                    yield hit

    def _inside(self, text: Words, plain: list[str], kind: str) -> Iterator[Hit]:
        index = self._by_place["part"]
        for word in [*sorted({*plain, *text.signs.split(" ")[1:]} & index.keys()), _ANY]:
            for rule, template in index.get(word, ()):
                if _fits(rule, "part", text, kind) and (hit := _try(rule, template, "part", text)):
                    yield hit


def _candidates(
    index: dict[str, list[tuple[Rule, Template]]], plain: list[str], signs: str, end: int
) -> Iterator[tuple[Rule, Template]]:
    yield from index.get(plain[end], ())
    sign = signs.split(" ")[1:][end]
    if sign != plain[end]:
        yield from index.get(sign, ())
    yield from index.get(_ANY, ())


def _fits(rule: Rule, place: Place, text: Words, kind: str) -> bool:
    # A script without spaces has about two characters to the word.
    single = sum(1 for start, end in text.spans[:8] if end - start == 1) > 4
    limit = max_words(rule, place) * (2 if single else 1)
    return len(text) <= limit and (not rule.kinds or kind in rule.kinds)


def _try(rule: Rule, template: Template, place: Place, text: Words) -> Hit | None:
    subject, spans = (text.signs, text.sign_spans) if template.signs else (text.plain, text.spans)
    if place == "whole":
        found = template.whole.match(subject)
    elif place == "start":
        found = template.start.match(subject)
    elif place == "end":
        found = template.end.search(subject)
    else:
        found = template.start.search(subject)
    if found is None:
        return None
    first = subject.count(" ", 0, found.start() + 1) - 1
    last = subject.count(" ", 0, found.end()) - 1
    return Hit(rule, place, (spans[first][0], spans[last][1]))
