"""The development sets: pages with gold text, and which of a page's blocks are in it."""

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from newsclean.body.tables import element_around
from newsclean.model import Block
from newsclean.page.compare import key

DATA = Path(__file__).resolve().parents[3] / "shared" / "bench" / "data"
SETS = ("fundus-dev", "wcxb-dev", "readability", "trafilatura-eval")
_LEAST_INSIDE = 20
"""Letters from which a block is looked up inside of gold lines; a shorter one must be a line of its own."""
_REACH = 6
"""A short block counts as gold where a long one is within so many blocks."""
_SHINGLE = 16
_MOSTLY = 0.8
_HALF = 0.5
"""Share of a table's letters that must stand in rows of gold."""


@dataclass(frozen=True)
class Item:
    """One page of a set, with its gold."""

    set: str
    truth: dict[str, Any]
    html: bytes

    @property
    def id(self) -> str:
        """Set and id: names are used again between sets."""
        return f"{self.set}/{self.truth['id']}"

    @property
    def url(self) -> str:
        """Where the page is from; empty where the set does not say."""
        return self.truth.get("url") or ""

    @property
    def site(self) -> str:
        """Host without its sub-domains: ``bbc.co.uk``."""
        parts = (urlsplit(self.url).hostname or self.truth["id"]).split(".")
        least = 3 if len(parts) > 2 and len(parts[-1]) == 2 and len(parts[-2]) <= 3 else 2
        return ".".join(parts[-least:])


def items(name: str, data: Path = DATA) -> Iterator[Item]:
    """The pages of a set, in its order."""
    folder = data / name
    for line in (folder / "truth.jsonl").read_text(encoding="utf-8").split("\n"):
        if not line:
            continue
        truth = json.loads(line)
        yield Item(name, truth, gzip.decompress((folder / "pages" / f"{truth['id']}.html.gz").read_bytes()))


def groups(pages: Sequence[Item]) -> list[int]:
    """A number for each page: the same for all pages of one publisher or site, over all sets."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            name = parent[name]
        return name

    for page in pages:
        if publisher := page.truth.get("publisher"):
            parent[root(f"publisher {publisher}")] = root(page.site)
    names = [root(page.site) for page in pages]
    numbers = {name: number for number, name in enumerate(sorted(set(names)))}
    return [numbers[name] for name in names]


def labelled(item: Item, blocks: Sequence[Block]) -> tuple[np.ndarray, np.ndarray]:
    """For each block 1.0 for gold and 0.0 for not, and how much it counts: 0 where gold does not tell."""
    truth = item.truth
    count = len(blocks)
    if not truth.get("body"):
        return _by_snippets(truth, blocks)
    whole = [k for line in truth.get("paragraphs") or truth["body"].split("\n") if (k := key(line))]
    core = [k for line in truth.get("paragraphs_core") or () if (k := key(line))] or whole
    keys = [key(block.text) for block in blocks]
    gold = _found(keys, core) | _rows(blocks, keys, core)
    teaser = np.zeros(count, dtype=bool)
    if core != whole:
        teaser = (_found(keys, whole) | _rows(blocks, keys, whole)) & ~gold
    counts = np.ones(count)
    counts[teaser] = 0.0
    _copies(keys, gold, counts)
    return gold.astype(np.float32), counts.astype(np.float32)


def _found(keys: Sequence[str], lines: Sequence[str]) -> np.ndarray:
    known = set(lines)
    joined = "\n".join(lines)
    flat = "".join(lines)
    gold = np.zeros(len(keys), dtype=bool)
    long = np.zeros(len(keys), dtype=bool)
    for row, k in enumerate(keys):
        if not k:
            continue
        if len(k) >= _LEAST_INSIDE:
            held = k in joined or k in flat or _share(k, flat) >= _MOSTLY
            gold[row] = long[row] = held
        else:
            gold[row] = k in known
    places = np.flatnonzero(long)
    if len(places):
        for row in np.flatnonzero(gold & ~long).tolist():
            if np.abs(places - row).min() > _REACH:
                gold[row] = False
    return gold


def _rows(blocks: Sequence[Block], keys: Sequence[str], lines: Sequence[str]) -> np.ndarray:
    """The cells of tables that are gold: a line of gold may be a row, and a table is there or not as a whole."""
    known, flat = set(lines), "".join(lines)
    tables: dict[int, dict[int, list[int]]] = {}
    for row, block in enumerate(blocks):
        if block.kind == "cell" and (table := element_around(block, "table")) and (line := element_around(block, "tr")):
            tables.setdefault(table, {}).setdefault(line, []).append(row)
    gold = np.zeros(len(blocks), dtype=bool)
    for table_rows in tables.values():
        held = total = 0
        for cells in table_rows.values():
            k = "".join(keys[cell] for cell in cells)
            total += len(k)
            held += len(k) * (k in known or (len(k) >= _LEAST_INSIDE and k in flat))
        if len(table_rows) > 1 and held >= _HALF * total > 0:
            gold[[cell for cells in table_rows.values() for cell in cells]] = True
    return gold


def _share(k: str, flat: str) -> float:
    places = range(0, max(1, len(k) - _SHINGLE + 1), _SHINGLE // 2)
    return sum(k[place : place + _SHINGLE] in flat for place in places) / len(places)


def _copies(keys: Sequence[str], gold: np.ndarray, counts: np.ndarray) -> None:
    """Of several copies of a gold text the one among most other gold text counts, the others do not tell."""
    places: dict[str, list[int]] = {}
    for row in np.flatnonzero(gold).tolist():
        places.setdefault(keys[row], []).append(row)
    for rows in places.values():
        if len(rows) > 1:
            near = [gold[max(0, row - _REACH) : row + _REACH + 1].sum() for row in rows]
            best = rows[int(np.argmax(near))]
            for row in rows:
                if row != best:
                    counts[row] = 0.0


def _by_snippets(truth: dict[str, Any], blocks: Sequence[Block]) -> tuple[np.ndarray, np.ndarray]:
    gold = np.zeros(len(blocks), dtype=np.float32)
    counts = np.zeros(len(blocks), dtype=np.float32)
    for row, block in enumerate(blocks):
        text = " ".join(block.text.split())
        if any(snippet in text for snippet in truth.get("with") or ()):
            gold[row] = counts[row] = 1.0
        elif any(snippet in text for snippet in truth.get("without") or ()):
            counts[row] = 1.0
    return gold, counts
