"""The vocabulary as a whole against two tables that were written without it.

``precision.toml`` holds sentences that look like clutter and are none, ``recall.toml`` clutter in other words
than the rule files' own examples.
"""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from newsclean.extraction import clean_text

HERE = Path(__file__).parent
PRECISION: dict[str, list[str]] = tomllib.loads((HERE / "precision.toml").read_text(encoding="utf-8"))
RECALL: dict[str, dict[str, list[str]]] = tomllib.loads((HERE / "recall.toml").read_text(encoding="utf-8"))
FLOOR = 0.8
"""Share of each language's lines in recall.toml that must be recognised."""

ORDERS_TO_READ = (
    "Leggi anche vecchie di un secolo restano in vigore, ha scritto la giudice.",
    "Lesen Sie auch zwischen den Zeilen, riet der Anwalt.",
    "Lisez aussi entre les lignes, a dit l'avocat.",
    "Lea también entre líneas, dijo el abogado.",
    "Leggete anche tra le righe, ha detto l'avvocato.",
    "Leia também nas entrelinhas, disse o advogado.",
    "Czytaj także między wierszami, mówił adwokat.",
    "Читайте также между строк, сказал адвокат.",
    "اقرأ أيضا ما بين السطور، قال المحامي.",
    "Baca juga yang tersirat, kata pengacara itu.",
)
OTHER_MISTAKES = ("مزيد من المال للمدارس",)
READS = pytest.mark.xfail(reason="the read-also rules ask for no colon, so that an order to read is taken for one")
OTHER = pytest.mark.xfail(reason="a prompt's first words, and a sentence or heading that goes on otherwise")


def sentences() -> list[Any]:
    """All of them, the ones that are known to be dropped marked."""
    marks = {**dict.fromkeys(ORDERS_TO_READ, READS), **dict.fromkeys(OTHER_MISTAKES, OTHER)}
    lines = [line for lines in PRECISION.values() for line in lines]
    assert set(marks) <= set(lines)
    return [pytest.param(line, marks=marks[line]) if line in marks else line for line in lines]


def test_both_tables_have_the_languages_of_the_rules() -> None:
    assert list(PRECISION) == list(RECALL) == "en de fr es it pt nl pl sv no da tr ru ar ja ko zh hi id".split()
    assert min(map(len, PRECISION.values())) >= 12


@pytest.mark.parametrize("sentence", sentences())
def test_news_stays(sentence: str) -> None:
    assert clean_text(sentence) == sentence


@pytest.mark.parametrize("language", RECALL)
def test_clutter_goes(language: str) -> None:
    lines = [line for kind in RECALL[language].values() for line in kind]
    missed = [line for line in lines if clean_text(line)]
    share = 1 - len(missed) / len(lines)
    assert share >= FLOOR, f"{share:.2f} of {len(lines)} lines; missed: {missed}"
