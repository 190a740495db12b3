"""The trees against an evaluation written down plainly, node by node."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsclean.body.trees import Trees

COLUMNS = 3
values = st.floats(-4, 4, width=32)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A model of up to four trees, in the form of the model file."""
    document: dict[str, Any] = {"columns": ["a", "b", "c"], "roots": [], "depth": 0}
    document |= {"feature": [], "threshold": [], "children": [], "value": []}

    def add(depth: int) -> int:
        number = len(document["feature"])
        leaf = depth == 4 or draw(st.booleans())
        document["depth"] = max(document["depth"], depth)
        document["feature"].append(0 if leaf else draw(st.integers(0, COLUMNS - 1)))
        document["threshold"].append(None if leaf else draw(values))
        document["children"].extend([number, number])
        document["value"].append(draw(values))
        if not leaf:
            document["children"][2 * number] = add(depth + 1)
            document["children"][2 * number + 1] = add(depth + 1)
        return number

    for _ in range(draw(st.integers(1, 4))):
        document["roots"].append(add(0))
    return document


def plainly(document: dict[str, Any], row: list[float]) -> float:
    total = 0.0
    for node in document["roots"]:
        while document["children"][2 * node] != node:
            right = row[document["feature"][node]] > document["threshold"][node]
            node = document["children"][2 * node + right]
        total += document["value"][node]
    return total


tables = st.lists(st.lists(values, min_size=COLUMNS, max_size=COLUMNS), max_size=6)


@given(documents(), tables)
def test_every_row_ends_in_the_leaves_that_its_values_lead_to(
    document: dict[str, Any], rows: list[list[float]]
) -> None:
    table = np.array(rows, dtype=np.float32).reshape(len(rows), COLUMNS)
    found = Trees.read(document).log_odds(table)
    assert found.tolist() == pytest.approx([plainly(document, row) for row in rows], abs=1e-4)


@given(documents(), tables)
def test_the_shares_of_all_groups_are_what_the_rows_add_to_the_means(
    document: dict[str, Any], rows: list[list[float]]
) -> None:
    table = np.array(rows, dtype=np.float32).reshape(len(rows), COLUMNS)
    trees = Trees.read(document)
    shares = trees.shares(table, [0, 1, 1])
    means = sum(document["value"][root] for root in document["roots"])
    assert (shares.sum(axis=1) + means).tolist() == pytest.approx(trees.log_odds(table).tolist(), abs=1e-3)


def test_a_value_at_the_threshold_goes_left() -> None:
    document = {"columns": ["a"], "roots": [0], "depth": 1, "feature": [0, 0, 0], "threshold": [1.5, None, None]}
    trees = Trees.read(document | {"children": [1, 2, 1, 1, 2, 2], "value": [0.0, -1.0, 2.0]})
    assert trees.log_odds(np.array([[1.5], [1.6]], dtype=np.float32)).tolist() == [-1.0, 2.0]
