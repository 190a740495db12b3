"""Block[] -> Evidence[]: what the rules say about each block."""

import re
from collections.abc import Collection, Sequence
from functools import cached_property

from newsclean.clutter.attributes import NameIndex, link_hits, names
from newsclean.clutter.phrases import Hit, PhraseIndex
from newsclean.clutter.rules import Rule, RuleSet
from newsclean.clutter.words import words
from newsclean.model import Block, Evidence

_SIGNS = re.compile(r"[|•·\[\]]")
_SENTENCES = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])|[|•·\[\]]")
_LONGEST_ROW = 300
_LABEL_WORDS = 5
"""A row of buttons whose labels are shorter is known by half of them; of sentences each must be known."""
_VERDICT = -5.0
_LINKED_SHARE = 0.5
"""Share of a block's characters in links from which its link targets say what it is."""


class RuleVoice:
    """A rule set, ready to speak about blocks. It keeps nothing about the pages that it has seen."""

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        self._phrases = PhraseIndex(rule for rule in rules.rules if rule.scope == "text")
        self._attributes = NameIndex(rule for rule in rules.rules if rule.scope == "attribute")
        self._links = [rule for rule in rules.rules if rule.scope == "link"]
        self._structure = [rule for rule in rules.rules if rule.scope == "structure"]

    @cached_property
    def naming(self) -> frozenset[str]:
        """Sources of the rules whose phrases name a box."""
        return frozenset(f"rule:{rule.id}" for rule in self.rules.rules if rule.section)

    def phrases(self, text: str, kind: str) -> list[Hit]:
        """The phrases that stand in a text, the longest match of each rule only.

        A text that is a row of phrases (``Print | Share``, or sentence after sentence) has its first phrase's hit over
        the whole text.
        """
        return self._hits(text, kind) or self._row(text, kind)

    def _hits(self, text: str, kind: str) -> list[Hit]:
        best: dict[str, Hit] = {}
        for hit in self._phrases.find(words(text, self._phrases.longest + 1), kind):
            known = best.get(hit.rule.id)
            if known is None or hit.span[1] - hit.span[0] > known.span[1] - known.span[0]:
                best[hit.rule.id] = hit
        return list(best.values())

    def _row(self, text: str, kind: str) -> list[Hit]:
        if len(text) > _LONGEST_ROW:
            return []
        for separator, share in ((_SIGNS, 0.5), (_SENTENCES, 1.0)):
            pieces = [piece for piece in separator.split(text) if piece.strip(" .!?")]
            if len(pieces) < 2 or (share < 1 and any(piece.count(" ") >= _LABEL_WORDS for piece in pieces)):
                continue
            whole = [next((h for h in self._hits(piece, kind) if h.place == "whole"), None) for piece in pieces]
            hits = [hit for hit in whole if hit is not None and hit.rule.weight <= _VERDICT]
            if len(hits) >= share * len(pieces):
                return [Hit(hits[0].rule, "whole", (0, len(text)))]
        return []

    def speak(self, blocks: Sequence[Block], exempt: Collection[int] = ()) -> list[tuple[Evidence, ...]]:
        """For each block what the rules say, the phrases first.

        ``exempt`` are elements (numbers of Block.nodes) whose names say nothing, since the article is in them.
        """
        around: dict[str, tuple[Rule, ...]] = {}
        evidence: list[tuple[Evidence, ...]] = []
        for block in blocks:
            said = [_said(hit.rule, hit.span) for hit in self.phrases(block.text, block.kind)]
            rules: dict[str, Rule] = {}
            for step, node in zip(block.path, block.nodes, strict=True):
                if node in exempt:
                    continue
                if step not in around:
                    around[step] = self._about(step)
                rules.update({rule.id: rule for rule in around[step]})
            if block.hrefs and block.link_chars >= _LINKED_SHARE * len(block.text):
                rules.update({rule.id: rule for href in block.hrefs for rule in link_hits(self._links, href)})
            said.extend(_said(rule) for rule in rules.values() if _about_such(rule, block))
            evidence.append(tuple(said))
        return evidence

    def _about(self, step: str) -> tuple[Rule, ...]:
        """The rules that one element's tag, id and classes call up."""
        tag = step.split("#")[0].split(".")[0]
        found = [rule for rule in self._structure if tag in rule.tags]
        for name in names(step):
            if name and name[0] in self.rules.states:
                continue
            found.extend(self._attributes.find(name))
        return tuple(found)


def _about_such(rule: Rule, block: Block) -> bool:
    """Whether the rule is about blocks of that kind and length."""
    if rule.kinds and block.kind not in rule.kinds:
        return False
    if rule.max_words is None:
        return True
    # eight characters to the word, for scripts without spaces
    return max(block.text.count(" ") + 1, len(block.text) // 8) <= rule.max_words


def _said(rule: Rule, span: tuple[int, int] | None = None) -> Evidence:
    return Evidence(source=f"rule:{rule.id}", label=rule.label, weight=rule.weight, span=span)
