"""Boxes with a heading that a rule knows ("Related articles"): what stands under it is heard against too."""

from collections.abc import Collection, Sequence

from newsclean.body.features import Seen
from newsclean.body.voices import Heard
from newsclean.model import Evidence

_WEIGHT = -9.5
_LINKED = 0.5
_MOST_HELD = 0.05
"""Share of the article's text that an engine takes from a box by mistake."""
_MOST_BLOCKS = 60
"""A box is not longer; a heading without end would take the rest of the page."""


def boxes(
    seen: Sequence[Seen], said: Sequence[Sequence[Evidence]], naming: Collection[str], heard: Heard
) -> list[tuple[Evidence, ...]]:
    """For each block the evidence of the box that it stands in.

    ``naming``: sources of the rules that name a box. In a box of its own, an element that holds next to nothing of
    the article, everything goes with the heading; elsewhere only the links that follow it.
    """
    found: list[tuple[Evidence, ...]] = [() for _ in seen]
    for position, evidence in enumerate(said):
        name = next((e for e in evidence if e.source in naming and e.span is not None), None)
        if name is None or _mostly_other(seen[position], name):
            continue
        for follower in _members(seen, position, heard):
            if not found[follower]:
                source = name.source.replace("rule:", "section:", 1)
                found[follower] = (Evidence(source=source, label=name.label, weight=_WEIGHT),)
    return found


def _mostly_other(item: Seen, name: Evidence) -> bool:
    """Whether the phrase is a small part of a longer block, so that it names nothing."""
    assert name.span is not None
    return name.span[1] - name.span[0] < 0.5 * len(item.block.text)


def _members(seen: Sequence[Seen], position: int, heard: Heard) -> list[int]:
    heading = seen[position].block
    # The outermost element that begins with the heading and holds next to nothing of the article; the heading's own
    # element is no box.
    before = seen[position - 1].block.nodes if position else ()
    begun = (node for node in heading.nodes[:-1] if node not in before and node not in heard.region)
    box = next((node for node in begun if heard.held.get(node, 0.0) < _MOST_HELD), None)
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
