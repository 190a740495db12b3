"""Block[] + Evidence[] -> Verdict[]: the voices are weighed, then each block is seen among its neighbours."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from newsclean.body.match import Reference
from newsclean.body.seen import Seen
from newsclean.labels import CLUTTER_LABELS
from newsclean.model import Block, Decision, Evidence, Verdict
from newsclean.page.compare import key

_VERDICT = -7.5
"""Weight from which a rule alone decides against a block, where its phrase stands in it."""
_AS_STRONG = 0.6
"""Weight by which a voice may be weaker than the strongest and still give the label."""
_ASIDE = frozenset({"caption", "byline", "dateline", "correction", "headline"})
"""Content labels that are no body text: set aside by the voice that gives them."""
_SURE = 4.0
"""Log-odds that count as full confidence."""
_LEAST_REPEATED = 30
"""Letters that a pull quote has at least."""
_LEAST_COPY = 60
"""Letters from which a block that is there twice is a copy, and no refrain of a list."""
_LINKED = 0.6
_ALL_LINKED, _LEAST_LINKS = 0.9, 2
"""Share of links in a block that is nothing but one, and how many make a list of them."""
_LEAST_LEAD = 25
"""Letters of a standfirst; shorter ones are kickers."""
_LEAST_LEADING = 60
_BOXED = frozenset({"newsletter", "consent", "paywall", "comments", "promo", "adblock-notice", "author-bio", "share"})
"""Labels of boxes: what stands beside a phrase of theirs is of the same kind."""
_DEFAULTS = frozenset({"navigation", "related"})
_VOICE = -4.0
"""Weight from which a voice about the surroundings is reason enough for a label."""
_BOX_HEIGHT, _MOST_IN_BOX = 4, 12
"""Elements around a block that may be its box, with its own; most blocks of a box."""
_NEAR = 40
"""A headline or standfirst stands within that many blocks of the body's first one."""


@dataclass(slots=True)
class _Draft:
    """A block's verdict in the making."""

    seen: Seen
    evidence: list[Evidence]
    score: float
    """Log-odds that it is article text."""
    decision: Decision = "drop"
    label: str = "navigation"
    fixed: bool = False
    """Whether a voice settled it, so that its neighbours do not count."""


def judge(
    seen: Sequence[Seen],
    evidence: Sequence[list[Evidence]],
    scores: Sequence[float],
    headlines: Collection[int],
    bylines: Sequence[int],
    descriptions: Sequence[str],
) -> list[Verdict]:
    """One verdict a block.

    ``evidence``: all voices on each block; ``scores``: the log-odds that they come to; ``headlines``: the blocks that
    have the wording of a headline; ``bylines``: those that hold little but an author's name; ``descriptions``:
    summaries of the page's metadata.
    """
    drafts = [_weighed(item, voices, score) for item, voices, score in zip(seen, evidence, scores, strict=True)]
    _set_headline_aside(drafts, headlines)
    for row in bylines:
        if not drafts[row].fixed:
            _settle(drafts[row], "aside", "byline", Evidence(source="metadata:authors", label="byline", weight=-10.0))
    _duplicates(drafts)
    _links_at_end(drafts)
    _bare_headings(drafts)
    _standfirst(drafts, descriptions)
    _by_box(drafts)
    return [_verdict(draft) for draft in drafts]


def judge_by_reference(blocks: Sequence[Block], lines: Sequence[str], engine: str) -> list[Verdict]:
    """One verdict a block, by the word of another engine alone."""
    reference = Reference(lines)
    verdicts = []
    for block in blocks:
        item = Seen.of(block)
        kept = reference.holds(item.key)
        voice = Evidence(source=f"engine:{engine}", label="paragraph", weight=1.0 if kept else -1.0)
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


def _weighed(item: Seen, evidence: list[Evidence], score: float) -> _Draft:
    draft = _Draft(item, evidence, score)
    strongest: Evidence | None = None
    for voice in evidence:
        against = voice.weight < 0 and voice.label != "paragraph"
        if against and (strongest is None or voice.weight < strongest.weight):
            strongest = voice
    if strongest is not None and strongest.weight <= _VERDICT and _settles(strongest, item):
        draft.fixed = True
        draft.score = min(score, -_SURE)
    if draft.score > 0:
        draft.decision = "keep"
        draft.label = _content_label(item)
        if draft.label == "caption":
            draft.decision = "aside"
    elif strongest is not None:
        draft.label = _loudest(evidence, strongest.weight)
        draft.decision = "aside" if draft.label in _ASIDE else "drop"
    elif item.block.kind == "caption":
        draft.label, draft.decision = "caption", "aside"
    else:
        draft.label = "related" if item.linked > _LINKED and item.words > _LINK_WORDS else "navigation"
    return draft


def _loudest(evidence: Sequence[Evidence], strongest: float) -> str:
    """The label of the strongest voice; of several that are as strong, what the text says goes before the box that it
    stands in, and then that for which most speaks."""
    sums: dict[str, float] = {}
    for voice in evidence:
        if voice.weight < 0:
            sums[voice.label] = sums.get(voice.label, 0.0) + voice.weight
    strong = [voice for voice in evidence if voice.weight <= strongest + _AS_STRONG and voice.label != "paragraph"]
    said = [voice for voice in strong if voice.span is not None]
    labels = dict.fromkeys(voice.label for voice in said or strong)
    return min(labels, key=sums.__getitem__)


def _settles(voice: Evidence, item: Seen) -> bool:
    """Whether a voice is a verdict: a phrase in the block, the place in another article, a link under a box's heading.

    What names of classes say, and what else stands in a box, is for the classifier to weigh.
    """
    if voice.source.startswith("section:"):
        return item.linked >= _LINKED
    return voice.span is not None or voice.source.startswith("structure:")


_LINK_WORDS = 3
"""A link with more words is the title of another page rather than a menu's entry."""


def _content_label(item: Seen) -> str:
    kinds = {"heading": "subheading", "item": "item", "quote": "quote", "caption": "caption", "cell": "table"}
    return kinds.get(item.block.kind, "paragraph")


def _set_headline_aside(drafts: Sequence[_Draft], headlines: Collection[int]) -> None:
    """The headline is set aside wherever it stands; where no block has its wording, the first kept h1 is."""
    found = [drafts[row] for row in headlines]
    if not any(draft.seen.block.level for draft in found):
        found += [d for d in drafts if d.seen.block.level == 1 and d.decision == "keep"][:1]
    for draft in found:
        _settle(draft, "aside", "headline", Evidence(source="metadata:headline", label="headline", weight=-10.0))


def _settle(draft: _Draft, decision: Decision, label: str, evidence: Evidence) -> None:
    draft.decision, draft.label, draft.fixed = decision, label, True
    draft.evidence.append(evidence)


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


def _links_at_end(drafts: Sequence[_Draft]) -> None:
    """Several links under a heading behind the text, and nothing behind them: the titles of other pages."""
    kept = [row for row, draft in enumerate(drafts) if draft.decision == "keep"]
    last = len(kept)
    while last and _is_link(drafts[kept[last - 1]].seen):
        last -= 1
    if not last or len(kept) - last < _LEAST_LINKS or drafts[kept[last] - 1].seen.block.kind != "heading":
        return
    for row in kept[last:]:
        _settle(
            drafts[row], "drop", "related", Evidence(source="structure:links-at-end", label="related", weight=-10.0)
        )


def _is_link(item: Seen) -> bool:
    return item.linked >= _ALL_LINKED and item.block.kind == "item"


def _bare_headings(drafts: Sequence[_Draft]) -> None:
    """A sub-heading whose section was dropped goes with it."""
    for position in range(len(drafts) - 1, -1, -1):
        draft = drafts[position]
        if draft.decision != "keep" or draft.label != "subheading" or draft.seen.prose:
            continue
        level = draft.seen.block.level
        for later in drafts[position + 1 :]:
            if later.decision == "keep":
                if later.label == "subheading" and later.seen.block.level < level:
                    _empty(draft)
                break
        else:
            _empty(draft)


def _empty(draft: _Draft) -> None:
    _settle(draft, "drop", "related", Evidence(source="structure:bare-heading", label="related", weight=-10.0))


def _standfirst(drafts: Sequence[_Draft], descriptions: Sequence[str]) -> None:
    """The lead between headline and body: named so by the page, or saying what the page's description says."""
    first = next((p for p, d in enumerate(drafts) if d.decision == "keep" and d.label != "subheading"), None)
    if first is None:
        return
    headline = max((p for p, d in enumerate(drafts[:first]) if d.label == "headline"), default=None)
    start = headline + 1 if headline is not None else max(0, first - _NEAR)
    wanted = [k for k in map(key, descriptions) if len(k) >= _LEAST_LEAD]
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
        apart = position < first or _stands_apart(drafts, first)
        # a sentence set as a heading above the first paragraph
        leads = position < first and draft.decision == "keep" and len(draft.seen.block.text) >= _LEAST_LEADING
        if (described and apart) or (named and headline is not None) or leads:
            draft.evidence.append(Evidence(source="structure:lead", label="standfirst", weight=5.0))
            draft.decision, draft.label = "aside", "standfirst"
            return


def _stands_apart(drafts: Sequence[_Draft], first: int) -> bool:
    """Whether the first block of the body is in another element than the next one of it."""
    after = next((d for d in drafts[first + 1 :] if d.decision == "keep" and d.label == "paragraph"), None)
    return after is not None and after.seen.block.nodes[:-1] != drafts[first].seen.block.nodes[:-1]


def _by_box(drafts: Sequence[_Draft]) -> None:
    """What is dropped and nothing says why has the label of a phrase in the same small box, where nothing is kept."""
    kept: set[int] = set()
    for draft in drafts:
        if draft.decision != "drop":
            kept.update(draft.seen.block.nodes)
    boxes: dict[int, list[_Draft]] = {}
    for draft in drafts:
        if draft.decision == "drop":
            for node in draft.seen.block.nodes[-_BOX_HEIGHT:-1]:
                if node not in kept:
                    boxes.setdefault(node, []).append(draft)
    for node in sorted(boxes, reverse=True):
        box = boxes[node]
        if not 1 < len(box) <= _MOST_IN_BOX:
            continue
        labels = {draft.label for draft in box if draft.label in _BOXED and _is_said(draft)}
        if len(labels) != 1:
            continue
        (label,) = labels
        for draft in box:
            if draft.label in _DEFAULTS and not _is_told(draft):
                draft.label = label
                draft.evidence.append(Evidence(source="structure:box", label=label, weight=-1.0))


def _is_said(draft: _Draft) -> bool:
    """Whether the label is that of a phrase in the block."""
    return any(voice.span is not None and voice.label == draft.label for voice in draft.evidence)


def _is_told(draft: _Draft) -> bool:
    """Whether a voice of some weight gives the label."""
    return any(voice.label == draft.label and voice.weight <= _VOICE for voice in draft.evidence)


def _verdict(draft: _Draft) -> Verdict:
    label = draft.label
    if draft.decision == "drop" and label not in CLUTTER_LABELS:
        label = "navigation"
    strength = _SURE if draft.fixed else abs(draft.score)
    return Verdict(
        block=draft.seen.block.index,
        decision=draft.decision,
        label=label,
        confidence=round(min(1.0, strength / _SURE), 2),
        evidence=tuple(draft.evidence),
    )
