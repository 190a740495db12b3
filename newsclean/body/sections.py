"""Boxes with a heading that a rule knows ("Related articles"): what stands under it is heard against too."""

from collections.abc import Collection, Sequence

from newsclean.body.layout import Layout
from newsclean.model import Block, Evidence

_WEIGHT = -9.5
_LINKED = 0.5
_MOST_HELD = 0.05
"""Share of the article's text that an engine takes from a box by mistake."""
_MOST_BLOCKS = 60
"""A box is not longer; a heading without end would take the rest of the page."""


def boxes(
    page: Layout, said: Sequence[Sequence[Evidence]], naming: Collection[str], region: Collection[int]
) -> list[tuple[Evidence, ...]]:
    """For each block the evidence of the box that it stands in.

    ``naming``: sources of the rules that name a box. In a box of its own, an element that holds next to nothing of
    the running text, everything goes with the heading; elsewhere only the links that follow it. ``region``: the
    elements that hold the article.
    """
    found: list[tuple[Evidence, ...]] = [() for _ in page.blocks]
    for position, evidence in enumerate(said):
        name = next((e for e in evidence if e.span is not None and e.source in naming), None)
        if name is None or _mostly_other(page.blocks[position], name):
            continue
        for follower in _members(page, position, region):
            if not found[follower]:
                source = name.source.replace("rule:", "section:", 1)
                found[follower] = (Evidence(source=source, label=name.label, weight=_WEIGHT),)
    return found


def _mostly_other(block: Block, name: Evidence) -> bool:
    """Whether the phrase is a small part of a longer block, so that it names nothing."""
    assert name.span is not None
    return name.span[1] - name.span[0] < 0.5 * len(block.text)


def _members(page: Layout, position: int, region: Collection[int]) -> list[int]:
    blocks = page.blocks
    heading = blocks[position]
    # The outermost element that begins with the heading and holds next to nothing of the article; the heading's own
    # element is no box.
    before = blocks[position - 1].nodes if position else ()
    begun = (node for node in heading.nodes[:-1] if node not in before and node not in region)
    box = next((node for node in begun if page.prose_in[node] < _MOST_HELD * page.total), None)
    members: list[int] = []
    for follower in range(position + 1, min(len(blocks), position + _MOST_BLOCKS)):
        block = blocks[follower]
        if box is not None and box in block.nodes:
            members.append(follower)
            continue
        if box is not None and members:
            break
        linked = block.link_chars >= _LINKED * len(block.text)
        if not linked:
            break
        members.append(follower)
    return members
