"""What follows from a phrase, and how much work it is to match."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsclean.clutter.grammar import Grammar, Items
from newsclean.clutter.rules import load
from newsclean.clutter.template import Template, Templates


def template(source: str) -> Template:
    return Templates({"number-suffixes": ["K"]}).compile(source)


def naive(grammar: Grammar, items: Items, text: Sequence[str], place: int) -> Iterator[int]:
    """Where a sequence can end, by trying everything."""
    if not items:
        yield place
        return
    item, rest = items[0], items[1:]
    if isinstance(item, str):
        if place < len(text) and text[place] == item:
            yield from naive(grammar, rest, text, place + 1)
    elif isinstance(item, tuple):
        for count in range(item[0], item[1] + 1):
            if place + count <= len(text):
                yield from naive(grammar, rest, text, place + count)
    else:
        for branch in grammar.choices[item]:
            for end in naive(grammar, branch, text, place):
                yield from naive(grammar, rest, text, end)


PARTS = ["a", "b", "(a|b)", "[a]", "[a|b a]", "{0-2}", "{1-2}", "(a b|[b] a)", "(a|{1-2} b)", "[[a] b]", "{n}"]
SOURCE = st.lists(st.sampled_from(PARTS), min_size=1, max_size=5).map(lambda parts: " ".join([*parts, "a"]))
TEXT = st.lists(st.sampled_from(["a", "b", "c", "0"]), max_size=7)


@settings(deadline=None)
@given(SOURCE, TEXT, st.sets(st.integers(0, 7)))
def test_ends_are_those_of_trying_everything(source: str, text: list[str], starts: set[int]) -> None:
    found = template(source)
    starts = {place for place in starts if place <= len(text)}
    expected = {end for place in starts for end in naive(found.grammar, found.items, text, place)}
    assert found.grammar.ends(found.items, text, starts) == expected


@settings(deadline=None)
@given(SOURCE, TEXT)
def test_the_mirror_matches_what_is_read_from_the_end(source: str, text: list[str]) -> None:
    found = template(source)
    whole = len(text) in found.grammar.ends(found.items, text, {0})
    mirror = found.grammar.mirror(found.items)
    assert whole == (len(text) in found.grammar.ends(mirror, text[::-1], {0}))
    assert found.grammar.mirror(mirror) == found.items or found.grammar.lengths(mirror) == (found.least, found.most)


@settings(deadline=None)
@given(SOURCE, TEXT)
def test_what_follows_from_a_phrase_holds_for_its_matches(source: str, text: list[str]) -> None:
    found = template(source)
    if len(text) not in found.grammar.ends(found.items, text, {0}):
        return
    assert found.least <= len(text) <= found.most
    assert not found.first or text[0] in found.first
    assert not found.last or text[-1] in found.last
    for words in found.grammar.needed(found.items, len):
        assert not words.isdisjoint(text)


@pytest.mark.parametrize(
    ("source", "needed"),
    [
        ("a b", [{"b"}, {"a"}]),
        ("[a] {1-2} c", [{"c"}]),
        ("(a|c a) b", [{"b"}, {"a"}]),
        ("(a|{1-2}) {0-3} c", [{"c"}]),
    ],
)
def test_needed_words_are_the_cheapest(source: str, needed: list[set[str]]) -> None:
    found = template(source)
    costs = {"a": 3.0, "b": 1.0, "c": 4.0}
    assert found.grammar.needed(found.items, costs.__getitem__) == needed


def test_phrases_of_two_grammars_are_the_same_in_one() -> None:
    first, second = template("(a|b) [c]"), template("(x|y) (a|b) [c]")
    taken = first.grammar.adopt(second.items, second.grammar)
    assert len(first.grammar.choices) == 3
    assert first.grammar.ends(taken, ["y", "a", "c"], {0}) == {2, 3}


class Counting(list[str]):
    """A text that counts how often a word of it is looked at."""

    looks = 0

    def __getitem__(self, key: Any) -> Any:
        self.looks += 1
        return super().__getitem__(key)


TRAPS = [
    "a {0-30} a {0-30} a {0-30} a {0-30} b",
    "[a] [a] [a] [a] [a] [a] [a] [a] [a] [a] a a a a a a a a a a b",
    "(a|a a|a a a) (a|a a|a a a) (a|a a|a a a) (a|a a|a a a) (a|a a|a a a) b",
    "([a] [a]|a [a]) ([a] {0-9}|a [a]) ([a] [a]|a [{0-9} a]) b",
    "[[[[a] a] a] a] [[[[a] a] a] a] {0-20} {0-10} b",
]


@pytest.mark.parametrize("source", TRAPS)
@pytest.mark.parametrize("length", [1_000, 10_000])
def test_traps_take_linear_work(source: str, length: int) -> None:
    found = template(source)
    text = Counting(["a"] * length)
    found.grammar.ends(found.items, text, set(range(length)))
    assert 0 < text.looks <= 3 * (length + 1) * found.grammar.positions(found.items)


PARTS_OF_TRAPS = ["a", "[a]", "(a|a a)", "{0-30}", "[a {0-9} a]", "([a] a|{0-3} a)"]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(PARTS_OF_TRAPS), min_size=1, max_size=9))
def test_any_phrase_takes_linear_work(parts: list[str]) -> None:
    found = template(" ".join(["a", *parts, "b"]))
    text = Counting(["a"] * 500)
    found.grammar.ends(found.items, text, set(range(500)))
    assert text.looks <= 3 * 501 * found.grammar.positions(found.items)


def test_the_carried_phrases_are_small() -> None:
    for rule in load().rules:
        for templates in rule.templates.values():
            for found in templates:
                assert found.grammar.positions(found.items) <= 4_000, (rule.id, found.source)
