"""What only the judged page tells: the dateline, the agency, and the figures that the page prints of itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from newsclean.metadata.agencies import agency_in_byline, agency_of_names, agency_signed
from newsclean.metadata.dateline import Dateline, datelines
from newsclean.metadata.figures import figures
from newsclean.model import Block, Source, Verdict

_FIRST = 12
"""Paragraphs of the body that are looked at for a dateline: the first have it, the others tell whether it is one."""
_TAIL = 60
"""Characters of a text's end that are kept as the raw value of its agency."""


@dataclass(slots=True)
class PrintedFacts:
    """Fields of Article with their sources."""

    values: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)

    def take(self, name: str, value: object, source: str, raw: str) -> None:
        """Keep a value that is there and the first of its name."""
        if value is not None and name not in self.values:
            self.values[name] = value
            self.sources[name] = Source(source=source, raw=raw)


def printed_facts(blocks: Sequence[Block], verdicts: Sequence[Verdict], known: Mapping[str, Any]) -> PrintedFacts:
    """``dateline``, ``agency``, ``view_count`` and ``reading_minutes`` of a judged page; those that are not printed are
    left out. ``known``: the fields that the page's metadata has; an agency among them stays.
    """
    facts = PrintedFacts()
    found = _dateline(blocks, verdicts)
    if found is not None:
        line, block = found
        facts.take("dateline", line.text, f"block:{block}", line.raw)
    if known.get("agency") is None:
        if found is not None:
            facts.take("agency", found[0].agency, f"block:{found[1]}", found[0].raw)
        _signed(facts, blocks, verdicts, known.get("authors", ()))
    numbers = figures(blocks, verdicts)
    for name, figure in (("view_count", numbers.view_count), ("reading_minutes", numbers.reading_minutes)):
        if figure is not None:
            facts.take(name, figure.value, f"block:{figure.block}", figure.raw)
    return facts


def _dateline(blocks: Sequence[Block], verdicts: Sequence[Verdict]) -> tuple[Dateline, int] | None:
    """The dateline and its block: one of a block of its own, else the one at the head of the body."""
    own = [(v.block, blocks[v.block].text) for v in verdicts if v.label == "dateline"]
    text = [
        (v.block, v.text or blocks[v.block].text)
        for v in verdicts
        if v.decision == "keep" and v.label != "dateline" and blocks[v.block].kind == "paragraph"
    ]
    places = [*own[:1], *text[:_FIRST]]
    line = datelines([text for _, text in places])
    return (line, places[line.paragraph][0]) if line is not None else None


def _signed(facts: PrintedFacts, blocks: Sequence[Block], verdicts: Sequence[Verdict], authors: Sequence[str]) -> None:
    """The agency of the byline, of the authors' names, or of the text's last line."""
    for verdict in verdicts:
        if verdict.label == "byline":
            text = blocks[verdict.block].text
            facts.take("agency", agency_in_byline(text), f"block:{verdict.block}", text)
    facts.take("agency", agency_of_names(authors), "authors", "; ".join(authors))
    kept = [verdict for verdict in verdicts if verdict.decision == "keep"]
    if kept:
        text = kept[-1].text or blocks[kept[-1].block].text
        facts.take("agency", agency_signed(text), f"block:{kept[-1].block}", text[-_TAIL:])
