"""Where a block stands, as numbers: neighbours, containers, headline, series."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsclean.body.classifier import FIRST, SECOND, carried
from newsclean.body.columns import NameScores, by_itself, by_rules
from newsclean.body.context import IN_CONTEXT, headline_rows, in_context, window
from newsclean.body.hints import Hints
from newsclean.body.layout import Layout
from newsclean.body.passes import OF_NEIGHBOURS, of_neighbours
from newsclean.page import parsed
from newsclean.page.blocks import blocks_of
from tests.body.pages import HEADLINE, PARAGRAPHS, p, page

Rows = list[dict[str, float]]


def rows(source: str, hints: Hints | None = None) -> tuple[list[str], Rows]:
    blocks = blocks_of(parsed(source))
    itself, elements = by_itself(blocks, NameScores({}))
    own = np.hstack([itself, by_rules([() for _ in blocks])])
    found = in_context(Layout(blocks, itself, elements), own, hints or Hints((HEADLINE,)))
    return [block.text for block in blocks], [dict(zip(IN_CONTEXT, row, strict=True)) for row in found.tolist()]


def at(text: str, source: str, hints: Hints | None = None) -> dict[str, float]:
    texts, found = rows(source, hints)
    return found[texts.index(text)]


SOURCE = page(p(*PARAGRAPHS))


def test_distance_to_the_headline() -> None:
    assert at(HEADLINE, SOURCE)["headline_distance"] == 0
    assert at(PARAGRAPHS[0], SOURCE)["headline_distance"] == 1
    assert at("Home", SOURCE)["headline_distance"] == -2
    assert at(HEADLINE, SOURCE)["is_headline"] == 1
    assert at(PARAGRAPHS[0], SOURCE, Hints(("Elsewhere",)))["headline_seen"] == 0


def test_the_container_of_all_running_text_holds_all_of_it() -> None:
    row = at(PARAGRAPHS[1], SOURCE)
    assert row["prose_share@parent"] == pytest.approx(1.0)
    assert row["prose_density@parent"] == pytest.approx(1.0)
    assert row["region_common"] == 0 > at("Home", SOURCE)["region_common"]


def test_neighbours_are_those_before_and_behind() -> None:
    row = at(PARAGRAPHS[0], SOURCE)
    assert row["kind@-1"] == 1  # the headline
    assert row["words@+1"] == len(PARAGRAPHS[1].split())
    assert at("Home", SOURCE)["words@-2"] == -1


def test_containers_of_one_kind_are_counted() -> None:
    source = "<body>" + "".join(f"<div class=post><p>{text}</p></div>" for text in PARAGRAPHS[:3])
    _, found = rows(source)
    assert [(row["nth@parent"], row["many@parent"]) for row in found] == [(0, 3), (1, 3), (2, 3)]


def test_authors_and_descriptions() -> None:
    hints = Hints((HEADLINE,), descriptions=(PARAGRAPHS[0],), authors=("Ada Korn",))
    source = page("<p>By Ada Korn</p>", p(*PARAGRAPHS))
    assert at("By Ada Korn", source, hints)["is_author"] == pytest.approx(8 / 11)
    assert at(PARAGRAPHS[0], source, hints)["in_description"] == 1
    assert at(PARAGRAPHS[0], source, hints)["description_words"] == 1


def test_headlines_are_ranked() -> None:
    blocks = blocks_of(parsed("<h1>Other story of today</h1><h2>OLD BRIDGE of Wendlow stays!</h2>"))
    hints = Hints(("Old bridge of Wendlow stays", "Other story of today"))
    assert headline_rows(blocks, hints) == {0: 1, 1: 0}


@given(st.lists(st.floats(0, 9, width=32), max_size=12), st.integers(1, 5))
def test_window_is_the_sum_of_what_is_near(values: list[float], reach: int) -> None:
    found = window(np.array(values, dtype=np.float32), reach)
    wanted = [sum(values[max(0, n - reach) : n + reach + 1]) for n in range(len(values))]
    assert found.tolist() == pytest.approx(wanted, abs=1e-3)


texts = st.sampled_from([*PARAGRAPHS, "Home", "Share", "Read also: the mill", "—", "漁港の壁", "©"])
trees = st.recursive(
    texts.map(lambda text: f"<p>{text}</p>"),
    lambda inner: st.tuples(st.sampled_from(["div", "ul", "article", "aside"]), st.lists(inner, max_size=4)).map(
        lambda drawn: f"<{drawn[0]} class='c{len(drawn[1])}'>{''.join(drawn[1])}</{drawn[0]}>"
    ),
    max_leaves=20,
)


@given(trees)
def test_every_page_has_finite_columns_of_the_right_number(source: str) -> None:
    blocks = blocks_of(parsed(f"<body>{source}<p>end</p>"))
    layout, itself = carried().layout(blocks)
    judged = carried().judge(layout, itself, [() for _ in blocks], Hints())
    assert judged.rows.shape == (len(blocks), len(SECOND))
    assert np.isfinite(judged.rows).all()
    assert np.isfinite(judged.log_odds).all()
    assert len(FIRST) + len(OF_NEIGHBOURS) == len(SECOND)


@given(st.lists(st.floats(0, 1, width=32), min_size=1, max_size=15), st.data())
def test_neighbours_of_the_second_pass_are_as_counted_by_hand(first: list[float], data: Any) -> None:
    prose = data.draw(st.lists(st.booleans(), min_size=len(first), max_size=len(first)))
    blocks = blocks_of(parsed("<body>" + "".join(f"<p>{PARAGRAPHS[0] if long else 'Home'}</p>" for long in prose)))
    itself, elements = by_itself(blocks, NameScores({}))
    thought = np.array(first, dtype=np.float32)
    found = of_neighbours(Layout(blocks, itself, elements), thought)
    sure = [
        n
        for n, (value, long) in enumerate(zip(thought.tolist(), prose, strict=True))
        if value > np.float32(0.6) and long
    ]
    for n, row in enumerate(found.tolist()):
        seen = dict(zip(OF_NEIGHBOURS, row, strict=True))
        assert seen["first@-1"] == pytest.approx(first[n - 1] if n else -1.0)
        assert seen["since_found"] == (-61 if not sure else min([n - s for s in sure if s < n], default=60))
        assert seen["until_found"] == (-61 if not sure else min([s - n for s in sure if s > n], default=60))
