"""Which phrases of the text rules stand in a block: an index by first and last word, so that few are tried."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from newsclean.clutter.rules import PLACES, Place, Rule, max_words
from newsclean.clutter.template import Template
from newsclean.clutter.words import Words

_ANY = ""
"""Key of the phrases that can begin (or end) with any word."""
_PROMPT_WORDS = 10
"""Words within which the colon of a prompt stands: ``Read also: …``."""
_SINGLES = 4
"""Words of one character among the first eight from which a text is in a script without spaces."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase of a rule that stands in a text."""

    rule: Rule
    place: Place
    span: tuple[int, int]
    """The characters of the text that it takes."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A phrase in the index."""

    rule: Rule
    template: Template
    limit: int
    """Most words of a block that it is looked for in."""


class PhraseIndex:
    """The phrases of all text rules."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._by_first: dict[Place, dict[str, list[_Entry]]] = {place: defaultdict(list) for place in PLACES}
        self._by_last: dict[Place, dict[str, list[_Entry]]] = {place: defaultdict(list) for place in PLACES}
        self._longest = 0
        for rule in rules:
            for place, templates in rule.templates.items():
                limit = max_words(rule, place)
                self._longest = max(self._longest, 2 * limit)
                for template in templates:
                    entry = _Entry(rule, template, limit)
                    by_last = place == "end" or (place == "whole" and not template.first)
                    index = self._by_last[place] if by_last else self._by_first[place]
                    for key in (template.last if by_last else template.first) or {_ANY}:
                        index[key].append(entry)

    @property
    def longest(self) -> int:
        """Number of words above which no phrase is looked for."""
        return self._longest

    def find(self, text: Words, kind: str = "paragraph") -> Iterator[Hit]:
        """Every phrase that stands in the text, by place: whole, start, end, part."""
        length = len(text)
        if not length or length > self._longest:
            return
        # In a script without spaces a word has about two characters.
        single = sum(1 for start, end in text.spans[:8] if end - start == 1) > _SINGLES
        counted = (length + 1) // 2 if single else length
        plain = text.plain.split(" ")[1:]
        signs = text.signs.split(" ")[1:] if text.signs != text.plain else plain
        present = {*plain, *signs}
        for place in PLACES:
            for entry in self._candidates(place, plain, signs):
                rule, template = entry.rule, entry.template
                if counted > entry.limit or (rule.kinds and kind not in rule.kinds):
                    continue
                if template.least > len(signs) or (place == "whole" and template.most < length):
                    continue
                other = template.first if place == "end" else template.last
                if other and other.isdisjoint(present):
                    continue
                if rule.unended and place in ("start", "whole") and text.ended and ":" not in signs[:_PROMPT_WORDS]:
                    continue
                hit = _try(entry, place, text, plain, signs)
                if hit is not None:
                    yield hit

    def _candidates(self, place: Place, plain: list[str], signs: list[str]) -> Iterator[_Entry]:
        """The phrases that can stand there, by the word that they must begin or end with."""
        by_first, by_last = self._by_first[place], self._by_last[place]
        if place == "part":
            for key in (*sorted({*plain, *signs} & by_first.keys()), _ANY):
                yield from by_first.get(key, ())
            return
        for index, end in ((by_first, 0), (by_last, -1)):
            if index:
                yield from index.get(plain[end], ())
                if signs[end] != plain[end]:
                    yield from index.get(signs[end], ())
                yield from index.get(_ANY, ())


def _try(entry: _Entry, place: Place, text: Words, plain: list[str], signs: list[str]) -> Hit | None:
    template = entry.template
    if template.signs:
        subject, spans, listed = text.signs, text.sign_spans, signs
    else:
        subject, spans, listed = text.plain, text.spans, plain
    if place == "whole":
        if len(listed) > template.most or (template.last and listed[-1] not in template.last):
            return None
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
    return Hit(entry.rule, place, (spans[first][0], spans[last][1]))
