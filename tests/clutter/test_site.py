"""What repeats over the pages of a site, in a language that no rule knows."""

from hypothesis import given
from hypothesis import strategies as st

import newsclean
from newsclean.clutter.site import SiteCounts, SiteMemory
from newsclean.extraction import extract_capture
from newsclean.model import Block, Capture, Extraction
from newsclean.settings import Settings

WORDS = (
    "lorvi mendat zunar pelto karin vosta tirem galdo senaru bolvi ketsan ruvi dorman elsu pindra wotal gresi hamdo"
    " jurven tolka misrat obelu canvi ferdo lastun quiri"
).split()
DISCLAIMER = (
    "Vosta karin pelto galdo tirem senaru bolvi ketsan, ruvi dorman elsu pindra wotal gresi hamdo jurven tolka."
)


def sentence(start: int) -> str:
    chosen = [WORDS[(start * 7 + step * (3 + start % 5)) % len(WORDS)] for step in range(22)]
    return " ".join(chosen).capitalize() + "."


def paper(number: int) -> str:
    """A page of the paper: a counter in the text, and a standing disclaimer at its end."""
    body = [sentence(number * 10 + place) for place in range(6)]
    counter = f"Lorvi mendat {8000 + number * 399:,} zunar!".replace(",", ".")
    paragraphs = [*body[:3], counter, *body[3:], DISCLAIMER]
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<html><body><article><h1>{sentence(number)[:40]}</h1>{text}</article></body></html>"


def blocks(number: int) -> tuple[Block, ...]:
    return newsclean.extract(paper(number), url=f"https://lorvi.example/{number}").blocks


def learned(numbers: range) -> SiteCounts:
    counts = SiteCounts()
    for number in numbers:
        counts.add(blocks(number))
    return counts


def read(number: int, memory: SiteMemory | None, **settings: object) -> Extraction:
    capture = Capture(url="https://lorvi.example/x", final_url="https://lorvi.example/x", body=paper(number).encode())
    return extract_capture(capture, Settings(**settings), site=memory)  # type: ignore[arg-type]


def test_a_counter_that_no_rule_knows_is_dropped_after_a_few_pages() -> None:
    memory = learned(range(8)).memory()
    assert memory is not None
    without, found = read(9, None), read(9, memory)
    assert any("mendat 1" in line for line in without.article.body)
    assert not any("mendat 1" in line for line in found.article.body)
    assert DISCLAIMER in found.article.body
    (counter,) = [v for v in found.verdicts if found.blocks[v.block].text.startswith("Lorvi mendat 1")]
    assert (counter.decision, counter.label) == ("drop", "counter")
    assert "site:8-of-8-pages" in {evidence.source for evidence in counter.evidence}
    assert found.versions.site == memory.digest != without.versions.site


def test_the_setting_turns_it_off() -> None:
    memory = learned(range(8)).memory()
    found = read(9, memory, site_memory=False)
    assert any("mendat 1" in line for line in found.article.body)
    assert found.versions.site == ""


def test_few_pages_teach_nothing() -> None:
    assert learned(range(3)).memory() is None


def test_what_a_tenth_of_the_pages_has_is_no_habit() -> None:
    counts = SiteCounts()
    for number in range(40):
        texts = [sentence(number), *(["Pelto karin vosta"] if number % 10 == 0 else [])]
        counts.add(Block(index=place, text=text) for place, text in enumerate(texts))
    assert counts.memory() is None


def test_links_and_headings_are_not_remembered() -> None:
    counts = SiteCounts()
    for _ in range(6):
        counts.add([Block(index=0, text="Pelto karin", link_chars=11), Block(index=1, text="Karin pelto", level=2)])
    assert counts.memory() is None


pages = st.lists(
    st.lists(st.sampled_from([*WORDS, "counted 1 times", "counted 2 times", "a b c d e"]), max_size=6), max_size=8
)


def counted(lists: list[list[str]]) -> SiteCounts:
    counts = SiteCounts()
    for texts in lists:
        counts.add(Block(index=place, text=f"{text} {text}") for place, text in enumerate(texts))
    return counts


@given(pages, st.randoms(use_true_random=False))
def test_the_order_of_pages_changes_nothing(lists: list[list[str]], random: object) -> None:
    shuffled = list(lists)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert counted(lists).packed() == counted(shuffled).packed()


@given(pages, pages)
def test_two_counts_are_merged(one: list[list[str]], other: list[list[str]]) -> None:
    merged = counted(one)
    merged.merge(counted(other))
    assert merged.packed() == counted([*one, *other]).packed()


@given(pages)
def test_counts_are_read_back_as_written(lists: list[list[str]]) -> None:
    counts = counted(lists)
    assert SiteCounts.unpacked(counts.packed()).packed() == counts.packed()
