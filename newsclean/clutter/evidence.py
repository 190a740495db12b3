"""Block[] -> Evidence[]: what the rules say about each block."""

import re
from collections.abc import Callable, Collection, Sequence
from functools import cached_property

from newsclean.clutter.attributes import LinkIndex, NameIndex
from newsclean.clutter.phrases import Hit, PhraseIndex
from newsclean.clutter.rules import Rule, RuleSet
from newsclean.clutter.sites import SiteRules
from newsclean.clutter.words import is_short
from newsclean.model import Block, Evidence

_SIGNS = re.compile(r"[|•·\[\]]")
_SENTENCES = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])|[|•·\[\]]")
_TAG = re.compile("[^#.]*")
_ROW = re.compile(r"[.!?。！？|•·\[\]]")
"""No text without one of these is a row."""
_LONGEST_ROW = 300
_LABEL_WORDS = 5
"""A row of buttons whose labels are shorter is known by half of them; of sentences each must be known."""
_SENTENCE_WORDS = 24
"""A longer sentence is prose: texts with one are no row."""
_VERDICT = -5.0
_LINKED_SHARE = 0.5
"""Share of a block's characters in links from which its link targets say what it is."""
_EVERYWHERE = ("any", "en")
_SAME_LANGUAGE = {"nb": "no", "nn": "no", "ms": "id", "in": "id", "iw": "he", "bs": "hr", "sr": "hr"}
"""Codes of languages whose phrases stand in the file of another code."""
_UNKNOWN_LANGUAGES = frozenset(("und", "mul", "mis", "zxx"))
_FOREIGN = 0.5
"""Share of a phrase's weight that it has in another language."""
_MOST_KEPT = 20_000
"""Texts, and steps of paths, for which the answer is kept; then all are forgotten."""
_LONGEST_KEPT = 200
"""Characters of a text or a step that may come again."""
_NO_HITS: tuple[Hit, ...] = ()
_NO_EVIDENCE: tuple[Evidence, ...] = ()
_NO_RULES: tuple[Rule, ...] = ()
_Heard = tuple[tuple[Hit, ...], tuple[Evidence, ...]]
_NOTHING: _Heard = ((), ())


class RuleVoice:
    """A rule set, ready to speak about blocks.

    What it keeps between calls follows from the rules and the text that it is asked about, and is bounded: the answers
    do not depend on what was asked before.
    """

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        self._phrases = PhraseIndex(rules.rules, rules.filed)
        self._attributes = NameIndex((rule for rule in rules.rules if rule.scope == "attribute"), rules.states)
        self._links = LinkIndex(rule for rule in rules.rules if rule.scope == "link")
        self._by_tag: dict[str, list[Rule]] = {}
        for rule in rules.rules:
            for tag in rule.tags if rule.scope == "structure" else ():
                self._by_tag.setdefault(tag, []).append(rule)
        self._whole = {rule.id: _said(rule) for rule in rules.rules}
        self._known: dict[tuple[str, str], _Heard] = {}
        self._steps: dict[str, tuple[Rule, ...]] = {}

    @cached_property
    def sites(self) -> SiteRules:
        """The rules for single sites, by host; empty where the user has none."""
        return SiteRules(self.rules.sites)

    @cached_property
    def naming(self) -> frozenset[str]:
        """Sources of the rules whose phrases name a box."""
        return frozenset(f"rule:{rule.id}" for rule in self.rules.rules if rule.section)

    def phrases(self, text: str, kind: str) -> Sequence[Hit]:
        """The phrases that stand in a text, the longest match of each rule only.

        A text that is a row of phrases (``Print | Share``, or sentence after sentence) has its first phrase's hit over
        the whole text.
        """
        return self._heard(text, kind)[0]

    def _heard(self, text: str, kind: str) -> _Heard:
        """The phrases that stand in a text, and what they say."""
        key = (text, kind)
        heard = self._known.get(key)
        if heard is None:
            hits = self._hits(text, kind) or self._row(text, kind)
            heard = (hits, tuple([self._said(hit) for hit in hits])) if hits else _NOTHING
            if len(text) <= _LONGEST_KEPT:
                if len(self._known) >= _MOST_KEPT:
                    self._known.clear()
                self._known[key] = heard
        return heard

    def _said(self, hit: Hit) -> Evidence:
        whole = self._whole[hit.rule.id]
        return Evidence(source=whole.source, label=whole.label, weight=whole.weight, span=hit.span)

    def _hits(self, text: str, kind: str) -> tuple[Hit, ...]:
        found = self._phrases.find(text, kind)
        if len(found) < 2:
            return tuple(found)
        best: dict[str, Hit] = {}
        for hit in found:
            known = best.get(hit.rule.id)
            if known is None or hit.span[1] - hit.span[0] > known.span[1] - known.span[0]:
                best[hit.rule.id] = hit
        return tuple(best.values())

    def _row(self, text: str, kind: str) -> tuple[Hit, ...]:
        if len(text) > _LONGEST_ROW or _ROW.search(text) is None:
            return _NO_HITS
        for separator, share in ((_SIGNS, 0.5), (_SENTENCES, 1.0)):
            pieces = [piece for piece in separator.split(text) if piece.strip(" .!?")]
            most = _LABEL_WORDS if share < 1 else _SENTENCE_WORDS
            if len(pieces) < 2 or any(piece.count(" ") >= most for piece in pieces):
                continue
            hits: list[Hit] = []
            missing = 0
            for piece in pieces:
                whole = next((hit for hit in self._hits(piece, kind) if hit.place == "whole"), None)
                if whole is not None and whole.rule.weight <= _VERDICT:
                    hits.append(whole)
                    continue
                missing += 1
                if missing > (1 - share) * len(pieces):
                    break
            else:
                return (Hit(hits[0].rule, "whole", (0, len(text))),)
        return _NO_HITS

    def speak(
        self,
        blocks: Sequence[Block],
        exempt: Collection[int] = (),
        only: Collection[int] | None = None,
        language: str | None = None,
    ) -> list[tuple[Evidence, ...]]:
        """For each block what the rules say, the phrases first.

        ``exempt``: elements (numbers of Block.nodes) whose names say nothing, since the article is in them.
        ``only``: indexes of the blocks whose texts are looked at for phrases; None for all.
        ``language``: the page's, as BCP 47. A phrase of one word says half as much in another language, where it may
        be a word for something else; English says what it says everywhere, since pages of all languages carry its
        widgets. None for an unknown one: then all say what they say.
        """
        own = _languages(language)
        around = _Around(self._about, exempt)
        linked = self._links.find_all(_link_targets(blocks))
        known: dict[tuple[tuple[Rule, ...], str, int], tuple[Evidence, ...]] = {}
        evidence: list[tuple[Evidence, ...]] = []
        for place, block in enumerate(blocks):
            text, kind = block.text, block.kind
            rules = around.of(block)
            if place in linked:
                rules = tuple(dict.fromkeys((*rules, *linked[place])))
            box = _NO_EVIDENCE
            if rules:
                # eight characters to the word, for scripts without spaces
                size = max(text.count(" ") + 1, len(text) // 8)
                box_of = known.get((rules, kind, size))
                if box_of is None:
                    box_of = known[rules, kind, size] = self._box(rules, kind, size)
                box = box_of
            said = _NO_EVIDENCE
            if only is None or block.index in only:
                hits, said = self._heard(text, kind)
                if hits and own:
                    said = tuple(_in_language(hit, voice, text, own) for hit, voice in zip(hits, said, strict=True))
            evidence.append(said + box if said and box else said or box)
        return evidence

    def _box(self, rules: Sequence[Rule], kind: str, size: int) -> tuple[Evidence, ...]:
        """What the rules about a block's surroundings say of a block of that kind with so many words."""
        return tuple(
            [
                self._whole[rule.id]
                for rule in rules
                if (not rule.kinds or kind in rule.kinds) and (rule.max_words is None or size <= rule.max_words)
            ]
        )

    def _about(self, step: str) -> tuple[Rule, ...]:
        """The rules that one element's tag, id and classes call up."""
        known = self._steps.get(step)
        if known is not None:
            return known
        found = list(self._by_tag.get(_TAG.match(step)[0], ()))  # type: ignore[index]  # it matches everything
        found += self._attributes.about(step)
        rules = tuple(found)
        if len(step) <= _LONGEST_KEPT:
            if len(self._steps) >= _MOST_KEPT:
                self._steps.clear()
            self._steps[step] = rules
        return rules


class _Around:
    """The rules that the elements around the blocks of one page call up, from the outermost element inward."""

    def __init__(self, about: Callable[[str], tuple[Rule, ...]], exempt: Collection[int]) -> None:
        self._about = about
        self._exempt = exempt
        self._known: dict[int, tuple[Rule, ...]] = {}

    def of(self, block: Block) -> tuple[Rule, ...]:
        """The rules of a block's own element and of those around it, each once."""
        nodes = block.nodes
        if not nodes:
            return _NO_RULES
        rules = self._known.get(nodes[-1])
        if rules is not None:
            return rules
        depth = len(nodes) - 1
        while depth and nodes[depth - 1] not in self._known:
            depth -= 1
        rules = self._known[nodes[depth - 1]] if depth else _NO_RULES
        for node, step in zip(nodes[depth:], block.path[depth:], strict=True):
            if node not in self._exempt:
                own = self._about(step)
                if own:
                    rules = tuple(dict.fromkeys((*rules, *own))) if rules else tuple(dict.fromkeys(own))
            self._known[node] = rules
        return rules


def _languages(language: str | None) -> frozenset[str]:
    """The languages of rules that count in full on a page of a language; empty for all."""
    name = (language or "").replace("_", "-").partition("-")[0].lower()
    if not name or name in _UNKNOWN_LANGUAGES:
        return frozenset()
    return frozenset((_SAME_LANGUAGE.get(name, name), *_EVERYWHERE))


def _in_language(hit: Hit, said: Evidence, text: str, own: frozenset[str]) -> Evidence:
    """What a hit says on a page of these languages."""
    if hit.rule.language in own or not is_short(text[slice(*hit.span)].strip()):
        return said
    return Evidence(source=said.source, label=said.label, weight=_FOREIGN * said.weight, span=said.span)


def _link_targets(blocks: Sequence[Block]) -> list[tuple[int, str]]:
    """The link targets of blocks that are mostly links, with the block's place."""
    return [
        (place, href)
        for place, block in enumerate(blocks)
        if block.hrefs and block.link_chars >= _LINKED_SHARE * len(block.text)
        for href in block.hrefs
    ]


def _said(rule: Rule, span: tuple[int, int] | None = None) -> Evidence:
    return Evidence(source=f"rule:{rule.id}", label=rule.label, weight=rule.weight, span=span)
