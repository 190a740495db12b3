"""Block[] + Evidence[] -> Verdict[]: the voices are weighed, then each block is seen among its neighbours."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from newsclean.body.engines import ENGINE_NAME
from newsclean.body.features import Seen
from newsclean.body.match import Reference
from newsclean.body.voices import Hints
from newsclean.model import CLUTTER_LABELS, Decision, Evidence, Verdict
from newsclean.page.compare import key

_VERDICT = -9.0
"""Weight from which one voice alone decides against a block."""
_ASIDE = frozenset({"caption", "byline", "dateline", "correction", "headline"})
"""Content labels that are no body text: set aside by the voice that gives them."""
_SURE = 6.0
"""Sum of weights that counts as full confidence."""
_LEAST_REPEATED = 30
"""Letters that a pull quote has at least."""
_LEAST_COPY = 60
"""Letters from which a block that is there twice is a copy, and no refrain of a list."""
_COLONS = (":", "：")
_LIFT = 4.0
_LINKED = 0.6
_MOST_BETWEEN = 12
"""Blocks between two kept ones that can still be lifted: the longest list inside an article is about that."""
_LEAST_LEAD = 25
"""Letters of a standfirst; shorter ones are kickers."""
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
    fixed: bool = False
    """Whether a rule's verdict settled it, so that neighbours do not count."""


def judge(seen: Sequence[Seen], evidence: Sequence[Sequence[Evidence]], hints: Hints) -> list[Verdict]:
    """One verdict a block. ``evidence``: all voices on each block."""
    drafts = [_weighed(item, list(voices)) for item, voices in zip(seen, evidence, strict=True)]
    _set_headline_aside(drafts, hints)
    _neighbours(drafts)
    _lists(drafts)
    _subheadings(drafts)
    _duplicates(drafts)
    _bare_headings(drafts)
    _standfirst(drafts, hints)
    return [_verdict(draft) for draft in drafts]


def judge_by_reference(seen: Sequence[Seen], lines: Sequence[str]) -> list[Verdict]:
    """One verdict a block, by the reference engine's word alone."""
    reference = Reference(lines)
    verdicts = []
    for item in seen:
        kept = reference.holds(item.key)
        voice = Evidence(source=f"engine:{ENGINE_NAME}", label="paragraph", weight=1.0 if kept else -1.0)
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
    against = [voice for voice in evidence if voice.weight < 0 and voice.label != "paragraph"]
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
    """The headline is set aside wherever it stands; where no block has its wording, the first kept h1 is."""
    wanted = {k for k in map(key, hints.headlines) if k}
    found = [draft for draft in drafts if draft.seen.key in wanted]
    if not any(draft.seen.block.level for draft in found):
        found += [d for d in drafts if d.seen.block.level == 1 and d.decision == "keep"][:1]
    for draft in found:
        _settle(draft, "aside", "headline", Evidence(source="metadata:headline", label="headline", weight=-10.0))


def _settle(draft: _Draft, decision: Decision, label: str, evidence: Evidence) -> None:
    draft.decision, draft.label, draft.fixed = decision, label, True
    draft.evidence.append(evidence)


def _neighbours(drafts: Sequence[_Draft]) -> None:
    """A block between two kept ones of the same box is kept with them, unless it was refused for cause."""
    kept = [position for position, draft in enumerate(drafts) if draft.decision == "keep"]
    for before, after in pairwise(kept):
        box = drafts[before].seen.box
        if after - before < 2 or after - before > _MOST_BETWEEN or drafts[after].seen.box != box:
            continue
        for draft in drafts[before + 1 : after]:
            item = draft.seen
            lifted = item.prose or item.sentence or item.block.kind in ("heading", "item")
            if item.box == box and lifted and not _refused(draft):
                _lift(draft)


def _subheadings(drafts: Sequence[_Draft]) -> None:
    """A heading with kept text right below it, inside the element around the heading, is its sub-heading."""
    for draft, below in pairwise(drafts):
        if draft.seen.block.kind != "heading" or draft.decision != "drop" or below.decision != "keep":
            continue
        around = draft.seen.block.nodes[-2:-1]
        if around and around[0] in below.seen.block.nodes and not _refused(draft) and _within(draft):
            _lift(draft)


def _lists(drafts: Sequence[_Draft]) -> None:
    """The items of a list that a kept paragraph announces with a colon."""
    announced = 0
    for draft in drafts:
        item = draft.seen
        if draft.decision == "keep":
            announced = item.box if item.block.text.endswith(_COLONS) or (announced and _is_item(item)) else 0
        elif announced and item.box == announced and _is_item(item) and not _refused(draft):
            _lift(draft)
        else:
            announced = 0


def _is_item(item: Seen) -> bool:
    return item.block.kind == "item"


def _refused(draft: _Draft) -> bool:
    """Whether there is a cause against the block that its neighbours cannot outweigh."""
    by_rule = any(v.weight <= -2.5 and v.source.startswith(("rule:", "section:")) for v in draft.evidence)
    return draft.fixed or by_rule or draft.seen.linked >= _LINKED


def _within(draft: _Draft) -> bool:
    return any(v.source == "structure:region" and v.weight > 0 for v in draft.evidence)


def _lift(draft: _Draft) -> None:
    draft.evidence.append(Evidence(source="structure:neighbours", label="paragraph", weight=_LIFT))
    draft.decision, draft.label = "keep", _content_label(draft.seen)
    draft.score = max(draft.score + _LIFT, 0.0)


def _duplicates(drafts: Sequence[_Draft]) -> None:
    """Text that the page holds twice (a copy for phones, a pull quote) is kept once, in the longer block."""
    kept = [draft for draft in drafts if draft.decision == "keep" and len(draft.seen.key) >= _LEAST_REPEATED]
    known: set[str] = set()
    joined = "\n".join(draft.seen.key for draft in kept)
    for draft in kept:
        k = draft.seen.key
        quoted = draft.seen.block.kind == "quote" and joined.count(k) > 1
        again = k in known and len(k) >= _LEAST_COPY
        if again or (quoted and any(k in d.seen.key and k != d.seen.key for d in kept)):
            _settle(draft, "drop", "promo", Evidence(source="structure:repeated", label="promo", weight=-10.0))
        known.add(k)


def _bare_headings(drafts: Sequence[_Draft]) -> None:
    """A sub-heading whose section was dropped goes with it."""
    for position, draft in enumerate(drafts):
        if draft.decision != "keep" or draft.label != "subheading" or draft.seen.prose:
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
    """The lead between headline and body: named so by the page, or saying what the page's description says."""
    first = next((p for p, d in enumerate(drafts) if d.decision == "keep" and d.label != "subheading"), None)
    if first is None:
        return
    headline = max((p for p, d in enumerate(drafts[:first]) if d.label == "headline"), default=None)
    start = headline + 1 if headline is not None else max(0, first - _NEAR)
    wanted = [k for k in map(key, hints.descriptions) if len(k) >= _LEAST_LEAD]
    for position in range(start, first + 1):
        draft = drafts[position]
        k = draft.seen.key
        if len(k) < _LEAST_LEAD or draft.seen.block.kind == "caption" or draft.seen.linked >= _LINKED or draft.fixed:
            continue
        named = any(v.label == "standfirst" for v in draft.evidence)
        described = any(k in w or w in k for w in wanted)
        # The first paragraph of the body often is the description as well; it is no standfirst for that.
        if position == first and not any(d.decision == "keep" for d in drafts[first + 1 :]):
            return  # a body of one paragraph has no lead
        if (described and (position < first or not _within(draft))) or (named and headline is not None):
            draft.evidence.append(Evidence(source="structure:lead", label="standfirst", weight=5.0))
            draft.decision, draft.label = "aside", "standfirst"
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
