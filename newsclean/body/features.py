"""What can be seen of a block by itself and by where it lies: prose, links, the element that holds the article."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from newsclean.model import Block
from newsclean.page.compare import key

_SENTENCE_END = re.compile(r"[.!?…。！？؟।।:;][\"'”’»«“)\]】」』]*$")
_SINGLE = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_CJK_CHARS_PER_WORD = 2
_PROSE_WORDS = 12
"""Menus, buttons and titles of other articles have fewer words, or no full stop."""
_TAG = re.compile(r"[^#.]*")
_TEXT_TAGS = frozenset("p h1 h2 h3 h4 h5 h6 li ul ol dl dt dd blockquote pre".split())
_REGION_SHARE = 0.75
"""The region is the smallest element with that share of the text that speaks for the article."""


@dataclass(frozen=True)
class Seen:
    """A block with what can be seen of it."""

    block: Block

    @cached_property
    def key(self) -> str:
        """The form for comparisons, see :func:`newsclean.body.match.key`."""
        return key(self.block.text)

    @cached_property
    def words(self) -> int:
        """Words; in scripts without spaces every second character."""
        text = self.block.text
        single = len(_SINGLE.findall(text))
        return len(text.split()) + single // _CJK_CHARS_PER_WORD

    @cached_property
    def linked(self) -> float:
        """Share of the characters that are in links."""
        return min(1.0, self.block.link_chars / max(1, len(self.block.text)))

    @cached_property
    def sentence(self) -> bool:
        """Whether it ends as a sentence does."""
        return _SENTENCE_END.search(self.block.text) is not None

    @cached_property
    def box(self) -> int:
        """The innermost element around the block that is no paragraph, heading, list or quotation; 0 for none."""
        for step, node in zip(reversed(self.block.path), reversed(self.block.nodes), strict=True):
            if _TAG.match(step)[0] not in _TEXT_TAGS:  # type: ignore[index]  # every step begins with its tag
                return node
        return 0

    @property
    def prose(self) -> bool:
        """Whether it reads as running text: long, ended, and mostly without links."""
        return self.linked < 0.4 and (self.words >= 2 * _PROSE_WORDS or (self.words >= _PROSE_WORDS and self.sentence))


def region_of(seen: Sequence[Seen], weights: Sequence[float]) -> tuple[int, ...]:
    """The elements from the root down to the smallest one that holds the article, as numbers of Block.nodes.

    ``weights``: how many characters of each block speak for the article. Empty where none does.
    """
    held = shares(seen, weights)
    best: tuple[int, ...] = ()
    for item, weight in zip(seen, weights, strict=True):
        if weight > 0:
            depth = sum(1 for node in item.block.nodes if held.get(node, 0.0) >= _REGION_SHARE)
            if depth > len(best):
                best = item.block.nodes[:depth]
    return best


def shares(seen: Sequence[Seen], weights: Sequence[float]) -> dict[int, float]:
    """For each element that is around a block the share of all weight that it holds, 0 to 1."""
    total = sum(weights)
    held: defaultdict[int, float] = defaultdict(float)
    for item, weight in zip(seen, weights, strict=True):
        if weight > 0:
            for node in item.block.nodes[:-1] if item.block.kind != "cell" else item.block.nodes:
                held[node] += weight / total
    return dict(held)
