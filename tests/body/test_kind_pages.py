"""Pages of all kinds, written for it: how many of each are told, and how many are taken for it that are not."""

from collections import Counter

import pytest

from newsclean.body.kinds import ARTICLE_KINDS
from newsclean.extraction import extract_capture
from newsclean.model import Capture, Extraction
from newsclean.settings import Settings
from tests.body.kind_pages.articles import articles
from tests.body.kind_pages.case import Case
from tests.body.kind_pages.others import others

CASES = [*articles(), *others()]
LEAST_PRECISION: dict[str, float] = {"empty-shell": 0.5}
"""Floors; 1 for the kinds that are not named."""
LEAST_RECALL: dict[str, float] = {"soft-404": 0.8}


def extracted(case: Case, **values: object) -> Extraction:
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    capture = Capture(url=case.url, final_url=case.url, status=case.status, headers=headers, body=case.html.encode())
    return extract_capture(capture, Settings(**values))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def found() -> dict[str, Extraction]:
    return {case.name: extracted(case) for case in CASES}


def test_the_table_is_large_and_hard_enough() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 70
    assert sum(case.hard for case in CASES) >= len(CASES) / 2
    assert min(Counter(case.kind for case in CASES).values()) >= 2


def test_precision_and_recall_by_kind(found: dict[str, Extraction]) -> None:
    told = {name: extraction.kind.kind for name, extraction in found.items() if extraction.kind is not None}
    wrong = [case for case in CASES if told[case.name] != case.kind]
    print(*(f"{case.name}: {found[case.name].kind}" for case in wrong), sep="\n")
    for kind in sorted({case.kind for case in CASES}):
        named = [case for case in CASES if told[case.name] == kind]
        there = [case for case in CASES if case.kind == kind]
        right = sum(case.kind == kind for case in named)
        precision, recall = right / max(1, len(named)), right / max(1, len(there))
        print(f"{kind:15} {len(there):3} pages, precision {precision:.3f}, recall {recall:.3f}")
        assert precision >= LEAST_PRECISION.get(kind, 1.0), kind
        assert recall >= LEAST_RECALL.get(kind, 1.0), kind


@pytest.mark.parametrize("case", [case for case in CASES if case.kind in ARTICLE_KINDS], ids=lambda case: case.name)
def test_no_article_is_refused(case: Case, found: dict[str, Extraction]) -> None:
    extraction = found[case.name]
    assert extraction.outcome == "article", extraction.kind
    assert extraction.found is not None


@pytest.mark.parametrize("case", [case for case in CASES if case.kind not in ARTICLE_KINDS], ids=lambda case: case.name)
def test_what_is_no_article_says_why_and_what_to_do(case: Case, found: dict[str, Extraction]) -> None:
    extraction = found[case.name]
    assert extraction.outcome.startswith("not-article:")
    assert extraction.found is None
    assert extraction.message
    assert extraction.kind is not None
    assert extraction.kind.reasons
    assert 0.5 <= extraction.kind.confidence < 1
    assert extraction.outcome == f"not-article:{extraction.kind.kind}"


@pytest.mark.parametrize(
    "name", ["missing-with-links-de", "stub-of-two-paragraphs-en", "index-with-teasers-fr", "shell"]
)
def test_keep_all_takes_what_is_there(name: str, found: dict[str, Extraction]) -> None:
    (case,) = [case for case in CASES if case.name == name]
    kept = extracted(case, keep_all=True)
    assert (kept.outcome, kept.message, kept.kind) == (found[name].outcome, found[name].message, found[name].kind)
    assert kept.found is not None
    assert kept.article is kept.found
    assert kept.versions.settings != found[name].versions.settings
