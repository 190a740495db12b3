"""Figures that pages print of themselves."""

from typing import Literal

import pytest

from newsclean.metadata.figures import figure_data, figures, minutes_of, views_of
from newsclean.model import Block, Verdict

Decision = Literal["keep", "aside", "drop"]
FIGURES = figure_data()["figure"]
SAID = [tuple(line.rsplit(" = ", 1)) for figure in FIGURES for line in figure["match"]]
NOTHING = [line for figure in FIGURES for line in figure["no_match"]]


@pytest.mark.parametrize(("line", "said"), SAID)
def test_the_examples_of_the_vocabulary(line: str, said: str) -> None:
    kind, number = said.split()
    assert {"views": views_of, "minutes": minutes_of}[kind](line) == int(number)


@pytest.mark.parametrize("line", NOTHING)
def test_lines_that_print_no_figure(line: str) -> None:
    assert views_of(line) is None
    assert minutes_of(line) is None


def test_every_language_has_examples_of_both_kinds_and_of_neither() -> None:
    assert len({figure["language"] for figure in FIGURES}) >= 19
    for figure in FIGURES:
        assert figure["match"], figure["language"]
        assert figure["no_match"], figure["language"]


@pytest.mark.parametrize(
    ("line", "views"),
    [
        ("Views: 1,204,337", 1_204_337),
        ("1.2K views", 1200),
        ("2.5M views", 2_500_000),
        ("99999999999999 views", None),
        ("-5 views", None),
        ("views", None),
        ("12 views of the bridge", None),
    ],
)
def test_numbers(line: str, views: int | None) -> None:
    assert views_of(line) == views


@pytest.mark.parametrize(("line", "minutes"), [("0 min read", None), ("240 min read", 240), ("241 min read", None)])
def test_reading_times_that_nobody_reads(line: str, minutes: int | None) -> None:
    assert minutes_of(line) == minutes


def verdict(block: int, decision: Decision, label: str) -> Verdict:
    return Verdict(block=block, decision=decision, label=label, confidence=0.9)


def block(index: int, text: str) -> Block:
    return Block(index=index, kind="paragraph", text=text, path=("div",), nodes=(1,))


def test_the_first_of_each_kind_with_its_block() -> None:
    blocks = [block(i, text) for i, text in enumerate(["5 min read", "12 views", "13 views", "6 min read"])]
    found = figures(blocks, [verdict(b.index, "drop", "counter") for b in blocks])
    assert found.reading_minutes
    assert found.view_count
    assert (found.reading_minutes.value, found.reading_minutes.block) == (5, 0)
    assert (found.view_count.value, found.view_count.block, found.view_count.raw) == (12, 1, "12 views")


@pytest.mark.parametrize(("decision", "label"), [("keep", "paragraph"), ("drop", "related"), ("drop", "comments")])
def test_counters_of_other_articles_and_sentences_are_none_of_the_page(decision: Decision, label: str) -> None:
    found = figures([block(0, "12 views")], [verdict(0, decision, label)])
    assert found.view_count is None
