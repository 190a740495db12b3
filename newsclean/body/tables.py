"""What is article text as a whole or not at all: tables, of which a row is a line, and series of short blocks."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from newsclean.body.columns import Column
from newsclean.model import Block, Verdict

_TAG = re.compile("[^#.]*")
_ID = re.compile("#[^.]*")
_CELL = re.compile("t[dh](?![^#.])")
_MOST_IN_CELL = 80
"""Characters of a cell of data, in the mean; in tables that lay a page out there are more."""
_NEAR = 1.0
"""Log-odds from the border within which a block goes with those of its series."""
_BETWEEN = " | "
"""Stands between the cells of a row."""


def as_tables(blocks: Sequence[Block], scores: Column) -> Column:
    """The scores of blocks, those of the cells of a table of data all the same: the mean over them."""
    tables: dict[int, list[int]] = {}
    for place, block in enumerate(blocks):
        if block.kind == "cell" and _CELL.match(block.path[-1]) and (table := element_around(block, "table")):
            tables.setdefault(table, []).append(place)
    found = scores.copy()
    for places in tables.values():
        if _holds_data([blocks[place] for place in places]):
            found[places] = np.mean(scores[places])
    return found


def _holds_data(cells: Sequence[Block]) -> bool:
    """Whether cells are those of a table of data: short ones, several in each of several rows."""
    rows = Counter(element_around(cell, "tr") for cell in cells)
    wide = sum(many > 1 for many in rows.values())
    return wide > 1 and 2 * wide > len(rows) and sum(len(cell.text) for cell in cells) < _MOST_IN_CELL * len(cells)


def as_series(blocks: Sequence[Block], scores: Column, prose: Sequence[bool]) -> Column:
    """The scores of blocks, near the border those of a series the same: short ones with the same names in one element,
    like the items of a list, and headings with the same names on the whole page."""
    series: dict[tuple[int, tuple[str, ...]], list[int]] = {}
    for place, block in enumerate(blocks):
        if not prose[place] and block.kind != "cell" and len(block.nodes) > 1:
            names = tuple([_ID.sub("", step) for step in block.path[-2:]])
            series.setdefault((0 if block.level else block.nodes[-2], names), []).append(place)
    found = scores.copy()
    for places in series.values():
        if len(places) > 1:
            mean = np.mean(scores[places])
            for place in places:
                if abs(scores[place]) < _NEAR:
                    found[place] = mean
    return found


def lines(blocks: Sequence[Block], verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    """The texts of the blocks that the verdicts are about, the cells of a table's row in one line; a cell of several
    lines is several lines."""
    found: list[str] = []
    row = 0
    cell: tuple[int, ...] = ()
    for verdict in verdicts:
        block = blocks[verdict.block]
        text = block.text if verdict.text is None else verdict.text
        if not text:
            continue
        before, last = row, cell
        row, cell = element_around(block, "tr") if block.kind == "cell" else 0, block.nodes
        if row and row == before and cell != last:
            found[-1] += _BETWEEN + text
        else:
            found.append(text)
    return tuple(found)


def element_around(block: Block, tag: str) -> int:
    """The number of the innermost element of that tag around a block; 0 for none."""
    for node, step in zip(reversed(block.nodes), reversed(block.path), strict=True):
        if _TAG.match(step)[0] == tag:  # type: ignore[index]  # it matches everything
            return node
    return 0
