"""Random trees of elements: no word that a reader sees is lost, and every page ends in the same way each time."""

from collections.abc import Sequence

from hypothesis import HealthCheck, given, settings

from tests.fuzz.checks import checked
from tests.fuzz.pages import TREES, Tree, written

SLOW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def lost(markup: str, words: list[str]) -> set[str]:
    """The words that are in no block."""
    found = checked(f"<!doctype html><title>Ferry</title><body>{markup}".encode())
    return set(words) - {word for block in found.blocks for word in block.text.split()}


@SLOW
@given(TREES)
def test_every_word_of_a_tree_is_in_a_block(trees: Sequence["Tree | str"]) -> None:
    assert not lost(*written(trees))


@SLOW
@given(TREES)
def test_every_word_is_in_a_block_where_end_tags_are_missing(trees: Sequence["Tree | str"]) -> None:
    assert not lost(*written(trees, closing=False))
