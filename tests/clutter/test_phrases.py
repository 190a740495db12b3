"""Which phrases stand in a block, where, and when nobody looks."""

from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsclean.clutter.filing import Filing
from newsclean.clutter.phrases import Hit, PhraseIndex
from newsclean.clutter.rules import load
from newsclean.clutter.template import Template
from newsclean.clutter.words import words
from tests.clutter.rule_files import entry, rule_set


def index(*entries: str) -> PhraseIndex:
    return PhraseIndex(rule_set(*entries, words={"number-suffixes": ["K"]}).rules)


def hits(found: PhraseIndex, text: str, kind: str = "paragraph") -> list[tuple[str, str, str]]:
    return [(hit.rule.id, hit.place, text[slice(*hit.span)]) for hit in found.find(text, kind)]


def one(place: str, phrase: str, text: str) -> str | None:
    """What a phrase takes of a text; None where it does not stand there."""
    found = hits(index(entry(**{place: [phrase]})), text)
    return found[0][2] if found else None


@pytest.mark.parametrize(
    ("place", "phrase", "text", "taken"),
    [
        ("whole", "read also", "» Read also:", "Read also"),
        ("whole", "read also", "Read also this", None),
        ("whole", "read also", "Do read also", None),
        ("start", "read also", "Read also: the bridge", "Read also"),
        ("start", "read also", "They read also", None),
        ("start", "read al", "Read also", None),
        ("end", "read also", "Now, read also.", "read also"),
        ("end", "read also", "read also this", None),
        ("end", "ad also", "read also", None),
        ("part", "read also", "Now read also this", "read also"),
        ("part", "read also", "Now read this also", None),
        ("part", "ad also", "read also", None),
        ("whole", "{n} views", "12 K views", "12 K views"),
        ("whole", "{1-2} views", "so many views", "so many views"),
        ("whole", "{1-2} views {1-2}", "many views indeed", "many views indeed"),
        ("start", "{1-2} views", "many views of the sea", "many views"),
        ("start", "tags :", "Tags: the sea", "Tags:"),
        ("start", "tags :", "Tags the sea", None),
        ("start", "© {n}", "© 2023 Harbour", "© 2023"),
        ("end", "more →", "Read more →", "more →"),
        ("end", "more →", "Read more", None),
        ("part", "もっと読む", "ここでもっと読む方", "もっと読む"),
        ("part", "ilgili haber", "Bu İLGİLİ HABER burada", "İLGİLİ HABER"),
    ],
)
def test_places(place: str, phrase: str, text: str, taken: str | None) -> None:
    assert one(place, phrase, text) == taken


def test_several_rules_speak_about_one_block() -> None:
    found = index(entry("en.a", whole=["read also"]), entry("en.b", start=["read"]), entry("en.c", part=["also"]))
    assert [(rule, place) for rule, place, _ in hits(found, "Read also")] == [
        ("en.a", "whole"),
        ("en.b", "start"),
        ("en.c", "part"),
    ]


def test_kinds_of_block() -> None:
    found = index(entry(kinds=["heading"]))
    assert hits(found, "Read also", "heading")
    assert not hits(found, "Read also", "paragraph")


@pytest.mark.parametrize(("place", "limit"), [("whole", 40), ("start", 30), ("end", 30), ("part", 14)])
def test_longer_blocks_are_prose(place: str, limit: int) -> None:
    phrase = {"start": "read also", "part": "read also", "end": "read also", "whole": "read also {1-30} {1-30}"}[place]
    found = index(entry(**{place: [phrase]}))
    filler = " ".join(["word"] * (limit - 2))
    text = f"{filler} read also" if place == "end" else f"read also {filler}"
    assert hits(found, text)
    assert not hits(found, f"word {text}" if place == "end" else f"{text} word")


def test_a_rule_may_set_its_own_limit() -> None:
    found = index(entry(start=["read also"], max_words=4))
    assert hits(found, "read also this one")
    assert not hits(found, "read also this one now")


def test_in_scripts_without_spaces_two_characters_are_a_word() -> None:
    found = index(entry(start=["関連"], max_words=4))
    assert hits(found, "関連記事の一覧で")
    assert not hits(found, "関連記事の一覧です")


def test_a_block_of_5000_words_is_not_looked_at() -> None:
    with mock.patch.object(Filing, "likely", side_effect=AssertionError("phrases were looked for")):
        assert CARRIED.find("read also " * 2500) == []
        assert CARRIED.find("広告" * 2500) == []


def test_few_phrases_are_tried_on_prose() -> None:
    prose = "The council decided on Thursday that the old bridge stays open, said the mayor."
    with mock.patch.object(PhraseIndex, "_match", return_value=None) as tried:
        CARRIED.find(prose)
    assert tried.call_count < 10


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300), st.sampled_from(["paragraph", "heading", "item"]))
def test_any_text_against_the_carried_rules(text: str, kind: str) -> None:
    _check(text, list(CARRIED.find(text, kind)))


VOCABULARY = sorted({word for rule in load().rules for example in rule.match[:2] for word in example.split()})


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(VOCABULARY), max_size=30))
def test_texts_of_the_rules_own_words(chosen: list[str]) -> None:
    text = " ".join(chosen)
    _check(text, list(CARRIED.find(text)))


CARRIED = PhraseIndex(load().rules)


def _check(text: str, found: list[Hit]) -> None:
    for hit in found:
        start, end = hit.span
        assert 0 <= start < end <= len(text)
        assert any(_stands(template, text[start:end]) for template in hit.rule.templates[hit.place])


def _stands(template: Template, text: str) -> bool:
    found = words(text)
    read = (found.signs if template.signs else found.plain).split()
    return len(read) in template.grammar.ends(template.items, read, {0})
