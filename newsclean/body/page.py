"""One page's blocks judged: the rules, the site's memory and the classifier are heard, then decided upon."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from msgspec.structs import replace

from newsclean.body.classifier import SECOND, Classifier, Judged, carried, probability
from newsclean.body.columns import BY_ITSELF, Column
from newsclean.body.context import headline_rows
from newsclean.body.decide import judge, judge_by_reference
from newsclean.body.engines import ENGINE_NAME, read_lines
from newsclean.body.hints import Hints
from newsclean.body.layout import Layout
from newsclean.body.match import Reference
from newsclean.body.menus import judge_entries
from newsclean.body.others import other_articles
from newsclean.body.sections import boxes
from newsclean.body.seen import Seen
from newsclean.body.tables import as_series, as_tables
from newsclean.clutter.cut import cut_ends
from newsclean.clutter.evidence import RuleVoice
from newsclean.model import Block, Evidence, Verdict
from newsclean.page.blocks import BODY, STRIP
from newsclean.settings import Settings

_NEWS_BIAS, _BIAS = 0.25, 0.0
"""Log-odds that a block must have to be kept, on pages that call themselves news and on others: around news stands more
that looks like text, and a wrong line costs the reader more than a short one that is missing."""
_FOCUS = {"balanced": 0.0, "precision": -1.2, "recall": 1.2}
_ENGINE_WEIGHT = 2.0
_MOST_REASONS = 3
_LINKED = 0.9
"""Share of a block's characters in links from which it is nothing but a link."""
_ISLAND_WEIGHT = 4.0
"""Log-odds for the text of a page whose elements lack it, and against what its elements have instead."""
_SITE_RULE = 8.0
"""Log-odds by which a rule for the site is heard: more than the classifier says, less than a phrase."""
_BYLINE = 0.35
"""Share of a line's letters that an author's name takes where the line is a byline."""
_MOST_BYLINE = 12
"""Words of a byline."""
_LEAST_UNSURE = 60
"""Words about which the classifier must be unsure before another engine is asked."""
_UNSURE_SHARE = 0.5
_UNSURE = 1.0
"""Log-odds within which the classifier is unsure of a block."""


def judge_page(
    blocks: Sequence[Block],
    html: str,
    url: str | None,
    hints: Hints,
    rules: RuleVoice,
    settings: Settings,
    notes: list[str],
    remembered: Sequence[Evidence | None] = (),
    classifier: Classifier | None = None,
    *,
    islands: int = 0,
    detail: bool = False,
) -> list[Verdict]:
    """One verdict a block. What an engine could not do is appended to ``notes``.

    ``remembered``: for each block what the site's memory says, or nothing at all. ``classifier``: another one than
    newsclean brings. ``islands``: how many blocks at the end come from the page's scripts. ``detail``: also what the
    classifier looked at, as evidence ``classifier:<group>``.
    """
    if settings.engine == ENGINE_NAME:
        verdicts = dict(enumerate(judge_by_reference(blocks, read_lines(html, url, notes) or [], ENGINE_NAME)))
    else:
        verdicts = judge_entries(blocks, rules)
        rows = [place for place in range(len(blocks)) if place not in verdicts]
        if rows:
            chosen = [blocks[row] for row in rows]
            memory = [remembered[row] for row in rows] if remembered else ()
            asked = _Asked(html, url, notes)
            judged = _judge(
                chosen, hints, rules, settings, memory, classifier or carried(), asked, islands=islands, detail=detail
            )
            verdicts.update(zip(rows, judged, strict=True))
    ordered = [verdicts[place] for place in range(len(blocks))]
    return [_included(verdict, settings) for verdict in ordered] if settings.include else ordered


@dataclass(frozen=True, slots=True)
class _Asked:
    """The page as another engine is asked about it."""

    html: str
    url: str | None
    notes: list[str]

    def lines(self) -> list[str] | None:
        """What the reference engine takes for the article; None where it cannot read the page."""
        self.notes.append(f"the classifier is unsure of this page: {ENGINE_NAME} was asked")
        return read_lines(self.html, self.url, self.notes)


def _judge(
    blocks: Sequence[Block],
    hints: Hints,
    rules: RuleVoice,
    settings: Settings,
    remembered: Sequence[Evidence | None],
    classifier: Classifier,
    asked: _Asked,
    *,
    islands: int,
    detail: bool,
) -> list[Verdict]:
    """One verdict a block, of those that are no entries of menus."""
    page, itself = classifier.layout(blocks)
    ruled = heard(page, rules)
    judged = classifier.judge(page, itself, ruled, hints)
    seen = _seen(blocks, itself)
    voices: list[list[Evidence]] = [
        [*evidence, Evidence(source="classifier", label="paragraph", weight=odds)]
        for evidence, odds in zip(ruled, np.round(judged.log_odds.astype(np.float64), 2).tolist(), strict=True)
    ]
    headlines = headline_rows(blocks, hints)
    for row, other in other_articles(page, headlines).items():
        voices[row].append(other)
    if detail:
        _explained(voices, classifier.reasons(judged))
    marked = _by_site_rule(blocks, voices)
    scores = marked + judged.log_odds - (_NEWS_BIAS if "news" in hints.declares else _BIAS)
    if islands:
        scores = scores + _from_scripts(voices, len(blocks) - islands)
    if remembered:
        scores = scores + _remembered(voices, remembered)
    if not islands and _is_unsure(page, judged):
        scores = scores + _by_engine(seen, voices, asked.lines())
    scores = as_series(blocks, as_tables(blocks, scores), [item.prose for item in seen])
    if bias := _FOCUS[settings.focus]:
        scores = scores + bias
        for evidence in voices:
            evidence.append(Evidence(source=f"focus:{settings.focus}", label="paragraph", weight=bias))
    verdicts = judge(seen, voices, scores.tolist(), headlines, _bylines(judged), hints.descriptions)
    return [_cut(block, verdict, rules) for block, verdict in zip(blocks, verdicts, strict=True)]


def _seen(blocks: Sequence[Block], itself: Column) -> list[Seen]:
    chosen = itself[:, [BY_ITSELF.index(name) for name in ("words", "link_share", "prose")]].tolist()
    return [
        Seen(block, words, linked, bool(prose)) for block, (words, linked, prose) in zip(blocks, chosen, strict=True)
    ]


def heard(page: Layout, rules: RuleVoice) -> list[tuple[Evidence, ...]]:
    """What the rules say of each block, by itself and by the box that it stands in.

    Links outside of the article's innermost element are known by their place; nobody reads their words.
    """
    region = page.region()
    innermost = max(region, default=0)
    only = {
        block.index
        for block in page.blocks
        if block.link_chars < _LINKED * len(block.text) or not innermost or innermost in block.nodes
    }
    said = rules.speak(page.blocks, region | page.elements.page, only)
    return [(*own, *box) for own, box in zip(said, boxes(page, said, rules.naming, region), strict=True)]


def _by_site_rule(blocks: Sequence[Block], voices: Sequence[list[Evidence]]) -> Column:
    """What rules for the page's site add to each block's log-odds: inside of the element that they name, or not."""
    added = np.zeros(len(blocks), dtype=np.float32)
    named = any(block.mark == BODY for block in blocks)
    for row, block in enumerate(blocks):
        if named or block.mark == STRIP:
            weight = _SITE_RULE if block.mark == BODY else -_SITE_RULE
            added[row] = weight
            voices[row].append(Evidence(source="site-rule", label="paragraph", weight=weight))
    return added


def _from_scripts(voices: Sequence[list[Evidence]], first: int) -> Column:
    """What it adds to each block's log-odds that the article stands in the page's scripts, from that block on."""
    added = np.full(len(voices), -_ISLAND_WEIGHT, dtype=np.float32)
    added[first:] = 2 * _ISLAND_WEIGHT
    for evidence, weight in zip(voices, added.tolist(), strict=True):
        evidence.append(Evidence(source="structure:island", label="paragraph", weight=weight))
    return added


def _bylines(judged: Judged) -> list[int]:
    """The blocks that are an author's name with a word or two around it."""
    names = judged.rows[:, SECOND.index("is_author")] >= _BYLINE
    short = judged.rows[:, SECOND.index("words")] <= _MOST_BYLINE
    return np.flatnonzero(names & short).tolist()


def _explained(voices: Sequence[list[Evidence]], reasons: Sequence[Mapping[str, float]]) -> None:
    """Add to each block's voices what moved the classifier most."""
    for evidence, groups in zip(voices, reasons, strict=True):
        for group, weight in sorted(groups.items(), key=lambda item: -abs(item[1]))[:_MOST_REASONS]:
            evidence.append(Evidence(source=f"classifier:{group}", label="paragraph", weight=round(weight, 2)))


def _remembered(voices: Sequence[list[Evidence]], remembered: Sequence[Evidence | None]) -> Column:
    """What the site's memory adds to each block's log-odds."""
    added = np.zeros(len(voices), dtype=np.float32)
    for row, (evidence, memory) in enumerate(zip(voices, remembered, strict=True)):
        if memory is not None:
            evidence.append(memory)
            added[row] = memory.weight
    return added


def _is_unsure(page: Layout, judged: Judged) -> bool:
    """Whether most of what may be the article is near the border."""
    likely = probability(judged.log_odds) > 0.2
    words = page.words * likely
    unsure = float((words * (np.abs(judged.log_odds) < _UNSURE)).sum())
    return unsure >= _LEAST_UNSURE and unsure > _UNSURE_SHARE * float(words.sum())


def _by_engine(seen: Sequence[Seen], voices: Sequence[list[Evidence]], lines: Sequence[str] | None) -> Column:
    """What the reference engine adds to each block's log-odds."""
    added = np.zeros(len(seen), dtype=np.float32)
    if lines:
        reference = Reference(lines)
        for row, item in enumerate(seen):
            added[row] = weight = _ENGINE_WEIGHT if reference.holds(item.key) else -_ENGINE_WEIGHT
            voices[row].append(Evidence(source=f"engine:{ENGINE_NAME}", label="paragraph", weight=weight))
    return added


def _included(verdict: Verdict, settings: Settings) -> Verdict:
    """The verdict, or one to keep the block where the user wants its label in the text."""
    if verdict.decision == "keep" or verdict.label not in settings.include:
        return verdict
    wanted = Evidence(source=f"include:{verdict.label}", label=verdict.label, weight=10.0)
    return replace(verdict, decision="keep", evidence=(*verdict.evidence, wanted))


def _cut(block: Block, verdict: Verdict, rules: RuleVoice) -> Verdict:
    """The verdict with the block's clutter sentences cut off, where it is kept and has some at its ends."""
    if verdict.decision != "keep" or verdict.label not in ("paragraph", "item"):
        return verdict
    left, cuts = cut_ends(block.text, rules.phrases)
    return replace(verdict, text=left, evidence=(*verdict.evidence, *cuts)) if cuts else verdict
