"""One page's blocks judged: engine, structured data, place and rules are heard, then decided upon."""

from collections.abc import Sequence

from newsclean.body.decide import judge, judge_by_reference
from newsclean.body.engines import ENGINE_NAME, read_lines
from newsclean.body.features import Seen
from newsclean.body.sections import boxes
from newsclean.body.voices import Hints, listen
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

    ``engine`` is ``blend``, or ``trafilatura`` for the reference engine's word alone.
    """
    seen = [Seen(block) for block in blocks]
    lines = read_lines(html, url, notes)
    if engine == ENGINE_NAME:
        return judge_by_reference(seen, lines or [])
    heard = listen(seen, hints, lines, ENGINE_NAME)
    said = rules.speak(blocks, frozenset(heard.region))
    boxed = boxes(seen, said, rules.naming, heard.region)
    voices = [(*ruled, *box, *other) for ruled, box, other in zip(said, boxed, heard.evidence, strict=True)]
    return judge(seen, voices, hints)
