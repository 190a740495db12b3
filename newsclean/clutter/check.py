"""Rules against their own examples: what ``newsclean rules test`` and ``rules lint`` report."""

from collections.abc import Iterator
from dataclasses import dataclass

from newsclean.clutter.attributes import NameIndex, link_hits, name_words
from newsclean.clutter.phrases import PhraseIndex
from newsclean.clutter.rules import Rule, RuleSet
from newsclean.clutter.words import words
from newsclean.model import CLUTTER_LABELS


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
    """Habits that make rules worse: a phrase without an example, an example that several rules share."""
    for rule in rules.rules:
        if rule.scope == "text":
            for place, templates in rule.templates.items():
                for template in templates:
                    if not template.first and not template.last:
                        message = f"{place} phrase {template.source!r} begins and ends with any word"
                        yield Finding(rule=rule.id, file=rule.file, message=message)
        if not rule.why.rstrip().endswith("."):
            yield Finding(rule=rule.id, file=rule.file, message="why is one sentence and ends with a full stop")
        if rule.language != "any" and not rule.id.startswith(f"{rule.language}."):
            message = f"the id begins with the language of its file: {rule.language}."
            yield Finding(rule=rule.id, file=rule.file, message=message)


def _matches(rule: Rule, example: str, index: PhraseIndex) -> bool:
    if rule.scope == "text":
        kind = rule.kinds[0] if rule.kinds else "paragraph"
        return any(hit.rule.id == rule.id for hit in index.find(words(example), kind))
    if rule.scope == "attribute":
        return bool(NameIndex((rule,)).find(name_words(example)))
    if rule.scope == "link":
        return bool(link_hits((rule,), example))
    return example in rule.tags


def _culprits(rule: Rule, example: str, index: PhraseIndex) -> set[str]:
    if rule.scope == "text":
        hits = index.find(words(example), "paragraph")
        return {hit.rule.id for hit in hits if hit.rule.label in CLUTTER_LABELS or hit.rule.id == rule.id}
    return {rule.id} if _matches(rule, example, index) else set()
