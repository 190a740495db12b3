"""The words by which metadata is read off a page."""

import pytest

from newsclean.metadata.date_vocabulary import written_words
from newsclean.metadata.vocabulary import date_words, name_words, parts_of, title_words


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("div", {"div"}),
        ("div.post-authorName", {"div", "post", "author", "name"}),
        ("p#by_line.meta", {"p", "by", "line", "meta"}),
        ("div.Author_wrapper__Tp", {"div", "author", "wrapper", "tp"}),
    ],
)
def test_parts_of_a_step(step: str, words: set[str]) -> None:
    assert parts_of(step) == words


def test_class_names_of_any_length() -> None:
    assert "author" not in parts_of("div." + "x" * 10_000 + ".author")


def test_names_are_in_lower_case_and_single_words() -> None:
    words, dates = name_words(), date_words()
    for known in (
        words.byline,
        words.not_byline,
        words.doubtful,
        dates.date,
        dates.changed,
        dates.other,
        title_words(),
    ):
        for word in known:
            assert parts_of("x." + word) == {"x", word}


def test_a_name_means_one_thing() -> None:
    words, dates = name_words(), date_words()
    assert words.byline.isdisjoint(words.not_byline)
    assert words.not_byline.isdisjoint(words.doubtful)
    assert dates.other.isdisjoint(dates.doubtful)
    assert dates.date.isdisjoint(dates.other | dates.doubtful)


def test_every_month_has_its_names() -> None:
    assert set(written_words().months.values()) == set(range(1, 13))
    assert written_words().months["märz"] == 3
