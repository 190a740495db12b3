"""The elements around a page's blocks as arrays: sums over what lies inside of each."""

from collections.abc import Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from newsclean.body.columns import BY_ITSELF, Column, Elements
from newsclean.model import Block

Index = NDArray[np.intp]
_AT = {name: number for number, name in enumerate(BY_ITSELF)}
_REGION_SHARE = 0.75
"""The article's region is made of the elements that hold that share of the running text."""

_ALIKE = 3
"""Steps of their paths that blocks of one kind of place have in common."""


class Layout:
    """The blocks of one page and the elements that they are in."""

    def __init__(self, blocks: Sequence[Block], itself: Column, elements: Elements) -> None:
        self.blocks = blocks
        self.elements = elements
        self.words = itself[:, _AT["words"]]
        hidden = itself[:, _AT["hidden"]]
        self.prose = itself[:, _AT["prose"]] * self.words * (1.0 - 0.5 * hidden)
        self.total = max(1.0, float(self.prose.sum()))
        """Words of running text on the page, 1 at least."""
        self.lengths: Index = np.fromiter((len(block.nodes) for block in blocks), dtype=np.intp, count=len(blocks))
        self.flat: Index = np.fromiter(chain.from_iterable(block.nodes for block in blocks), dtype=np.intp)
        self.owner: Index = np.repeat(np.arange(len(blocks)), self.lengths)
        self.starts: Index = np.concatenate(([0], np.cumsum(self.lengths)))
        self.size = int(self.flat.max(initial=0)) + 1
        self.prose_in = self.summed(self.prose)
        kinds: dict[tuple[str, ...], int] = {}
        self.alike: Index = np.fromiter(
            (kinds.setdefault(block.path[-_ALIKE:], len(kinds)) for block in blocks), dtype=np.intp, count=len(blocks)
        )
        """A number for each kind of place: blocks with the same number have the same names around them."""

    def summed(self, values: Column) -> NDArray[np.float64]:
        """For each element of the page the sum of a column over the blocks inside it."""
        return np.asarray(np.bincount(self.flat, weights=values[self.owner], minlength=self.size), dtype=np.float64)

    def around(self, level: int) -> Index:
        """For each block the number of the element so many steps up (-1 its own); 0 where there is none."""
        if not len(self.flat):
            return np.zeros(len(self.blocks), dtype=np.intp)
        there = self.lengths >= -level
        return np.where(there, self.flat[np.where(there, self.starts[1:] + level, 0)], 0)

    def region(self) -> frozenset[int]:
        """The elements that hold most of the running text, from the root down."""
        return frozenset(np.flatnonzero(self.prose_in >= _REGION_SHARE * self.total).tolist())
