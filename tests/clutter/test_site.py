"""What repeats over the pages of a site, in a language that no rule knows."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsclean.clutter.site import SiteCounts, SiteMemory, page_marks, pages_of
from newsclean.extraction import extract_capture
from newsclean.model import Block, Capture, Decision, Evidence, Extraction, Kind, Verdict
from newsclean.settings import Settings
from tests.clutter.paper import CREDIT, DISCLAIMER, WORDS, counter, judged, page, sentence, url

PROMPT = "Pelto karin vosta"


def learned(numbers: range) -> SiteCounts:
    counts = SiteCounts()
    for number in numbers:
        found = judged(number)
        counts.add(found.blocks, found.verdicts)
    return counts


def read(number: int, memory: SiteMemory | None, **values: object) -> Extraction:
    capture = Capture(url=url(number), final_url=url(number), body=page(number).encode())
    return extract_capture(capture, Settings(**values), site=memory)  # type: ignore[arg-type]


def said(*pages: list[tuple[str, Decision]], ask: str, kind: Kind = "paragraph", level: int = 0) -> Evidence | None:
    """What is said of a text after these pages, each its texts and what became of them."""
    counts = SiteCounts()
    for texts in pages:
        blocks = [Block(index=i, text=text, kind=kind, level=level) for i, (text, _) in enumerate(texts)]
        verdicts = [
            Verdict(block=i, decision=decision, label="paragraph", confidence=1)
            for i, (_, decision) in enumerate(texts)
        ]
        counts.add(blocks, verdicts)
    memory = counts.memory()
    return memory.speak([Block(index=0, text=ask, kind=kind, level=level)])[0] if memory else None


def around(number: int, text: str, decision: Decision) -> list[tuple[str, Decision]]:
    """A page that has the text in the midst of its body."""
    body: list[tuple[str, Decision]] = [(sentence(number * 10 + place), "keep") for place in range(10)]
    return [*body[:5], (text, decision), *body[5:]]


def test_a_counter_that_no_rule_knows_is_dropped_after_a_few_pages() -> None:
    memory = learned(range(8)).memory()
    assert memory is not None
    without, found = read(9, None), read(9, memory)
    assert counter(9) in without.article.body
    assert counter(9) not in found.article.body
    assert [line for line in without.article.body if line != counter(9)] == list(found.article.body)
    (verdict,) = [v for v in found.verdicts if found.blocks[v.block].text == counter(9)]
    assert (verdict.decision, verdict.label) == ("drop", "counter")
    assert "site:8-of-8-pages" in {evidence.source for evidence in verdict.evidence}
    assert found.versions.site == memory.digest != without.versions.site


def test_what_authors_put_at_the_end_stays() -> None:
    found = read(9, learned(range(8)).memory())
    assert found.article.body[-2:] == (DISCLAIMER, CREDIT)
    last = [v for v in found.verdicts if found.blocks[v.block].text in (DISCLAIMER, CREDIT)]
    assert not [e for v in last for e in v.evidence if e.source.startswith("site:")]


def test_the_setting_turns_it_off() -> None:
    found = read(9, learned(range(8)).memory(), site_memory=False)
    assert counter(9) in found.article.body
    assert found.versions.site == ""


def test_few_pages_teach_nothing() -> None:
    assert learned(range(3)).memory() is None
    assert learned(range(4)).memory() is not None


def test_a_memory_is_learned_the_same_from_pages_that_heard_it() -> None:
    memory = learned(range(8)).memory()
    one, other = read(9, None), read(9, memory)
    assert one.verdicts != other.verdicts
    assert page_marks(one.blocks, one.verdicts) == page_marks(other.blocks, other.verdicts)


def test_two_teasers_are_no_habit_of_a_site() -> None:
    pages = [around(n, PROMPT if n % 10 == 0 else sentence(1000 + n), "drop") for n in range(40)]
    assert said(*pages, ask=PROMPT) is None


def test_the_weight_grows_with_the_share_of_pages() -> None:
    weights = []
    for share in (4, 7, 10):
        pages = [around(n, PROMPT if n < share else sentence(1000 + n), "drop") for n in range(10)]
        evidence = said(*pages, ask=PROMPT)
        assert evidence
        assert evidence.source == f"site:{share}-of-10-pages"
        weights.append(evidence.weight)
    assert weights == sorted(weights, reverse=True)
    assert weights[-1] < -3


def test_what_most_pages_drop_weighs_more_than_what_they_keep() -> None:
    dropped = said(*[around(n, PROMPT, "drop") for n in range(8)], ask=PROMPT)
    kept = said(*[around(n, PROMPT, "keep") for n in range(8)], ask=PROMPT)
    assert dropped
    assert kept
    assert dropped.weight < kept.weight < 0


def test_a_sentence_in_the_body_is_hardly_spoken_against() -> None:
    evidence = said(*[around(n, DISCLAIMER, "keep") for n in range(8)], ask=DISCLAIMER)
    assert evidence
    assert -1.5 < evidence.weight < 0


@pytest.mark.parametrize(
    ("text", "level", "decision"), [(PROMPT, 2, "keep"), (PROMPT, 0, "aside"), ("Pelto 12 karin", 0, "aside")]
)
def test_headings_of_the_body_and_what_is_set_aside_are_the_articles_own(
    text: str, level: int, decision: Decision
) -> None:
    kind: Kind = "heading" if level else "paragraph"
    assert said(*[around(n, text, decision) for n in range(8)], ask=text, kind=kind, level=level) is None


def test_a_counter_changes_in_its_numbers() -> None:
    changing = said(*[around(n, f"Pelto karin {n * 7}", "keep") for n in range(8)], ask="Pelto karin 99")
    assert changing
    assert (changing.label, changing.weight) == ("counter", -8.0)
    standing = said(*[around(n, "Pelto karin 1871", "keep") for n in range(8)], ask="Pelto karin 1871")
    assert standing is None or standing.label != "counter"


def test_a_script_without_spaces_has_counters_too() -> None:
    evidence = said(*[around(n, f"阅读量{n * 7}次", "keep") for n in range(8)], ask="阅读量8399次")
    assert evidence
    assert evidence.label == "counter"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Pelto karin {} vosta tirem galdo {} senaru {} bolvi ketsan {}", "paragraph"),  # a report made by a machine
        ("Pelto karin {}", "cell"),
        (sentence(1)[:-1] + " {}.", "paragraph"),
    ],
)
def test_what_has_numbers_and_is_no_counter(text: str, kind: Kind) -> None:
    pages = [around(n, text.format(n, n * 3, n * 5, n * 7), "keep") for n in range(8)]
    evidence = said(*pages, ask=text.format(1, 2, 3, 4), kind=kind)
    assert evidence is None or evidence.label != "counter"


def test_a_list_with_numbers_is_no_counter() -> None:
    pages = [[*around(n, "Karin elsu 1", "keep"), ("Karin elsu 2", "keep")] for n in range(8)]
    evidence = said(*pages, ask="Karin elsu 3")
    assert evidence is None or evidence.label != "counter"


def test_what_heads_each_part_of_a_body_is_the_articles_own() -> None:
    pages = [[*around(n, PROMPT, "keep"), *around(n + 50, PROMPT, "keep")] for n in range(8)]
    assert said(*pages, ask=PROMPT) is None


def test_the_same_words_in_another_place_are_another_text() -> None:
    counts = SiteCounts()
    for _ in range(6):
        counts.add([Block(index=0, text=PROMPT, path=("body", "aside.box", "ul", "li.teaser-17"))])
    memory = counts.memory()
    assert memory
    there, lead = memory.speak(
        [
            Block(index=0, text=PROMPT.upper(), path=("body", "aside.more", "ul", "li.teaser-4")),
            Block(index=1, text=PROMPT, path=("body", "article", "div", "p.lead")),
        ]
    )
    assert there
    assert lead is None


def test_short_words_and_long_texts_are_not_remembered() -> None:
    counts = SiteCounts()
    for _ in range(6):
        counts.add([Block(index=0, text="Elsu"), Block(index=1, text=" ".join(WORDS * 8))])
    assert counts.memory() is None


def test_it_is_bounded() -> None:
    blocks = [Block(index=n, text=f"{WORDS[n % 26]} {WORDS[n // 26 % 26]} {sentence(n)}") for n in range(5000)]
    assert len(page_marks(blocks)) < 5000
    counts = SiteCounts()
    for _ in range(2 * SiteCounts.MOST_PAGES):
        counts.add(blocks[:3])
    assert counts.is_full
    assert counts.pages == SiteCounts.MOST_PAGES


def test_marks_of_another_version_are_not_read() -> None:
    marks = page_marks([Block(index=0, text=PROMPT)])
    assert pages_of([marks, b"", b"\x02" + marks[1:], marks + b"x"]).pages == 1


texts = st.sampled_from([*(f"{a} {b}" for a in WORDS[:5] for b in WORDS[:5]), "pelto karin 1", "pelto karin 2"])
decisions: st.SearchStrategy[Decision] = st.sampled_from(["keep", "aside", "drop"])


@given(st.lists(st.lists(st.tuples(texts, decisions), max_size=8), min_size=4, max_size=9), st.integers())
@settings(deadline=None)
def test_the_order_of_pages_changes_nothing(pages: list[list[tuple[str, Decision]]], seed: int) -> None:
    marks = []
    for page_ in pages:
        blocks = [Block(index=i, text=text) for i, (text, _) in enumerate(page_)]
        verdicts = [Verdict(block=i, decision=d, label="paragraph", confidence=1) for i, (_, d) in enumerate(page_)]
        marks.append(page_marks(blocks, verdicts))
    shuffled = random.Random(seed).sample(marks, len(marks))
    assert pages_of(marks).memory() == pages_of(shuffled).memory()
