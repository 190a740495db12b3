"""Articles of real papers are not refused; measured where ../shared/bench is there."""

import gzip
import json
from collections import Counter

import pytest

from newsclean.body.kinds import ARTICLE_KINDS
from newsclean.extraction import extract
from scripts.quality.measure import BENCH

pytestmark = pytest.mark.skipif(not BENCH.exists(), reason="../shared/bench is not there: no pages to measure")


@pytest.mark.parametrize(("name", "most"), [("fundus-dev", 0.0), ("wcxb-dev", 0.01)])
def test_articles_are_not_refused(name: str, most: float) -> None:
    kinds: Counter[str] = Counter()
    refused = []
    folder = BENCH / "data" / name
    # not splitlines: texts hold separators that it knows and JSON does not
    for line in (folder / "truth.jsonl").read_text(encoding="utf-8").strip().split("\n"):
        truth = json.loads(line)
        found = extract(gzip.decompress((folder / "pages" / f"{truth['id']}.html.gz").read_bytes()), truth.get("url"))
        assert found.kind is not None, truth["id"]
        kinds[found.kind.kind] += 1
        if found.kind.kind not in ARTICLE_KINDS:
            refused.append((truth["id"], found.kind))
    print(name, dict(kinds), *refused, sep="\n")
    assert len(refused) <= most * kinds.total()
