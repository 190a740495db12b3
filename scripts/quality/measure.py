"""Pages with gold -> figures by set, language and label, and for each page the digest of its text.

The figures of the sets are those of ../shared/bench/bench.py, whose code makes them.
"""

import gzip
import hashlib
import json
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Any

import newsclean
from newsclean import Article, Extraction

ROOT = Path(__file__).resolve().parents[2]
BENCH = ROOT.parent / "shared" / "bench"
LABELS = ROOT / "quality" / "labels.toml"
SETS: Mapping[str, int] = {"fundus-dev": 256, "wcxb-dev": 80, "trafilatura-eval": 80}
"""The sets, each with how many of 256 pages are taken: by the first byte of the SHA-256 of the page's id, so that a
page is in the sample or not, whatever other pages there are."""
FIGURES = (
    *("word_f1", "present", "perfect", "extra_lines", "missing_lines"),
    *("title_fuzzy", "authors_f1", "date_ok"),
)
"""Means over the pages for which gold says it."""
OF_LANGUAGES = ("word_f1", "present", "extra_lines")
LANGUAGES_OF = "fundus-dev"
"""The set whose figures are given by language, too."""
_LEAST_PAGES = 3
"""A language with fewer pages counts under ``other``."""
_TEXT_HEAD = 12
"""Hexadecimal digits of a digest."""

Figures = dict[str, float]


@dataclass(frozen=True)
class Page:
    """One page, measured."""

    id: str
    """``fundus-dev/…``, ``fixtures/…``."""
    digest: str
    """First digits of the SHA-256 over the outcome and the lines of the text."""
    scores: Mapping[str, Any]
    """What the benchmark gives for it; for a page fixture ``line_f1`` alone."""

    @property
    def score(self) -> float:
        """0 to 1: F1 over words, over the lines of a page fixture, or the share of the snippets that are right."""
        for name in ("word_f1", "line_f1"):
            if name in self.scores:
                return float(self.scores[name])
        hits = self.scores.get("confusion") or (0, 0, 0, 0)
        return float((hits[0] + hits[3]) / max(1, sum(hits)))


@dataclass
class Measured:
    """All that the gate looks at."""

    figures: dict[str, Figures] = field(default_factory=dict)
    """By ``sets.<set>``, ``languages.<code>`` and ``labels.<label>``; each with ``pages`` or ``lines``: how many."""
    pages: dict[str, Page] = field(default_factory=dict)
    """By id."""


def measure(*, bench: Path | None = BENCH, sets: Iterable[str] = SETS, workers: int = 2) -> Measured:
    """Measure the page fixtures and, where ``bench`` is given, the sets."""
    found = Measured()
    if bench is not None:
        for name in sets:
            measured = measure_set(name, bench, workers)
            found.pages.update({page.id: page for page, _ in measured})
            found.figures[f"sets.{name}"] = summary([page.scores for page, _ in measured], FIGURES)
            if name == LANGUAGES_OF:
                found.figures.update(by_language(measured))
    labels, pages = measure_fixtures()
    found.figures.update(labels)
    found.pages.update(pages)
    return found


def measure_set(name: str, bench: Path, workers: int) -> list[tuple[Page, str]]:
    """The pages of a set's sample, each with its language, by id."""
    if workers < 2:
        return sorted(_part(name, bench, 0, 1), key=lambda item: item[0].id)
    with ProcessPoolExecutor(workers) as pool:
        parts = pool.map(_part, *zip(*((name, bench, part, workers) for part in range(workers)), strict=True))
        return sorted((item for part in parts for item in part), key=lambda item: item[0].id)


def _part(name: str, bench: Path, part: int, parts: int) -> list[tuple[Page, str]]:
    folder = bench / "data" / name
    chosen = list(_sampled(folder / "truth.jsonl", SETS[name]))[part::parts]
    measured = []
    for truth in chosen:
        html = gzip.decompress((folder / "pages" / f"{truth['id']}.html.gz").read_bytes())
        extraction = newsclean.extract(html, url=truth.get("url") or None)
        page = Page(f"{name}/{truth['id']}", digest_of(extraction), score(truth, extraction.found, bench))
        measured.append((page, truth.get("lang") or "other"))
    return measured


def _sampled(file: Path, share: int) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as stream:
        for line in stream:
            truth: dict[str, Any] = json.loads(line)
            if hashlib.sha256(truth["id"].encode()).digest()[0] < share:
                yield truth


def score(truth: Mapping[str, Any], article: Article | None, bench: Path) -> dict[str, Any]:
    """The benchmark's figures of one page, as its adapter for newsclean hands it over; no article is an empty page."""
    output: dict[str, Any] = {"text": "", "title": None, "authors": [], "date": None}
    if article is not None:
        output = {
            "text": article.text,
            "title": article.headline,
            "authors": list(article.authors),
            "date": article.date_published,
        }
    return dict(_bench(bench).score_page(truth, output, 0.0, None))


def _bench(bench: Path) -> Any:
    """The benchmark's module; it is beside the project and has no types."""
    if str(bench) not in sys.path:
        sys.path.insert(0, str(bench))
    import bench as module  # type: ignore[import-not-found, unused-ignore]

    return module


def summary(pages: Sequence[Mapping[str, Any]], names: Iterable[str]) -> Figures:
    """Means over pages, the snippets' F1 over all snippets, and how many pages there are."""
    found: Figures = {"pages": len(pages)}
    for name in names:
        values = [float(page[name]) for page in pages if page.get(name) is not None]
        if values:
            found[name] = fmean(values)
    hits = [
        sum(counts) for counts in zip(*(page["confusion"][:3] for page in pages if "confusion" in page), strict=True)
    ]
    if any(hits):
        found["snippet_f1"] = 2 * hits[0] / (2 * hits[0] + hits[1] + hits[2])
    return found


def by_language(pages: Iterable[tuple[Page, str]]) -> dict[str, Figures]:
    """The figures of each language; those of few pages together."""
    grouped: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for page, language in pages:
        grouped[language].append(page.scores)
    for language in [name for name, group in grouped.items() if len(group) < _LEAST_PAGES and name != "other"]:
        grouped["other"] += grouped.pop(language)
    return {f"languages.{name}": summary(group, OF_LANGUAGES) for name, group in sorted(grouped.items())}


def measure_fixtures() -> tuple[dict[str, Figures], dict[str, Page]]:
    """Of the page fixtures: for each label which of its lines are out of the text and which bear it; each page.

    ``out``: share of the lines that are not in the text; ``named``: share that are in a block with that label. What a
    line is, quality/labels.toml says.
    """
    from tests.fixtures.pages import FIXTURES

    marked = tomllib.loads(LABELS.read_text(encoding="utf-8"))
    out: dict[str, list[bool]] = defaultdict(list)
    named: dict[str, list[bool]] = defaultdict(list)
    pages = {}
    for fixture in FIXTURES:
        extraction = newsclean.extract(fixture.html, url=fixture.about["url"])
        text = extraction.found.text if extraction.found is not None else ""
        for label, beginnings in marked.get(fixture.name, {}).items():
            for line in lines_named(beginnings, fixture.truth["must_not"]):
                out[label].append(line not in text)
                named[label].append(line in _of_label(extraction, label))
        wanted = fixture.lines if fixture.truth["outcome"] == "article" else []
        page = Page(f"fixtures/{fixture.name}", digest_of(extraction), {"line_f1": _line_f1(wanted, text)})
        pages[page.id] = page
    return {
        f"labels.{label}": {"lines": len(out[label]), "out": fmean(out[label]), "named": fmean(named[label])}
        for label in sorted(out)
    }, pages


def lines_named(beginnings: Iterable[str], lines: Sequence[str]) -> list[str]:
    """The line that each beginning names. Raises ValueError where it names none."""
    found = []
    for beginning in beginnings:
        line = min((line for line in lines if line.startswith(beginning)), key=len, default=None)
        if line is None:
            raise ValueError(f"{LABELS.name}: no line of must_not begins with {beginning!r}")
        found.append(line)
    return found


def _of_label(extraction: Extraction, label: str) -> str:
    """The text of all blocks that bear a label and are not kept."""
    verdicts = zip(extraction.blocks, extraction.verdicts, strict=True)
    return "\n".join(block.text for block, v in verdicts if v.label == label and v.decision != "keep")


def _line_f1(wanted: Sequence[str], text: str) -> float:
    found = text.split("\n") if text else []
    if not wanted and not found:
        return 1.0
    return 2 * len(set(wanted) & set(found)) / (len(set(wanted)) + len(set(found)))


def digest_of(extraction: Extraction) -> str:
    """The first digits of the SHA-256 over the outcome and the lines of the text."""
    text = extraction.found.text if extraction.found is not None else ""
    return hashlib.sha256(f"{extraction.outcome}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()[:_TEXT_HEAD]
