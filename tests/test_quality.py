"""How well the body is found, on real pages with gold text, where ../shared/bench is there. The floors only rise.

The figures are means over pages, by measures of this file's own: a bag of words against the better of gold with and
without the teaser; gold lines that are in the output; output lines that are not in gold.
"""

import gzip
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

import newsclean
from newsclean.errors import NewscleanError

DATA = Path(__file__).parents[2] / "shared" / "bench" / "data" / "fundus-dev"
LEAST_WORD_F1 = 0.965
LEAST_PRESENT = 0.955
MOST_EXTRA_LINES = 3.3

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="../shared/bench is not there")


@dataclass(frozen=True)
class Scores:
    word_f1: float
    present: float
    extra_lines: float


@pytest.fixture(scope="module")
def scores() -> Scores:
    """Every page through one pass."""
    pages = [json.loads(line) for line in (DATA / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(pages) == 120
    found = [_scored(truth) for truth in pages]
    means = Scores(*(fmean(getattr(score, name) for score in found) for name in ("word_f1", "present", "extra_lines")))
    print(means)
    return means


def test_words(scores: Scores) -> None:
    assert scores.word_f1 >= LEAST_WORD_F1


def test_gold_lines_are_present(scores: Scores) -> None:
    assert scores.present >= LEAST_PRESENT


def test_few_lines_are_extra(scores: Scores) -> None:
    assert scores.extra_lines <= MOST_EXTRA_LINES


def _scored(truth: dict[str, Any]) -> Scores:
    html = gzip.decompress((DATA / "pages" / f"{truth['id']}.html.gz").read_bytes())
    try:
        lines = newsclean.extract(html, url=truth["url"]).article.text.split("\n")
    except NewscleanError:
        lines = []
    whole, core = truth["paragraphs"], truth["paragraphs_core"]
    output = "\n".join(map(_letters, lines))
    wanted = [key for key in map(_letters, core) if key]
    known = "\n".join(map(_letters, [truth["title"] or "", *whole]))
    return Scores(
        word_f1=max(_f1(_words(lines), _words(gold)) for gold in (whole, core)),
        present=sum(key in output for key in wanted) / len(wanted) if wanted else 1.0,
        extra_lines=sum(_letters(line) not in known for line in lines if _letters(line)),
    )


def _letters(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def _words(lines: Iterable[str]) -> Counter[str]:
    """Words; every letter of the scripts that put no spaces between words."""
    text = unicodedata.normalize("NFKC", " ".join(lines)).casefold()
    return Counter(re.findall(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+", text))


def _f1(found: Counter[str], gold: Counter[str]) -> float:
    common = (found & gold).total()
    return 2 * common / (found.total() + gold.total()) if common else float(found == gold)
