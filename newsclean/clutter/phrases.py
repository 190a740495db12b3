"""Which phrases of the text rules stand in a block."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from newsclean.clutter.filed import Filed, Keys
from newsclean.clutter.filing import Entries, Entry, FiledEntries, Filing, Phrase, keys_of
from newsclean.clutter.grammar import Grammar, Items
from newsclean.clutter.reader import Reader
from newsclean.clutter.rules import PLACES, Place, Rule, max_words
from newsclean.clutter.words import SYMBOLS, ends_sentence, spans

_PROMPT_WORDS = 10
"""Words within which the colon of a prompt stands: ``Read also: …``."""
_SINGLES = 4
"""Words of one character among the first eight from which a text is in a script without spaces."""
_LONGEST_WORD = 16
"""Characters to the word above which a text is surely longer than any phrase's limit of words."""
_SIGNS = frozenset(SYMBOLS)
_PROSE_COST = 20.0
"""What it costs to look for a word that stands once in the examples of prose; a word that never does costs 1."""
_CLUTTER_COST = 2.0
"""The same for a word that stands once in the examples of clutter."""
_SIGN_COST = 500.0
_START = frozenset((0,))
_ORDER = attrgetter("order")


@dataclass(slots=True)
class Hit:
    """A phrase of a rule that stands in a text."""

    rule: Rule
    place: Place
    span: tuple[int, int]
    """The characters of the text that it takes."""


class PhraseIndex:
    """The phrases of all text rules."""

    def __init__(self, rules: Iterable[Rule], filed: Filed | None = None) -> None:
        """``filed``: what :meth:`filed` of an index of the same rules gave."""
        self._rules = tuple(rule for rule in rules if rule.templates)
        self._longest = 2 * max((max_words(rule, place) for rule in self._rules for place in rule.templates), default=0)
        self._reader = Reader()
        grammars = [template.grammar for rule in self._rules for of in rule.templates.values() for template in of]
        self.grammar = grammars[0] if grammars else Grammar()
        phrases = [
            (rule, place, of) for place in PLACES for rule in self._rules for of in rule.templates.get(place, ())
        ]
        if filed is None:
            entries, self._keys = self._file(phrases)
            self._entries = Entries(entries)
        else:
            self._entries = FiledEntries(phrases, self.grammar, filed)
            self._keys = filed.without, filed.signed
        self._without, self._signed = (Filing(self._entries, keys) for keys in self._keys)

    def _file(self, phrases: Iterable[Phrase]) -> tuple[list[Entry], tuple[Keys, Keys]]:
        cost, grammar = _costs(self._rules, self._reader), self.grammar
        entries = [Entry.of(order, phrase, grammar, cost) for order, phrase in enumerate(phrases)]
        # What asks for a sign without fail cannot stand in a text without any.
        unsigned = [
            entry for entry in entries if not any(words <= _SIGNS for words in grammar.needed(entry.items, cost))
        ]
        return entries, (keys_of(unsigned, cost), keys_of([entry for entry in entries if entry.signs], cost))

    def filed(self) -> Filed:
        """How the phrases are filed: makes another index of the same rules quickly."""
        sets: dict[frozenset[str], int] = {}
        phrases = [self._entries[number].filed(sets) for number in range(len(self._entries))]
        words = {word: number for number, word in enumerate(sorted(frozenset().union(*sets)))}
        numbers = [tuple(sorted([words[word] for word in each])) for each in sets]
        return Filed(phrases, list(words), numbers, *self._keys)

    @property
    def longest(self) -> int:
        """Number of words above which no phrase is looked for."""
        return self._longest

    def find(self, text: str, kind: str = "paragraph") -> list[Hit]:
        """Every phrase that stands in the text, the longest match of each: by place (whole, start, end, part), then as
        the rules come."""
        if len(text) > self._longest * _LONGEST_WORD:
            return []
        signs = self._reader.read(text)
        if not signs:
            return []
        if _SIGNS.isdisjoint(signs):
            plain = signs
            tried = [(entry, plain) for entry in self._without.likely(plain)]
        else:
            plain = [word for word in signs if word not in _SIGNS]
            if not plain:
                return []
            tried = [(entry, plain) for entry in self._without.likely(plain) if not entry.signs]
            tried += [(entry, signs) for entry in self._signed.likely(signs)]
        if not tried or len(plain) > self._longest:
            return []
        found: dict[Entry, tuple[int, int, bool]] = {}
        for entry, read in tried:
            if entry not in found and (match := self._match(entry, read)):
                found[entry] = (*match, read is signs)
        return _hits(found, text, kind, plain, signs) if found else []

    def _match(self, entry: Entry, read: Sequence[str]) -> tuple[int, int] | None:
        """The first word of the longest match and the one behind its last; None for none."""
        length = len(read)
        place = entry.place
        if place == "whole":
            return (0, length) if length in self.grammar.ends(entry.items, read, _START) else None
        if place == "part":
            return self._match_part(entry.items, read)
        if place == "end":
            ends = self.grammar.ends(entry.items, read[::-1], _START)
            return (length - max(ends), length) if ends else None
        ends = self.grammar.ends(entry.items, read, _START)
        return (0, max(ends)) if ends else None

    def _match_part(self, items: Items, read: Sequence[str]) -> tuple[int, int] | None:
        first = self.grammar.first(items)
        starts = [place for place, word in enumerate(read) if first is None or word in first]
        ends = self.grammar.ends(items, read, set(starts))
        if not ends:
            return None
        # The first place from which it stands there is halved for: what stands from some places stands from more.
        at = bisect_left(
            range(len(starts)), True, key=lambda k: bool(self.grammar.ends(items, read, set(starts[: k + 1])))
        )
        return starts[at], max(self.grammar.ends(items, read, {starts[at]}))


def _hits(
    found: dict[Entry, tuple[int, int, bool]], text: str, kind: str, plain: Sequence[str], signs: Sequence[str]
) -> list[Hit]:
    """The matches whose rules are about such a block."""
    length = len(plain)
    places: dict[bool, list[tuple[int, int]]] = {}
    hits = []
    for entry in sorted(found, key=_ORDER) if len(found) > 1 else found:
        rule = entry.rule
        if length > entry.limit and (length > 2 * entry.limit or (_counted(text) > entry.limit)):
            continue
        if rule.kinds and kind not in rule.kinds:
            continue
        at_start = entry.place in ("start", "whole")
        if rule.unended and at_start and ":" not in signs[:_PROMPT_WORDS] and ends_sentence(text):
            continue
        first, behind, with_signs = found[entry]
        if with_signs not in places:
            places[with_signs] = spans(text, with_signs)
        known = places[with_signs]
        hits.append(Hit(rule, entry.place, (known[first][0], known[behind - 1][1])))
    return hits


def _counted(text: str) -> int:
    """Words of a text; in a script without spaces two characters are a word."""
    found = spans(text, signs=False)
    single = sum(1 for start, end in found[:8] if end - start == 1) > _SINGLES
    return (len(found) + 1) // 2 if single else len(found)


def _costs(rules: Sequence[Rule], reader: Reader) -> Callable[[str], float]:
    """How much it costs to file a phrase under a word: how often texts that do not have the phrase have the word."""
    prose = Counter(word for rule in rules for text in rule.no_match for word in reader.read(text))
    clutter = Counter(word for rule in rules for text in rule.match for word in reader.read(text))

    def cost(word: str) -> float:
        return 1.0 + _PROSE_COST * prose[word] + _CLUTTER_COST * clutter[word] + _SIGN_COST * (word in _SIGNS)

    return cost
