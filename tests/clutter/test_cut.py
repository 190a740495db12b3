"""Clutter in one block with prose: cut off at the ends, never from the middle."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsclean.clutter.cut import cut_ends
from newsclean.clutter.evidence import RuleVoice
from newsclean.clutter.rules import load
from tests.clutter.rule_files import entry, rule_set

VOICE = RuleVoice(
    rule_set(
        entry("en.read", whole=["read also {1-8}", "read also"], cut=True),
        entry("en.follow", whole=["follow us"], cut=True, label="share"),
        entry("ja.read", whole=["関連記事"], cut=True),
        entry("en.quiet", whole=["share this"], label="share"),
    )
)
PROSE = "The bridge stays open. It was built in 1911."


def cut(text: str) -> tuple[str, list[str]]:
    left, evidence = cut_ends(text, VOICE.phrases)
    return left, [f"{e.source}: {text[slice(*e.span)].strip()}" for e in evidence if e.span]


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        (f"{PROSE} Read also.", ["rule:en.read: Read also."]),
        (f"Read also: The old port! {PROSE}", ["rule:en.read: Read also: The old port!"]),
        (f"{PROSE} Follow us! Read also…", ["rule:en.read: Read also…", "rule:en.follow: Follow us!"]),
        (f"Follow us. {PROSE} Read also.", ["rule:en.read: Read also.", "rule:en.follow: Follow us."]),
        (f"{PROSE} | Follow us", ["rule:en.follow: | Follow us"]),
        (f"“{PROSE}” Read also.", ["rule:en.read: Read also."]),
    ],
)
def test_clutter_at_the_ends_goes(text: str, gone: list[str]) -> None:
    left, evidence = cut(text)
    assert left.strip("“”") == PROSE
    assert evidence == gone


def test_sentences_without_spaces_between_them() -> None:
    assert cut("橋は開いている。関連記事。")[0] == "橋は開いている。"


@pytest.mark.parametrize(
    "text",
    [
        PROSE,
        "The bridge stays open. Read also. It was built in 1911.",
        "The bridge, follow us, stays open.",
        "They read also.",
        "Follow us.",
        f"{PROSE} Share this.",
        f"{PROSE} Read also " + "and on " * 12,
        "",
    ],
)
def test_all_else_stays(text: str) -> None:
    assert cut(text) == (text, [])


def test_something_is_always_left() -> None:
    assert cut("Follow us. Read also.")[0] == "Follow us."


CARRIED = RuleVoice(load())


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab .!?。|»”0", max_size=80))
def test_what_is_left_is_a_piece_of_the_text(text: str) -> None:
    left, evidence = cut_ends(text, CARRIED.phrases)
    assert left in text
    assert bool(evidence) == (left != text) or not evidence
