"""Pages -> what the classifier learns from: blocks with what the rules say of them, gold, and how much each counts."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np

from newsclean.body.classifier import Classifier
from newsclean.body.columns import NameScores, words_of
from newsclean.body.hints import Hints
from newsclean.body.menus import is_entry
from newsclean.body.page import heard
from newsclean.body.trees import Trees
from newsclean.clutter.evidence import RuleVoice
from newsclean.clutter.rules import load
from newsclean.errors import NewscleanError
from newsclean.extraction import hints_of
from newsclean.metadata import read_metadata
from newsclean.model import Block, Capture, Evidence
from newsclean.page import read_page
from scripts.learning.gold import Item, labelled

_SET_WEIGHTS = {"fundus-dev": 3.0, "wcxb-dev": 1.3, "readability": 0.6, "trafilatura-eval": 0.5}
"""News counts most: it is what newsclean is for. Snippets tell little of a page."""
_PAGE_POWER = 0.6
"""Long pages count more than short ones, but not by their length."""
_LEAST, _PER_WORD, _MOST_WORDS = 0.6, 1 / 25, 60
"""A block counts for its line and for its words."""


@dataclass(frozen=True)
class Example:
    """One page, ready to learn from."""

    id: str
    set: str
    blocks: tuple[Block, ...]
    said: tuple[tuple[Evidence, ...], ...]
    """What the rules say of each block."""
    hints: Hints
    gold: np.ndarray
    """1.0 for each block of the gold text, 0.0 for the others."""
    weight: np.ndarray
    """How much each block counts; 0 where gold does not tell."""


def examples(pages: Iterable[Item]) -> Iterator[Example | None]:
    """An example a page, in their order; None for a page without blocks. Works in two processes."""
    with ProcessPoolExecutor(2) as pool:
        yield from pool.map(_example, pages, chunksize=20)


def _example(item: Item) -> Example | None:
    try:
        page = read_page(Capture(url=item.url, final_url=item.url, body=item.html), limit=10**9)
    except NewscleanError:
        return None
    if not page.blocks:
        return None
    hints = hints_of(page, read_metadata(page, None))
    classifier = Classifier(NameScores({}), _NONE, _NONE, "")
    gold, counts = labelled(item, page.blocks)
    rows = [row for row, block in enumerate(page.blocks) if not is_entry(block)]
    if not rows:
        return None
    blocks = tuple(page.blocks[row] for row in rows)
    layout, _ = classifier.layout(blocks)
    said = heard(layout, _voice())
    weights = _weights(item, blocks, counts[rows])
    return Example(item.id, item.set, blocks, tuple(said), hints, gold[rows], weights)


def _weights(item: Item, blocks: Iterable[Block], counts: np.ndarray) -> np.ndarray:
    words = np.array([min(_MOST_WORDS, words_of(block.text)) for block in blocks])
    weights = counts * (_LEAST + words * _PER_WORD)
    total = weights.sum()
    return weights * _SET_WEIGHTS[item.set] / total**_PAGE_POWER if total > 0 else weights


_LOADED: list[RuleVoice] = []


def _voice() -> RuleVoice:
    if not _LOADED:
        _LOADED.append(RuleVoice(load(())))
    return _LOADED[0]


_NONE = Trees.read({"depth": 0} | dict.fromkeys(("columns", "roots", "feature", "threshold", "children", "value"), ()))
"""No trees: the layout of a page needs none."""
