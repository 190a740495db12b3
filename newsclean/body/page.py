"""One page's blocks judged: engine, structured data, place and rules are heard, then decided upon."""

from collections.abc import Sequence
from dataclasses import replace

from newsclean.body.decide import judge, judge_by_reference
from newsclean.body.engines import ENGINE_NAME, read_lines
from newsclean.body.features import Seen
from newsclean.body.sections import boxes
from newsclean.body.voices import Hints, listen
from newsclean.clutter.cut import cut_ends
from newsclean.clutter.evidence import RuleVoice
from newsclean.model import Block, Verdict


def judge_page(
    blocks: Sequence[Block],
    html: str,
    url: str | None,
    hints: Hints,
    rules: RuleVoice,
    engine: str,
    notes: list[str],
) -> list[Verdict]:
    """One verdict a block. What an engine could not do is appended to ``notes``.

    ``engine`` is ``newsclean``, or ``trafilatura`` for the reference engine's word alone.
    """
    seen = [Seen(block) for block in blocks]
    lines = read_lines(html, url, notes)
    if engine == ENGINE_NAME:
        return judge_by_reference(seen, lines or [])
    heard = listen(seen, hints, lines, ENGINE_NAME)
    said = rules.speak(blocks, frozenset(heard.region))
    boxed = boxes(seen, said, rules.naming, heard)
    voices = [(*ruled, *box, *other) for ruled, box, other in zip(said, boxed, heard.evidence, strict=True)]
    verdicts = judge(seen, voices, hints)
    return [_cut(block, verdict, rules) for block, verdict in zip(blocks, verdicts, strict=True)]


def _cut(block: Block, verdict: Verdict, rules: RuleVoice) -> Verdict:
    """The verdict with the block's clutter sentences cut off, where it is kept and has some at its ends."""
    if verdict.decision != "keep" or verdict.label not in ("paragraph", "item"):
        return verdict
    left, cuts = cut_ends(block.text, rules.phrases)
    return replace(verdict, text=left, evidence=(*verdict.evidence, *cuts)) if cuts else verdict
