"""The body classifier: how sure it is of each block that it is article text. Learned by ``scripts/train``."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Self

import numpy as np

from newsclean.body.columns import OWN, Column, NameScores, by_itself, by_rules
from newsclean.body.context import IN_CONTEXT, in_context
from newsclean.body.hints import Hints
from newsclean.body.layout import Layout
from newsclean.body.passes import OF_NEIGHBOURS, of_neighbours
from newsclean.body.trees import Trees
from newsclean.model import Block, Evidence

FIRST = [*OWN, *IN_CONTEXT]
"""The columns of the first pass."""
SECOND = [*FIRST, *OF_NEIGHBOURS]
"""The columns of the second pass."""


_HOPELESS = -4.0
"""Log-odds of the first pass below which the second one changes nothing."""
_GROUPS = {
    "text": "chars words hrefs end start commas stops digits upper clock signs kind level prose copies em strong",
    "links": "link_share links_near heading_links",
    "names": "tag depth hidden",
    "rules": "rule_text rule_label rule_around rule_around_sum rule_label_around section section_label heading_rule",
    "page": (
        "in_body body_there in_description is_headline title_words is_author description_words page_blocks page_prose "
        "says_news says_article page_links page_items"
    ),
    "neighbours": "prose_near prose_far level_before heading_distance",
}
"""Columns by what they look at; the others are told by the form of their names, see :func:`_group`."""
GROUPS = (*_GROUPS, "place")


@dataclass(frozen=True)
class Judged:
    """What the classifier found on one page."""

    log_odds: Column
    """For each block: above 0 it is rather article text than not."""
    rows: Column
    """The columns of the second pass, from which it was found."""


@dataclass(frozen=True, eq=False)
class Classifier:
    """The two ensembles and the table of names, as the model file has them."""

    names: NameScores
    first: Trees
    second: Trees
    version: str
    """First 16 hexadecimal digits of the SHA-256 over what was learned."""

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        """From a model file's content. Raises ValueError where it was made for other columns than these."""
        first, second = Trees.read(document["first"]), Trees.read(document["second"])
        if list(first.columns) != FIRST or list(second.columns) != SECOND:
            raise ValueError("the model file is for other columns: run scripts/train")
        return cls(NameScores(document["names"]), first, second, document["version"])

    def layout(self, blocks: Sequence[Block]) -> tuple[Layout, Column]:
        """The page's elements and the columns that need no rules, from which its region is found."""
        itself, elements = by_itself(blocks, self.names)
        return Layout(blocks, itself, elements), itself

    def judge(self, page: Layout, itself: Column, said: Sequence[Sequence[Evidence]], hints: Hints) -> Judged:
        """Both passes over the blocks of one page. ``said``: what the clutter rules say of each."""
        own = np.hstack([itself, by_rules(said)])
        rows = np.hstack([own, in_context(page, own, hints)])
        odds = self.first.log_odds(rows)
        rows = np.hstack([rows, of_neighbours(page, probability(odds))])
        # most blocks of a page are menus and links to other pages, and nobody needs to look at those twice
        open_ = odds > _HOPELESS
        odds[open_] = self.second.log_odds(rows[open_])
        return Judged(odds, rows)

    def reasons(self, judged: Judged) -> list[dict[str, float]]:
        """For each block what each group of columns (GROUPS) added to the log-odds of the second pass."""
        shares = self.second.shares(judged.rows, [GROUPS.index(_group(name)) for name in SECOND])
        return [dict(zip(GROUPS, row, strict=False)) for row in shares.tolist()]


def _group(column: str) -> str:
    for group, names in _GROUPS.items():
        if column in names.split():
            return group
    name, _, at = column.partition("@")
    if column in OF_NEIGHBOURS or at[:1] in ("-", "+"):
        return "neighbours"
    return "names" if name.startswith(("name_", "in_")) else "place"


def probability(log_odds: Column) -> Column:
    """0 to 1."""
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)), dtype=np.float32)


@cache
def carried() -> Classifier:
    """The classifier that newsclean brings."""
    source = files("newsclean.body") / "data" / "classifier.json"
    return Classifier.read(json.loads(source.read_text(encoding="utf-8")))


def classifier_version() -> str:
    """Of the classifier that newsclean brings."""
    return carried().version
