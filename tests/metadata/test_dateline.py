"""Place, date and agency at the head of a text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsclean.metadata.dateline import datelines


@pytest.mark.parametrize(
    ("line", "place", "date", "agency", "text"),
    [
        ("BEIRUT, Sept 23 (Reuters) – The port opens.", "BEIRUT", "Sept 23", "Reuters", "BEIRUT, Sept 23"),
        ("Berlin (dpa) - Der Hafen öffnet.", "Berlin", None, "dpa", "Berlin"),
        ("कोलकाता, 3 मार्च (भाषा)। पुल खुला है।", "कोलकाता", "3 मार्च", None, "कोलकाता, 3 मार्च"),
        ("LAGOS (AFP/NAN) – The port opens.", "LAGOS", None, "AFP/NAN", "LAGOS"),
        ("REUTERS – The port opens.", None, None, "Reuters", None),
        ("МОСКВА, 3 мая. /ТАСС/. Мост открыт.", "МОСКВА", "3 мая", "TASS", "МОСКВА, 3 мая"),
        ("OSTMARK, MAY 3: The port opens.", "OSTMARK", "MAY 3", None, "OSTMARK, MAY 3"),
    ],
)
def test_datelines(line: str, place: str | None, date: str | None, agency: str | None, text: str | None) -> None:
    found = datelines([line])
    assert found is not None
    assert (found.place, found.date, found.text) == (place, date, text)
    if agency is not None:
        assert found.agency == agency
    start, end = found.span
    assert line[start:end].strip() == found.raw


@pytest.mark.parametrize(
    "line",
    [
        "The bridge (AP) stays open.",
        "Mayor Ada Brook – who was elected in May – opened the bridge.",
        "WATCH: The bridge opens.",
        "He said: the bridge stays open.",
        "On May 3 - a Friday - the bridge opens.",
        "",
        "—",
        "()",
    ],
)
def test_sentences_without_one(line: str) -> None:
    assert datelines([line]) is None


def test_one_in_a_paragraph_of_its_own() -> None:
    found = datelines(["BEIRUT, Sept 23 (Reuters)", "The port opens."])
    assert found is not None
    assert found.paragraph == 0
    assert found.agency == "Reuters"


def test_a_summary_may_stand_before_it() -> None:
    found = datelines(["The port opens again after two years of work.", "BEIRUT, Sept 23 (Reuters) – The port opens."])
    assert found is not None
    assert found.paragraph == 1


def test_names_of_speakers_are_no_places() -> None:
    assert datelines(["BROOK: The bridge opens.", "ASHDOWN: When?", "BROOK: In May."]) is None


@given(st.lists(st.text(max_size=200), max_size=4))
def test_any_text(paragraphs: list[str]) -> None:
    found = datelines(paragraphs)
    if found is not None:
        start, end = found.span
        assert 0 <= start < end <= len(paragraphs[found.paragraph])


@pytest.mark.parametrize("piece", ["A, ", "(A", "3 May ", "– ", "ABC ", "1."])
def test_long_paragraphs_end(piece: str) -> None:
    began = time.process_time()
    datelines([piece * 100_000] * 3)
    assert time.process_time() - began < 60
