"""Boosted decision trees, evaluated with numpy: many small look-ups at once instead of one block after the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from newsclean.body.columns import Column


@dataclass(frozen=True, slots=True)
class Trees:
    """An ensemble. All nodes lie in one row of arrays; a leaf is its own child, so that every tree is as deep."""

    columns: tuple[str, ...]
    """Names of the columns that it is asked with, in their order."""
    roots: NDArray[np.intp]
    depth: int
    """Steps from a root to the deepest leaf."""
    feature: NDArray[np.intp]
    """Number of the column that a node looks at; 0 in a leaf."""
    threshold: NDArray[np.float32]
    """A row with at most that value goes left; infinite in a leaf."""
    children: NDArray[np.intp]
    """Left child of node n at 2n, right one at 2n + 1."""
    value: NDArray[np.float32]
    """Log-odds: what a leaf adds; in a node inside of a tree the mean of what is below it."""

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        """The trees of a model file, as ``scripts/train`` writes it."""
        return cls(
            columns=tuple(document["columns"]),
            roots=np.array(document["roots"], dtype=np.intp),
            depth=int(document["depth"]),
            feature=np.array(document["feature"], dtype=np.intp),
            threshold=np.array([np.inf if t is None else t for t in document["threshold"]], dtype=np.float32),
            children=np.array(document["children"], dtype=np.intp),
            value=np.array(document["value"], dtype=np.float32),
        )

    def log_odds(self, rows: Column) -> Column:
        """For each row the sum over all trees. The columns of ``rows`` are those of ``columns``."""
        if not len(rows):
            return np.zeros(0, dtype=np.float32)
        node = self._first(len(rows))
        for _ in range(self.depth):
            node = self._step(rows, node)
        return np.asarray(self.value[node].sum(axis=1), dtype=np.float32)

    def shares(self, rows: Column, groups: Sequence[int]) -> Column:
        """What each group of columns added to a row's log-odds: the change of the mean along each tree's path.

        ``groups``: the number of each column's group. One row a row, one column a group; what no column explains, the
        means of all blocks, is left out.
        """
        group = np.array(groups, dtype=np.intp)
        found = np.zeros((len(rows), int(group.max(initial=0)) + 1), dtype=np.float32)
        if not len(rows):
            return found
        node = self._first(len(rows))
        places = np.broadcast_to(np.arange(len(rows))[:, None], node.shape)
        for _ in range(self.depth):
            after = self._step(rows, node)
            np.add.at(found, (places, group[self.feature[node]]), self.value[after] - self.value[node])
            node = after
        return found

    def _first(self, count: int) -> NDArray[np.intp]:
        first: NDArray[np.intp] = np.broadcast_to(self.roots, (count, len(self.roots)))
        return first

    def _step(self, rows: Column, node: NDArray[np.intp]) -> NDArray[np.intp]:
        at = self.feature.take(node)
        at += np.arange(0, rows.size, rows.shape[1], dtype=np.intp)[:, None]
        right = rows.ravel().take(at) > self.threshold.take(node)
        node = 2 * node
        node += right
        return self.children.take(node)
