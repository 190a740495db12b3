"""Tables are kept or dropped as a whole, and a row is a line; short blocks go with their series."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from newsclean.body.tables import as_series, as_tables, element_around, lines
from newsclean.model import Verdict
from newsclean.page.blocks import blocks_of
from newsclean.page.parse import parsed

_PAGE = """<html><body><p>The ferry's timetable changes on Monday.</p>
<table><tr><th>Pier</th><th>First</th><th>Last</th></tr><tr><td>North</td><td>06:10</td><td>21:40</td></tr>
<tr><td>South</td><td>06:25</td><td></td></tr></table>
<table><tr><td>alone</td></tr></table><p>Fares stay as they are.</p></body></html>"""
_BLOCKS = blocks_of(parsed(_PAGE))


def _kept(texts: dict[int, str | None] | None = None) -> list[Verdict]:
    changed = texts or {}
    return [
        Verdict(block=block.index, decision="keep", label="table", confidence=1.0, text=changed.get(block.index))
        for block in _BLOCKS
    ]


def test_a_row_is_a_line() -> None:
    assert lines(_BLOCKS, _kept()) == (
        "The ferry's timetable changes on Monday.",
        "Pier | First | Last",
        "North | 06:10 | 21:40",
        "South | 06:25",
        "alone",
        "Fares stay as they are.",
    )


def test_what_a_rule_cut_out_is_not_there() -> None:
    found = lines(_BLOCKS, _kept({0: "The ferry.", 4: "Nord"}))
    assert found[:3] == ("The ferry.", "Pier | First | Last", "Nord | 06:10 | 21:40")
    assert "" not in lines(_BLOCKS, _kept({0: "", 1: ""}))


def test_cells_of_a_table_have_one_score_and_nothing_else_changes() -> None:
    scores = np.arange(len(_BLOCKS), dtype=np.float32)
    before = scores.copy()
    found = as_tables(_BLOCKS, scores)
    table = [block.index for block in _BLOCKS if block.kind == "cell" and block.text != "alone"]
    assert len(table) == 8
    assert found[table].tolist() == [np.mean(scores[table])] * 8
    others = [block.index for block in _BLOCKS if block.index not in table]
    assert found[others].tolist() == scores[others].tolist()
    assert (scores == before).all()


@given(st.lists(st.floats(-9, 9, width=32), min_size=len(_BLOCKS), max_size=len(_BLOCKS)))
def test_the_sum_over_a_table_stays(values: list[float]) -> None:
    scores = np.array(values, dtype=np.float32)
    assert abs(float(as_tables(_BLOCKS, scores).sum()) - float(scores.sum())) < 1e-3


def test_the_innermost_element_counts() -> None:
    inner = blocks_of(parsed("<body><table><tr><td>one<table><tr><td>two</table></table>"))
    assert element_around(inner[0], "table") != element_around(inner[1], "table")
    assert element_around(inner[0], "main") == 0


def test_a_short_block_near_the_border_goes_with_its_series() -> None:
    page = "<body><div><h3>Sirens</h3><p>A paragraph.</p><h3>Boats</h3><p>Another.</p><h3>Soup</h3><h4>Ads</h4></div>"
    blocks = blocks_of(parsed(page))
    prose = [block.text in ("A paragraph.", "Another.") for block in blocks]
    scores = np.array([1.5, -0.5, -0.25, -0.5, 0.25, -0.5], dtype=np.float32)
    assert as_series(blocks, scores, prose).tolist() == [1.5, -0.5, 0.5, -0.5, 0.5, -0.5]
    assert as_series(blocks, -scores, prose).tolist() == [-1.5, 0.5, -0.5, 0.5, -0.5, 0.5]


def test_a_series_does_not_overrule_what_is_sure() -> None:
    blocks = blocks_of(parsed("<body><ul><li>one<li>two<li>three</ul>"))
    scores = np.array([2.0, -3.0, 2.5], dtype=np.float32)
    assert as_series(blocks, scores, [False] * 3).tolist() == scores.tolist()


def test_a_cell_of_two_lines_is_two_lines() -> None:
    blocks = blocks_of(parsed("<body><table><tr><td>Pier<td>North<br>from May</table>"))
    kept = [Verdict(block=block.index, decision="keep", label="table", confidence=1.0) for block in blocks]
    assert lines(blocks, kept) == ("Pier | North", "from May")
