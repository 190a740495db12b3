"""Entries of menus and of a page's foot: known by their element, so that nothing needs to be weighed for them."""

from collections.abc import Sequence

from newsclean.clutter.evidence import RuleVoice
from newsclean.clutter.phrases import Hit
from newsclean.labels import CLUTTER_LABELS
from newsclean.model import Block, Decision, Evidence, Verdict

_LINKED = 0.5
_SHORT = 60
"""Characters of an entry; what is longer and no link may be text that a theme put into the wrong element."""
_MENU = Evidence(source="structure:menu", label="navigation", weight=-10.0)


def is_entry(block: Block) -> bool:
    """Whether a block is a link or a few words inside of a nav or footer element."""
    return block.menu and not block.mark and (len(block.text) < _SHORT or block.link_chars >= _LINKED * len(block.text))


def judge_entries(blocks: Sequence[Block], rules: RuleVoice) -> dict[int, Verdict]:
    """The verdicts on the entries among blocks, by their place."""
    return {place: _verdict(block, rules) for place, block in enumerate(blocks) if is_entry(block)}


def _verdict(block: Block, rules: RuleVoice) -> Verdict:
    label = "navigation"
    evidence: tuple[Evidence, ...] = (_MENU,)
    if not block.link_chars and (hits := rules.phrases(block.text, block.kind)):
        strongest = min(hits, key=lambda hit: hit.rule.weight).rule
        label = strongest.label
        evidence = (*map(_said, hits), _MENU)
    decision: Decision = "drop" if label in CLUTTER_LABELS else "aside"
    return Verdict(block=block.index, decision=decision, label=label, confidence=1.0, evidence=evidence)


def _said(hit: Hit) -> Evidence:
    return Evidence(source=f"rule:{hit.rule.id}", label=hit.rule.label, weight=hit.rule.weight, span=hit.span)
