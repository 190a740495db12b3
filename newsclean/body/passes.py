"""The columns of the second pass: what the first one thought of a block's neighbours and of its container."""

import numpy as np
from numpy.typing import NDArray

from newsclean.body.columns import Column
from newsclean.body.context import window
from newsclean.body.layout import Layout

_FAR = 60.0
"""Distances count up to here, in blocks."""
_SURE = 0.6
"""Probability from which a block of running text counts as found."""
_STEPS = (1, 2, 3)
_REACHES = (3, 8)

OF_NEIGHBOURS = [
    "first",
    *(f"first@{sign}{step}" for step in _STEPS for sign in "-+"),
    *(f"{name}_within_{reach}" for reach in _REACHES for name in ("words", "blocks")),
    "found_before",
    "found_words",
    *(f"{name}@{level}" for level in ("parent", "grand") for name in ("found", "found_density", "found_others")),
    "found_alike",
    *"after_first before_last since_found until_found common_with_found".split(),
]
"""The columns of :func:`of_neighbours`, in their order."""


def of_neighbours(page: Layout, first: Column) -> Column:
    """One row a block, one column a name of OF_NEIGHBOURS. ``first``: the first pass's probabilities."""
    count = len(first)
    places = np.arange(count)
    columns: list[NDArray[np.floating]] = [first]
    for step in _STEPS:
        before, after = np.full(count, -1.0), np.full(count, -1.0)
        if step < count:
            before[step:], after[:-step] = first[:-step], first[step:]
        columns += [before, after]
    found = first * page.words
    for reach in _REACHES:
        columns.append(window(found, reach) / np.maximum(1.0, window(page.words, reach)))
        held = np.minimum(count, places + reach + 1) - np.maximum(0, places - reach)
        columns.append(window(first, reach) / held)
    total = max(1.0, float(found.sum()))
    columns += [(np.cumsum(found) - found) / total, np.full(count, np.log1p(found.sum()))]
    found_in, words_in = page.summed(found), page.summed(page.words)
    blocks_in, first_in = np.bincount(page.flat, minlength=page.size), page.summed(first)
    for level in (-2, -3):
        node = page.around(level)
        columns += [
            found_in[node] / total,
            found_in[node] / np.maximum(1.0, words_in[node]),
            (first_in[node] - first) / np.maximum(1, blocks_in[node] - 1),
        ]
    alike = page.alike
    many = np.bincount(alike)
    columns.append((np.bincount(alike, weights=first)[alike] - first) / np.maximum(1, many[alike] - 1))
    columns += _distances(page, first, found)
    result = np.empty((count, len(OF_NEIGHBOURS)), dtype=np.float32)
    for number, column in enumerate(columns):
        result[:, number] = column
    return result


def _distances(page: Layout, first: Column, found: Column) -> list[NDArray[np.floating]]:
    """How far the first and last, the last before and the next block of the article's text are; how near."""
    count = len(first)
    places = np.arange(count)
    sure = np.flatnonzero((first > _SURE) & (page.prose > 0))
    if not len(sure):
        return [np.full(count, -_FAR - 1)] * 5
    number = np.searchsorted(sure, places)  # of the next one, itself included
    behind = np.searchsorted(sure, places, side="right")
    before = np.where(number > 0, places - sure[number - 1], _FAR)
    after = np.where(behind < len(sure), sure[np.minimum(behind, len(sure) - 1)] - places, _FAR)
    top = np.zeros(page.size, dtype=bool)
    deepest = int(np.argmax(found))
    top[page.flat[page.starts[deepest] : page.starts[deepest + 1]]] = True
    common = np.bincount(page.owner, weights=top[page.flat], minlength=count)
    return [
        np.clip(places - sure[0], -_FAR, _FAR),
        np.clip(sure[-1] - places, -_FAR, _FAR),
        np.minimum(before, _FAR),
        np.minimum(after, _FAR),
        common - page.lengths[deepest],
    ]
