"""Block[] + Evidence[] -> Verdict[]: the voices are weighed, then each block is seen among its neighbours."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from newsclean.body.features import Seen
from newsclean.body.match import Reference, key
from newsclean.body.voices import Hints
from newsclean.model import CLUTTER_LABELS, Decision, Evidence, Verdict

_VERDICT = -9.0
"""Weight from which one voice alone decides against a block."""
_ASIDE = frozenset({"caption", "byline", "dateline", "correction", "headline"})
"""Content labels that are no body text: set aside by the voice that gives them."""
_SURE = 6.0
"""Sum of weights that counts as full confidence."""
_NEAR = 40
"""A headline or standfirst stands within that many blocks of the body's first one."""


@dataclass(slots=True)
class _Draft:
    """A block's verdict in the making."""

    seen: Seen
    evidence: list[Evidence]
    score: float = 0.0
    decision: Decision = "drop"
    label: str = "navigation"
    fixed: bool = field(default=False)
    """Whether a rule's verdict settled it, so that neighbours do not count."""


def judge(seen: Sequence[Seen], evidence: Sequence[Sequence[Evidence]], hints: Hints) -> list[Verdict]:
    """One verdict a block. ``evidence``: all voices on each block."""
    drafts = [_weighed(item, list(voices)) for item, voices in zip(seen, evidence, strict=True)]
    _set_headline_aside(drafts, hints)
    _neighbours(drafts)
    _duplicates(drafts)
    _sections(drafts)
    _bare_headings(drafts)
    _standfirst(drafts, hints)
    return [_verdict(draft) for draft in drafts]


def judge_by_reference(seen: Sequence[Seen], lines: Sequence[str]) -> list[Verdict]:
    """One verdict a block, by the reference engine's word alone."""
    reference = Reference(lines)
    verdicts = []
    for item in seen:
        kept = reference.holds(item.key)
        voice = Evidence(source="engine:trafilatura", label="paragraph", weight=1.0 if kept else -1.0)
        verdicts.append(
            Verdict(
                block=item.block.index,
                decision="keep" if kept else "drop",
                label=_content_label(item) if kept else "navigation",
                confidence=1.0,
                evidence=(voice,),
            )
        )
    return verdicts


def _weighed(item: Seen, evidence: list[Evidence]) -> _Draft:
    draft = _Draft(item, evidence)
    by_label: dict[str, float] = {}
    total = 0.0
    for voice in evidence:
        if voice.weight < 0 and voice.source.startswith("rule:"):
            # Several rules with one label are one observation: the strongest speaks.
            by_label[voice.label] = min(by_label.get(voice.label, 0.0), voice.weight)
        else:
            total += voice.weight
    # Boxes in boxes say the same again and again: the strongest counts in full, the others by a quarter.
    weights = sorted(by_label.values())
    draft.score = total + sum(weights[:1]) + 0.25 * sum(weights[1:])
    against = [voice for voice in evidence if voice.weight < 0 and voice.label not in ("paragraph",)]
    strongest = min(against, key=lambda voice: voice.weight, default=None)
    if strongest is not None and strongest.weight <= _VERDICT:
        draft.fixed = True
        draft.score = min(draft.score, strongest.weight / 2)
    if draft.score > 0:
        draft.decision = "keep"
        draft.label = _content_label(item)
    elif strongest is not None:
        draft.label = strongest.label
        draft.decision = "aside" if strongest.label in _ASIDE else "drop"
    else:
        draft.label = "navigation"
    return draft


def _content_label(item: Seen) -> str:
    kinds = {"heading": "subheading", "item": "item", "quote": "quote", "caption": "caption", "cell": "table"}
    return kinds.get(item.block.kind, "paragraph")


def _set_headline_aside(drafts: Sequence[_Draft], hints: Hints) -> None:
    wanted = {k for k in map(key, hints.headlines) if k}
    for draft in drafts:
        heading = draft.seen.block.level == 1
        if draft.seen.key in wanted or (heading and draft.decision == "keep" and draft.seen.block.index < _NEAR):
            _settle(draft, "aside", "headline", Evidence(source="metadata:headline", label="headline", weight=-10.0))


def _settle(draft: _Draft, decision: Decision, label: str, evidence: Evidence) -> None:
    draft.decision, draft.label, draft.fixed = decision, label, True
    draft.evidence.append(evidence)


def _neighbours(drafts: Sequence[_Draft]) -> None:
    """A block between two kept ones of the same element is kept with them, unless it was refused for cause."""
    kept = [position for position, draft in enumerate(drafts) if draft.decision == "keep"]
    for before, after in pairwise(kept):
        if not 2 <= after - before <= 6:
            continue
        first, last = drafts[before].seen.block, drafts[after].seen.block
        if first.nodes[:-1] != last.nodes[:-1]:
            continue
        for draft in drafts[before + 1 : after]:
            block = draft.seen.block
            lifted = draft.seen.prose or draft.seen.sentence or block.kind == "heading"
            refused = draft.fixed or any(v.weight <= -2.5 and v.source.startswith("rule:") for v in draft.evidence)
            if block.nodes[:-1] == first.nodes[:-1] and lifted and not refused and draft.seen.linked < 0.6:
                draft.evidence.append(Evidence(source="structure:neighbours", label="paragraph", weight=4.0))
                draft.decision, draft.label = "keep", _content_label(draft.seen)


def _duplicates(drafts: Sequence[_Draft]) -> None:
    """Text that the page holds twice (a copy for phones, a pull quote) is kept once."""
    known: set[str] = set()
    for draft in drafts:
        if draft.decision != "keep" or len(draft.seen.key) < 30:
            continue
        if draft.seen.key in known:
            _settle(draft, "drop", "promo", Evidence(source="structure:repeated", label="promo", weight=-10.0))
        known.add(draft.seen.key)


def _sections(drafts: Sequence[_Draft]) -> None:
    """What stands under the heading of a clutter box goes with it, as long as it is links and short lines."""
    # filled by the section rules, see newsclean.body.sections


def _bare_headings(drafts: Sequence[_Draft]) -> None:
    """A sub-heading whose section was dropped goes with it."""
    for position, draft in enumerate(drafts):
        if draft.decision != "keep" or draft.label != "subheading":
            continue
        level = draft.seen.block.level
        for later in drafts[position + 1 :]:
            if later.decision == "keep":
                if later.label == "subheading" and later.seen.block.level <= level:
                    _empty(draft)
                break
        else:
            _empty(draft)


def _empty(draft: _Draft) -> None:
    _settle(draft, "drop", "related", Evidence(source="structure:bare-heading", label="related", weight=-10.0))


def _standfirst(drafts: Sequence[_Draft], hints: Hints) -> None:
    """The lead above the body, where it says what the page's description says."""
    wanted = [k for k in map(key, hints.descriptions) if len(k) >= 20]
    first = next((d for d in drafts if d.decision == "keep"), None)
    if first is None:
        return
    end = first.seen.block.index
    for draft in drafts[max(0, end - _NEAR) : end + 1]:
        k = draft.seen.key
        if draft.fixed or len(k) < 20 or draft.seen.block.kind == "caption":
            continue
        named = any(v.label == "standfirst" for v in draft.evidence)
        if any(k in w or w in k for w in wanted) and (named or draft is not first):
            draft.decision, draft.label = "aside", "standfirst"
            draft.evidence.append(Evidence(source="metadata:description", label="standfirst", weight=5.0))
            return


def _verdict(draft: _Draft) -> Verdict:
    label = draft.label
    if draft.decision == "drop" and label not in CLUTTER_LABELS:
        label = "navigation"
    strength = abs(draft.score) if not draft.fixed else _SURE
    return Verdict(
        block=draft.seen.block.index,
        decision=draft.decision,
        label=label,
        confidence=round(min(1.0, strength / _SURE), 2),
        evidence=tuple(draft.evidence),
    )
