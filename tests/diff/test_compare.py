"""Two pages are told apart: outcome, fields, paragraphs, and why a side leaves a paragraph out."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsclean.diff.compare import UNKNOWN, changed_page, state_of
from newsclean.diff.sides import Page
from newsclean.model import Block, Decision, Evidence, Extraction, Verdict, Versions

VERSIONS = Versions(newsclean="1", rules="r", engine="e", settings="s")


def page(*body: str, outcome: str = "article", **fields: Any) -> Page:
    return Page(
        handle=1, record_id=None, url="https://news.example/a", outcome=outcome, fields=fields, body=tuple(body)
    )


def judged(*blocks: tuple[str, Decision, str, tuple[Evidence, ...]], cut: str | None = None) -> Extraction:
    return Extraction(
        outcome="article",
        versions=VERSIONS,
        blocks=tuple(Block(index=i, text=text) for i, (text, _, _, _) in enumerate(blocks)),
        verdicts=tuple(
            Verdict(block=i, decision=decision, label=label, confidence=1.0, evidence=evidence, text=cut)
            for i, (_, decision, label, evidence) in enumerate(blocks)
        ),
    )


@pytest.mark.parametrize(
    ("old", "new", "state"),
    [
        (page("one"), page("one"), "unchanged"),
        (page("one"), page("two"), "changed"),
        (page("one", headline="A"), page("one", headline="B"), "changed"),
        (page("one"), page(outcome="not-article:index-page"), "lost"),
        (page("one"), None, "lost"),
        (page(outcome="http-status"), page("one"), "gained"),
        (None, page("one"), "gained"),
        (page(outcome="not-article:index-page"), page(outcome="not-article:empty-shell"), "changed"),
        (page(outcome="empty-page"), page(outcome="empty-page"), "unchanged"),
        (page(outcome="empty-page"), None, "changed"),
    ],
)
def test_states(old: Page | None, new: Page | None, state: str) -> None:
    assert state_of(old, new) == state


def test_fields_that_differ_are_named_in_their_order() -> None:
    changed = changed_page(page(headline="A", authors=["X"]), page(headline="B", section="Sport"))
    assert [(field.name, field.old, field.new) for field in changed.fields] == [
        ("headline", "A", "B"),
        ("authors", ["X"], None),
        ("section", None, "Sport"),
    ]
    assert changed_page(page(headline="A"), page(outcome="empty-page")).fields == ()


def test_a_lost_paragraph_has_the_label_and_the_voice_of_the_side_without_it() -> None:
    rule = Evidence(source="rule:en.wide", label="promo", weight=-10.0, span=(0, 3))
    weak = Evidence(source="classifier", label="paragraph", weight=-1.0)
    after = judged(("gone", "drop", "promo", (weak, rule)), ("stays", "keep", "paragraph", ()))
    changed = changed_page(page("gone", "stays"), page("stays", "new"), None, after)
    gone, new = changed.paragraphs
    assert (gone.mark, gone.text, gone.label, gone.source, gone.weight) == ("-", "gone", "promo", "rule:en.wide", -10.0)
    assert (new.mark, new.text, new.label, new.source) == ("+", "new", UNKNOWN, None)
    assert changed.size == len("gone") + len("new")


def test_a_gained_paragraph_has_what_dropped_it_before() -> None:
    before = judged(("new", "aside", "caption", ()))
    (paragraph,) = changed_page(page(), page("new"), before).paragraphs
    assert (paragraph.mark, paragraph.label, paragraph.source) == ("+", "caption", None)


def test_what_a_rule_cuts_out_of_a_paragraph_is_said() -> None:
    rule = Evidence(source="rule:en.share", label="share", weight=-10.0, span=(9, 15))
    after = judged(("A story. Share!", "keep", "paragraph", (rule,)), cut="A story.")
    old, new = changed_page(page("A story. Share!"), page("A story."), None, after).paragraphs
    assert (old.label, old.source) == ("share", "rule:en.share")
    assert new.label == UNKNOWN


@given(st.lists(st.sampled_from("abcde"), max_size=12), st.lists(st.sampled_from("abcde"), max_size=12))
def test_the_paragraphs_lead_from_one_body_to_the_other(old: list[str], new: list[str]) -> None:
    changed = changed_page(page(*old), page(*new))
    lost = [paragraph.text for paragraph in changed.paragraphs if paragraph.mark == "-"]
    gained = [paragraph.text for paragraph in changed.paragraphs if paragraph.mark == "+"]
    assert sorted([*old, *gained]) == sorted([*new, *lost])
    assert (changed.state == "unchanged") == (old == new)


def test_a_very_long_body_is_compared_as_a_heap() -> None:
    old = [f"paragraph {number}" for number in range(4000)]
    changed = changed_page(page(*old), page(*reversed(old[1:]), "new"))
    assert [(paragraph.mark, paragraph.text) for paragraph in changed.paragraphs] == [("-", old[0]), ("+", "new")]
