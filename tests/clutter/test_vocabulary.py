"""The vocabulary as a whole against two tables that were written without it.

``precision.toml`` holds sentences that look like clutter and are none, ``recall.toml`` clutter in other words
than the rule files' own examples.
"""

import tomllib
from pathlib import Path

import pytest

from newsclean.extraction import clean_text

HERE = Path(__file__).parent
PRECISION: dict[str, list[str]] = tomllib.loads((HERE / "precision.toml").read_text(encoding="utf-8"))
RECALL: dict[str, dict[str, list[str]]] = tomllib.loads((HERE / "recall.toml").read_text(encoding="utf-8"))
LANGUAGES = (
    "en de fr es it pt nl pl sv no da tr ru ar ja ko zh hi id bn ur fa mr te el he bg fi cs ro hu uk ta sw lv et ca"
).split()
FLOOR = 0.8
"""Share of each language's lines in recall.toml that must be recognised."""


def test_both_tables_have_the_languages_of_the_rules() -> None:
    assert list(PRECISION) == list(RECALL) == LANGUAGES
    assert min(map(len, PRECISION.values())) >= 12


@pytest.mark.parametrize("sentence", [line for lines in PRECISION.values() for line in lines])
def test_news_stays(sentence: str) -> None:
    assert clean_text(sentence) == sentence


@pytest.mark.parametrize("language", RECALL)
def test_clutter_goes(language: str) -> None:
    lines = [line for kind in RECALL[language].values() for line in kind]
    missed = [line for line in lines if clean_text(line)]
    share = 1 - len(missed) / len(lines)
    assert share >= FLOOR, f"{share:.2f} of {len(lines)} lines; missed: {missed}"
