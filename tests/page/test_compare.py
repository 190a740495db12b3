"""The form in which two texts are compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsclean.page.compare import key, same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“Not again,” she said — twice", '"not again" she said: twice.'),
        ("Ｈａｒｂｏｕｒ　Ｎｅｗｓ", "harbour news"),
        ("Straße", "STRASSE"),
        ("• A list item", "a list item"),
        ("ﬁre", "fire"),
    ],
)
def test_signs_case_and_width_do_not_count(one: str, other: str) -> None:
    assert same(one, other)


@pytest.mark.parametrize(("one", "other"), [("8,399 people", "8,398 people"), ("the port", "the sport")])
def test_letters_and_digits_count(one: str, other: str) -> None:
    assert not same(one, other)


@given(st.text())
def test_key_holds_no_spaces_and_survives_a_second_look(text: str) -> None:
    assert not any(c.isspace() for c in key(text))
    assert key(text + " .") == key(text)
