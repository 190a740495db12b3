"""Boxes with a heading that a rule knows ("Related articles"): what stands under it is heard against too."""

from collections.abc import Collection, Sequence

from newsclean.body.features import Seen
from newsclean.model import Evidence

_WEIGHT = -9.5
_LINKED = 0.5
_MOST_BLOCKS = 60
"""A box is not longer; a heading without end would take the rest of the page."""


def boxes(
    seen: Sequence[Seen], said: Sequence[Sequence[Evidence]], naming: Collection[str], region: Sequence[int]
) -> list[tuple[Evidence, ...]]:
    """For each block the evidence of the box that it stands in.

    ``naming``: sources of the rules that name a box. ``region``: the elements around the article. In a box of its
    own everything goes with the heading; in the article's own element only what consists of links.
    """
    found: list[tuple[Evidence, ...]] = [() for _ in seen]
    around = frozenset(region)
    for position, evidence in enumerate(said):
        name = next((e for e in evidence if e.source in naming and e.span is not None), None)
        if name is None or _mostly_other(seen[position], name):
            continue
        for follower in _members(seen, position, around):
            if not found[follower]:
                source = name.source.replace("rule:", "section:", 1)
                found[follower] = (Evidence(source=source, label=name.label, weight=_WEIGHT),)
    return found


def _mostly_other(item: Seen, name: Evidence) -> bool:
    """Whether the phrase is a small part of a longer block, so that it names nothing."""
    assert name.span is not None
    return name.span[1] - name.span[0] < 0.5 * len(item.block.text)


def _members(seen: Sequence[Seen], position: int, around: frozenset[int]) -> list[int]:
    heading = seen[position].block
    own = [node for node in heading.nodes if node not in around]
    # The box is the outermost element around the heading that is not around the article as well, but where the
    # heading is its only content the next element belongs to it: <h3>Related</h3> <ul>…</ul> in the article.
    box = own[0] if len(own) > 1 else None
    members: list[int] = []
    for follower in range(position + 1, min(len(seen), position + _MOST_BLOCKS)):
        item = seen[follower]
        if box is not None and box in item.block.nodes:
            members.append(follower)
            continue
        if box is not None and members:
            break
        ends = item.block.kind == "heading" and item.linked < _LINKED and item.block.level <= (heading.level or 6)
        if ends or item.linked < _LINKED:
            break
        members.append(follower)
    return members
