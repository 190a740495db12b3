"""The words for what a block is, and what users write for them."""

import pytest

from newsclean.labels import CLUTTER_LABELS, CONTENT_LABELS, LABELS, label_named


def test_labels_are_content_or_clutter() -> None:
    assert not CONTENT_LABELS & CLUTTER_LABELS
    assert LABELS == CONTENT_LABELS | CLUTTER_LABELS
    assert {"headline", "standfirst", "paragraph", "caption"} <= CONTENT_LABELS
    assert {"back-to-top", "adblock-notice", "counter", "consent"} <= CLUTTER_LABELS


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("caption", "caption"),
        ("captions", "caption"),
        (" Tables", "table"),
        ("comment", "comments"),
        ("comments", "comments"),
        ("author_bio", "author-bio"),
        ("back to top", "back-to-top"),
    ],
)
def test_singular_plural_and_spelling(name: str, label: str) -> None:
    assert label_named(name) == label


def test_an_unknown_label_gets_a_hint() -> None:
    with pytest.raises(ValueError, match="did you mean 'caption'"):
        label_named("capton")
    with pytest.raises(ValueError, match="there are adblock-notice"):
        label_named("xyz")
