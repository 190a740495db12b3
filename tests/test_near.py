"""Near duplicates: edited copies are found, two stories of one event are none."""

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsclean import near, near_duplicates
from tests import near_stories
from tests.near_stories import EDITS, edited, stories

STORIES = {name: "\n".join(body) for name, body in stories().items()}
EDITIONS = 12
"""Edited copies of each story in the made set."""


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
@pytest.mark.parametrize("name", sorted(STORIES))
def test_a_copy_with_one_edit(name: str, edit: near_stories.Edit) -> None:
    copy = "\n".join(edit(stories()[name], random.Random(7)))
    assert near_duplicates([STORIES[name], "A text of its own.", copy]) == [[0, 2]]


def test_two_stories_of_one_event_are_no_copies() -> None:
    assert near_duplicates(STORIES.values()) == []
    signatures = [found for text in STORIES.values() if (found := near.signature(text))]
    assert len(signatures) == len(STORIES)
    alike = [near.likeness(one, [other])[0] for one, other in itertools.combinations(signatures, 2)]
    assert max(alike) < 0.15


def test_precision_and_recall_over_a_made_set() -> None:
    """Each story in editions of two edits each, all mixed: pairs that are found, and pairs that should be."""
    rng = random.Random(3)
    texts = list(STORIES.items())
    texts += [(name, "\n".join(edited(body, rng))) for name, body in stories().items() for _ in range(EDITIONS)]
    rng.shuffle(texts)
    found = {pair for group in near_duplicates(text for _, text in texts) for pair in itertools.combinations(group, 2)}
    there = {pair for pair in itertools.combinations(range(len(texts)), 2) if texts[pair[0]][0] == texts[pair[1]][0]}
    assert found <= there, "two stories are taken for one"
    assert len(found) >= 0.98 * len(there)


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from(sorted(STORIES)), edit=st.sampled_from(EDITS), seed=st.integers(0, 2**32))
def test_any_one_edit(name: str, edit: near_stories.Edit, seed: int) -> None:
    copy = near.signature("\n".join(edit(stories()[name], random.Random(seed))))
    itself = near.signature(STORIES[name])
    assert itself is not None
    assert copy is not None
    assert near.likeness(itself, [copy])[0] >= near.ALIKE
    assert set(near.bands(itself)) & set(near.bands(copy))


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_the_order_of_the_texts_does_not_matter(seed: int) -> None:
    rng = random.Random(seed)
    texts = [*STORIES.values(), *("\n".join(edited(body, rng, 3)) for body in stories().values())]
    mixed = rng.sample(range(len(texts)), len(texts))
    back = [sorted(mixed[place] for place in group) for group in near_duplicates(texts[place] for place in mixed)]
    assert sorted(back) == near_duplicates(texts)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=400))
def test_any_text_has_a_signature_or_none(text: str) -> None:
    found = near.signature(text)
    assert found is None or len(found) == near.SIGNATURE_BYTES
    assert near.signature(text) == found


def test_the_estimate_is_near_the_true_share() -> None:
    words = [f"word{number}" for number in range(1203)]
    whole = near.signature(" ".join(words))
    assert whole is not None
    for kept in (900, 600, 300):
        part = near.signature(" ".join(words[: kept + 3]))
        assert part is not None
        assert near.likeness(whole, [part])[0] == pytest.approx(kept / 1200, abs=0.13)  # three times its error


def test_the_same_text_has_the_same_signature_on_every_machine() -> None:
    found = near.signature(STORIES["ferry/0"])
    assert found is not None
    assert found[:16].hex() == SIGNATURE
    assert near.bands(found)[0] == int.from_bytes(found[:2], "little") << 32 | int.from_bytes(
        found[2:4], "little"
    ) << 16 | int.from_bytes(found[4:6], "little")


SIGNATURE = "999370e7cbd6afcc74183c752e8b27c5"


def test_a_note_of_two_sentences_is_not_compared() -> None:
    note = "This story was corrected on Friday. An earlier version named the wrong quay."
    assert near.signature(note) is None
    assert near_duplicates([note, note]) == []


def test_a_long_text_is_hashed_in_parts() -> None:
    text = " ".join(f"word{number}" for number in range(5000))
    assert near_duplicates([text, text + " and one more"]) == [[0, 1]]


def test_a_template_that_thousands_share() -> None:
    """More texts in one band than are looked at."""
    head = " ".join(f"word{number}" for number in range(60))
    reports = [f"{head} report {number} " + " ".join(f"n{number}x{k}" for k in range(200)) for number in range(300)]
    assert near_duplicates([*reports, reports[299]]) == [[299, 300]]


def test_nothing_to_compare() -> None:
    assert near_duplicates([]) == []
    assert near_duplicates([STORIES["ferry/0"]]) == []


def test_what_is_alike_is_passed_on() -> None:
    """Of three, the outer two are alike with the middle one only."""
    words = [f"word{number}" for number in range(1400)]
    first, middle, last = (" ".join(words[start : start + 1000]) for start in (0, 200, 400))
    assert near_duplicates([first, last]) == []
    assert near_duplicates([first, last, middle]) == [[0, 1, 2]]
