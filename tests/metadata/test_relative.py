"""How long ago a page says that it was."""

import time

import pytest

from newsclean.metadata.date_vocabulary import ago_words, date_data
from newsclean.metadata.relative import ago

NOW = "2024-05-01T10:20:30Z"
EXAMPLES = date_data()["ago"]["examples"]
SAID = [tuple(pair) for language, pairs in EXAMPLES.items() if language != "none" for pair in pairs]


@pytest.mark.parametrize(("text", "moment"), SAID)
def test_the_examples_of_the_vocabulary(text: str, moment: str) -> None:
    found = ago(text, NOW)
    assert found is not None
    assert found[0] == moment


@pytest.mark.parametrize("text", EXAMPLES["none"])
def test_lines_that_count_nothing(text: str) -> None:
    assert ago(text, NOW) is None


def test_without_a_capture_time_nothing_is_counted() -> None:
    assert ago("2 hours ago", None) is None
    assert ago("2 hours ago", "") is None
    assert ago("2 hours ago", "2024-05-01") is None


def test_the_capture_time_may_have_any_offset() -> None:
    assert ago("2 hours ago", "2024-05-01T12:20:30+02:00") == ("2024-05-01T08:20+00:00", 0)


def test_every_language_of_the_clutter_rules_has_an_example() -> None:
    assert len(EXAMPLES) > 30


def test_words_are_in_lower_case() -> None:
    words = ago_words()
    for word in (*words.units, *words.two_units, *words.named_days):
        assert word == word.lower()


def test_a_line_of_any_length() -> None:
    start = time.perf_counter()
    for text in ("vor " * 10_000, "1 " * 10_000, "a " * 10_000 + "hour ago", "1 hour" * 10_000):
        ago(text, NOW)
        ago(text[:90], NOW)
    assert time.perf_counter() - start < 0.5
