"""Clutter that sits in one block with prose: its first or last sentences, where a rule may cut them out."""

import re
from collections.abc import Callable, Sequence

from newsclean.clutter.phrases import Hit
from newsclean.model import Evidence

_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’»)]*\s+|(?<=[。！？])(?=[^」』）])|\s+(?=[|•·]\s)")
_MOST_WORDS = 16
"""A longer sentence is prose: no phrase that may be cut has as many words."""
_MOST_CUTS = 4


def cut_ends(text: str, phrases: Callable[[str, str], Sequence[Hit]]) -> tuple[str, tuple[Evidence, ...]]:
    """What is left of a text when the clutter at its two ends is cut off, and the evidence for each cut.

    A text that is clutter as a whole is left whole: that is for the verdict on the block to say.
    """
    bounds = [0, *(found.end() for found in _SENTENCE.finditer(text)), len(text)]
    first, last = 0, len(bounds) - 1
    cuts: list[Evidence] = []
    while last - first > 1 and len(cuts) < _MOST_CUTS:
        if said := _cut(text, bounds[last - 1], bounds[last], phrases):
            last -= 1
        elif said := _cut(text, bounds[first], bounds[first + 1], phrases):
            first += 1
        else:
            break
        cuts.append(said)
    return (text[bounds[first] : bounds[last]].strip(" |•·") if cuts else text), tuple(cuts)


def _cut(text: str, start: int, end: int, phrases: Callable[[str, str], Sequence[Hit]]) -> Evidence | None:
    sentence = text[start:end]
    if len(sentence) > 200 or len(sentence.split()) > _MOST_WORDS:
        return None
    for hit in phrases(sentence, "paragraph"):
        if hit.rule.cut and hit.place == "whole":
            return Evidence(
                source=f"rule:{hit.rule.id}", label=hit.rule.label, weight=hit.rule.weight, span=(start, end)
            )
    return None
