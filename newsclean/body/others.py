"""Whole other articles on the same page, as endless scroll appends them: not the ones that the URL names."""

from collections.abc import Mapping

from newsclean.body.layout import Layout
from newsclean.model import Evidence

_LEAST_OWN = 120
"""Words of running text in the article that has the headline; with fewer it is the head of one, or a teaser itself."""
_LEAST_SHARE = 0.3
"""Of the longest other article's words: an element with fewer is the head of that article rather than one itself."""
_LEAST_OTHER = 100
"""Words of running text that make an element with a heading of its own a whole article and no teaser."""
_MOST_OTHERS = 12
"""Entries of a live blog are more, and belong to the page's article."""
_MOST_BEFORE = 40
"""Words of a standfirst above the headline."""
_HEADINGS = (1, 2)
_WEIGHT = -10.0


def other_articles(page: Layout, headlines: Mapping[int, int]) -> dict[int, Evidence]:
    """The blocks of other articles, each with its evidence.

    ``headlines``: the blocks with the wording of a headline, with its place among all, the surest first. Where an
    article element holds the surest, another one that is not nested in it, begins with a heading and has running text
    of its own is another article. Sections say nothing: one article has many, each with its heading.
    """
    shown = min(headlines, key=lambda row: (headlines[row], page.blocks[row].level or 9, row), default=None)
    if shown is None:
        return {}
    own = set(page.blocks[shown].nodes)
    articles = page.elements.article_elements
    mine = {node for node in own & articles if page.prose_in[node] >= _LEAST_OWN}
    if not mine:
        return {}
    others: dict[int, float] = {}
    for row, block in enumerate(page.blocks):
        if block.level not in _HEADINGS:
            continue
        for node in block.nodes[:-1]:
            if node not in articles or node in others or page.prose_in[node] < _LEAST_OTHER:
                continue
            # what is nested in the page's own article is part of it
            apart = [n for n in mine if n not in block.nodes]
            if apart and node not in own and _begins(page, node, row):
                others[node] = min(page.prose_in[n] for n in apart)
    if not others or len(others) > _MOST_OTHERS:
        return {}
    if min(others.values()) < _LEAST_SHARE * max(page.prose_in[node] for node in others):
        return {}
    evidence = Evidence(source="structure:other-article", label="next-article", weight=_WEIGHT)
    inside = (row for row, block in enumerate(page.blocks) if not others.keys().isdisjoint(block.nodes))
    return dict.fromkeys(inside, evidence)


def _begins(page: Layout, node: int, heading: int) -> bool:
    """Whether an element has its first heading before its text, as an article has its headline."""
    first = heading
    while first and node in page.blocks[first - 1].nodes:
        first -= 1
    return float(page.prose[first:heading].sum()) <= _MOST_BEFORE
