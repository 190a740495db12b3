"""Text that another scraper pulled out of a page: its lines judged by the rules alone."""

from collections.abc import Sequence

from newsclean.body.seen import Seen, ends_sentence
from newsclean.clutter.cut import cut_ends
from newsclean.clutter.evidence import RuleVoice
from newsclean.labels import CLUTTER_LABELS
from newsclean.model import Block, Evidence, Verdict

_VERDICT = -5.0
"""Weight from which a phrase alone decides: without a page around it there is no other voice."""
_MOST_TITLES = 15
"""Lines that can follow the heading of a box of links."""


def judge_lines(blocks: Sequence[Block], rules: RuleVoice) -> list[Verdict]:
    """One verdict a line: kept unless a rule speaks against it, or it is in a box whose heading one names."""
    verdicts: list[Verdict] = []
    box: tuple[str, str] | None = None
    titles = 0
    for block in blocks:
        seen = Seen.of(block)
        hits = rules.phrases(block.text, block.kind)
        against = min((hit for hit in hits if hit.rule.weight <= _VERDICT), key=lambda h: h.rule.weight, default=None)
        evidence = [
            Evidence(source=f"rule:{hit.rule.id}", label=hit.rule.label, weight=hit.rule.weight, span=hit.span)
            for hit in hits
        ]
        text = None
        label = "paragraph"
        if against is not None:
            label = against.rule.label
            if against.rule.section:
                box, titles = (against.rule.id, against.rule.label), 0
        elif box is not None and titles < _MOST_TITLES and not seen.prose and not ends_sentence(block.text):
            label = box[1]
            titles += 1
            evidence.append(Evidence(source=f"section:{box[0]}", label=label, weight=-10.0))
        else:
            box = None
            left, cuts = cut_ends(block.text, rules.phrases)
            if cuts:
                text = left
                evidence.extend(cuts)
        verdicts.append(
            Verdict(
                block=block.index,
                decision="drop" if label in CLUTTER_LABELS else "keep" if label == "paragraph" else "aside",
                label=label,
                confidence=1.0,
                evidence=tuple(evidence),
                text=text,
            )
        )
    return verdicts
