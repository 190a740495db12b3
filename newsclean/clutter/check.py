"""Rules against their own examples: what ``newsclean rules test`` and ``rules lint`` report."""

from collections.abc import Iterator
from dataclasses import dataclass

from newsclean.clutter.attributes import NameIndex, link_hits, name_words
from newsclean.clutter.phrases import PhraseIndex
from newsclean.clutter.rules import Rule, RuleSet
from newsclean.clutter.template import Template
from newsclean.labels import CLUTTER_LABELS

MOST_ANY_WORDS = 40
"""Most words of any kind in a row, over gaps side by side."""
MOST_POSITIONS = 4_000
"""Most words and places of gaps of a phrase, with all its branches and sets written out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something wrong with a rule."""

    rule: str
    file: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}: {self.rule}: {self.message}"


def check_examples(rules: RuleSet) -> Iterator[Finding]:
    """Every ``match`` example must be matched by its rule, every ``no_match`` example be clutter to no rule."""
    index = PhraseIndex(rule for rule in rules.rules if rule.scope == "text")
    for rule in rules.rules:
        for example in rule.match:
            if not _matches(rule, example, index):
                yield Finding(rule=rule.id, file=rule.file, message=f"does not match its example {example!r}")
        for example in rule.no_match:
            for culprit in sorted(_culprits(rule, example, index)):
                yield Finding(rule=culprit, file=rule.file, message=f"matches {example!r}, a no_match of {rule.id}")


def lint(rules: RuleSet) -> Iterator[Finding]:
    """Habits that make rules worse: open-ended phrases, phrases that take long to match, wrong ids.

    Every phrase is matched in time that is linear in the words of a text (see newsclean.clutter.grammar.Grammar.ends);
    how much is done at each word is bounded by the phrase's positions, and those are bounded here.
    """
    for rule in rules.rules:
        for place, templates in rule.templates.items():
            for template in templates:
                for message in _phrase_findings(template):
                    message = f"{place} phrase {template.source!r} {message}"
                    yield Finding(rule=rule.id, file=rule.file, message=message)
        if not rule.why.rstrip().endswith("."):
            yield Finding(rule=rule.id, file=rule.file, message="why is one sentence and ends with a full stop")
        if rule.language != "any" and not rule.id.startswith(f"{rule.language}."):
            message = f"the id begins with the language of its file: {rule.language}."
            yield Finding(rule=rule.id, file=rule.file, message=message)


def _phrase_findings(template: Template) -> Iterator[str]:
    if not template.first and not template.last:
        yield "begins and ends with any word"
    grammar = template.grammar
    positions = grammar.positions(template.items)
    if positions > MOST_POSITIONS:
        yield f"has {positions} words and places of gaps; {MOST_POSITIONS} at most: part it into several phrases"
    gap = grammar.widest_gap(template.items)
    if gap > MOST_ANY_WORDS:
        yield f"has gaps side by side that take {gap} words; {MOST_ANY_WORDS} at most"


def _matches(rule: Rule, example: str, index: PhraseIndex) -> bool:
    if rule.scope == "text":
        kind = rule.kinds[0] if rule.kinds else "paragraph"
        return any(hit.rule.id == rule.id for hit in index.find(example, kind))
    if rule.scope == "attribute":
        return bool(NameIndex((rule,)).find(name_words(example)))
    if rule.scope == "link":
        return bool(link_hits((rule,), example))
    return example in rule.tags


def _culprits(rule: Rule, example: str, index: PhraseIndex) -> set[str]:
    if rule.scope == "text":
        hits = index.find(example)
        return {hit.rule.id for hit in hits if hit.rule.label in CLUTTER_LABELS or hit.rule.id == rule.id}
    return {rule.id} if _matches(rule, example, index) else set()
