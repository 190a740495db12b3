"""Pages -> figures, by the benchmark's own measures, with the classifier that has not seen them."""

import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from newsclean.body.classifier import Classifier
from newsclean.extraction import extract_capture
from newsclean.model import Capture
from newsclean.settings import Settings
from scripts.learning.gold import Item

BENCH = Path(__file__).resolve().parents[3] / "shared" / "bench"
FIGURES = ("word_f1", "word_p", "word_r", "present", "extra_lines", "missing_lines", "perfect")


def text_of(item: Item, classifier: Classifier | None, settings: Settings) -> str:
    """The text of the page's article; empty where it is refused, as the benchmark counts it."""
    capture = Capture(url=item.url, final_url=item.url, body=item.html)
    found = extract_capture(capture, settings, classifier).found
    return found.text if found is not None else ""


def score(item: Item, text: str) -> dict[str, Any]:
    """The figures of one page."""
    from_bench = _bench()
    return dict(
        from_bench.score_page(item.truth, {"text": text, "title": None, "authors": [], "date": None}, 0.0, None)
    )


def summary(pages: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    """Means over pages, and the snippets' F1 over all snippets."""
    values: dict[str, list[float]] = defaultdict(list)
    hits = [0, 0, 0]
    for page in pages:
        for name in FIGURES:
            if page.get(name) is not None:
                values[name].append(float(page[name]))
        for place, count in enumerate(page.get("confusion", ())[:3]):
            hits[place] += count
    found = {name: fmean(values[name]) for name in FIGURES if values[name]}
    if any(hits):
        found["snippet_f1"] = 2 * hits[0] / (2 * hits[0] + hits[1] + hits[2])
    return found


def table(rows: Mapping[str, Mapping[str, float]], pages: Mapping[str, int]) -> str:
    """One line a set."""
    names = [*FIGURES, "snippet_f1"]
    lines = ["".join([f"{'set':18}{'pages':>6}", *(f"{name:>14}" for name in names)])]
    for name, row in rows.items():
        cells = [f"{row[key]:14.4f}" if key in row else f"{'-':>14}" for key in names]
        lines.append("".join([f"{name:18}{pages[name]:6}", *cells]))
    return "\n".join(lines)


def wrong(items: Sequence[Item], texts: Sequence[str], scores: Sequence[Mapping[str, Any]], count: int) -> None:
    """Print the pages that lose most, with their wrong (+) and missing (-) lines."""
    bench = _bench()
    with_text = [n for n, item in enumerate(items) if "body" in item.truth]
    order = sorted(with_text, key=lambda n: scores[n].get("word_f1", 1.0))[:count]
    bench.show_wrong(
        [(items[n].truth, b"") for n in order], [{"text": texts[n]} for n in order], [scores[n] for n in order], count
    )


def _bench() -> Any:
    if str(BENCH) not in sys.path:
        sys.path.insert(0, str(BENCH))
    import bench  # type: ignore[import-not-found]  # beside the project, where it is there

    return bench
