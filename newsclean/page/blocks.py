"""Tree -> Block[]: every visible piece of text, in reading order, each in its smallest block element."""

import re
from dataclasses import dataclass, field

from lxml.etree import _Element

from newsclean.model import Block, Kind

_BLOCK_TAGS = frozenset(
    (
        "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption "
        "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup option p pre "
        "section summary table tbody td tfoot th thead tr ul"
    ).split()
)
_TEXT_TAGS = frozenset("p h1 h2 h3 h4 h5 h6 li blockquote figcaption dd dt td".split())
"""Elements inside of which a button is a word of the text, as glossaries have them."""
_SKIPPED_TAGS = frozenset(
    (
        "script style template title svg math iframe object embed select textarea input canvas video audio "
        "picture datalist map meter progress noembed noframes applet"
    ).split()
)
_LEAST_PAGE = 2000
"""Characters that no notice to browsers without scripts has."""
_LEVELS = {f"h{level}": level for level in range(1, 7)}
_KINDS: dict[str, Kind] = {
    **dict.fromkeys(_LEVELS, "heading"),
    "li": "item",
    "dt": "item",
    "dd": "item",
    "figcaption": "caption",
    "td": "cell",
    "th": "cell",
}
_ENDED_BY = dict.fromkeys(("div", "section", "article", "table"), ("heading", "cell")) | {"p": ("cell",)}
"""Which kinds an element inside them ends: a layout table's cell is no cell of a table."""
_NAMING = ("class", "itemprop", "role", "data-testid", "data-component")
"""Attributes in which themes say what an element is for."""
_NOT_NAME = re.compile(r"[\s.#]+")
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_INVISIBLE = dict.fromkeys((0xAD, 0x200B, 0x2060, 0xFEFF))
_PARAGRAPH_BREAK = re.compile(r"\n\s*\n")
_LINE_BREAK = re.compile(r"\n")
_LINED_TAGS = frozenset("td th center body".split())
"""Elements in which old pages end every line with one <br>; elsewhere one is a line break inside a paragraph."""
_MAX_DEPTH = 200
"""Steps of a path that are kept: real pages have 10 to 40."""


@dataclass(slots=True)
class _Open:
    """An element that the walk is inside of."""

    path: tuple[str, ...]
    nodes: tuple[int, ...]
    kind: Kind
    level: int
    href: str | None
    """Target of the link that it is in, where that leads off the page."""
    hidden: bool


@dataclass(slots=True)
class _Builder:
    """Collects text until a block ends."""

    blocks: list[Block] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    link_parts: list[str] = field(default_factory=list)
    hrefs: list[str] = field(default_factory=list)

    def add(self, text: str | None, href: str | None) -> None:
        if text:
            # line breaks of the source are spaces; a newline in a part stands for a <br>
            text = text.replace("\n", " ")
            self.parts.append(text)
            if href is not None and text.strip():
                self.link_parts.append(text)
                if self.hrefs[-1:] != [href]:
                    self.hrefs.append(href)

    def close(self, place: _Open) -> None:
        if not self.parts:
            self.hrefs.clear()
            return
        raw = "".join(self.parts)
        breaks = _LINE_BREAK if _tag(place) in _LINED_TAGS else _PARAGRAPH_BREAK
        linked = len(_folded("".join(self.link_parts)))
        pieces = [piece for piece in map(_folded, breaks.split(raw)) if piece]
        for piece in pieces:
            share = linked if len(pieces) == 1 else min(len(piece), round(linked * len(piece) / max(1, len(raw))))
            self.blocks.append(
                Block(
                    index=len(self.blocks),
                    text=piece,
                    path=place.path,
                    kind=place.kind,
                    level=place.level,
                    link_chars=share,
                    hrefs=tuple(self.hrefs),
                    nodes=place.nodes,
                    hidden=place.hidden,
                )
            )
        self.parts.clear()
        self.link_parts.clear()
        self.hrefs.clear()


def blocks_of(root: _Element) -> tuple[Block, ...]:
    """The blocks below ``root``; the tree is only read. Depth costs no recursion."""
    builder = _Builder()
    outer = _Open((), (), "paragraph", 0, None, False)
    stack: list[tuple[_Element, _Open, _Open, bool]] = []
    count = 0
    element: _Element | None = root
    place = box = outer  # the innermost open element, and the innermost open block element
    while True:
        if element is not None:
            tag = element.tag
            if tag not in _SKIPPED_TAGS and not (tag == "noscript" and _is_small(element)):
                count += 1
                is_block = tag in _BLOCK_TAGS or (tag == "button" and _tag(box) not in _TEXT_TAGS)
                if is_block:
                    builder.close(box)
                here = _opened(element, tag, place, count, is_block)
                if tag == "br":
                    builder.parts.append("\n")
                stack.append((element, place, box, is_block))
                place = here
                if is_block:
                    box = here
                builder.add(element.text, place.href)
                element = element[0] if len(element) else None
                continue
        else:
            if not stack:
                break
            element, place, outer_box, is_block = stack.pop()
            if is_block:
                builder.close(box)
            box = outer_box
        if not stack:
            break
        builder.add(element.tail, place.href)
        element = element.getnext()
    builder.close(box)
    return tuple(builder.blocks)


def _is_small(element: _Element) -> bool:
    """Whether a noscript element is a notice; one that was never closed holds the whole page."""
    size = 0
    for text in element.itertext():
        size += len(text)
        if size >= _LEAST_PAGE:
            return False
    return True


def _tag(place: _Open) -> str:
    """Tag of the innermost step; empty outside of all."""
    return re.split("[#.]", place.path[-1], maxsplit=1)[0] if place.path else ""


def _opened(element: _Element, tag: str, around: _Open, number: int, is_block: bool) -> _Open:
    href = around.href
    if tag == "a":
        target = element.get("href") or "#"
        # a link within the page, as headings have to themselves, leads nowhere else
        href = None if target.startswith("#") else target
    if not is_block:
        return _Open(around.path, around.nodes, around.kind, around.level, href, around.hidden or _hides(element))
    path, nodes = around.path, around.nodes
    if len(path) < _MAX_DEPTH:
        step = tag
        if name := element.get("id"):
            step += "#" + _NOT_NAME.sub("_", name.strip())
        for attribute in _NAMING:
            if value := element.get(attribute):
                step += "." + ".".join(_NOT_NAME.sub("_", name) for name in value.split())
        path = (*path, step)
        nodes = (*nodes, number)
    kind = _KINDS.get(tag)
    if kind is None:
        # A paragraph inside a list item, quotation or caption is one of those; a box begins anew.
        kind = "quote" if tag == "blockquote" else around.kind
        if kind in _ENDED_BY.get(tag, ()):
            kind = "paragraph"
    level = _LEVELS.get(tag, around.level if kind == "heading" else 0)
    return _Open(path, nodes, kind, level, href, around.hidden or _hides(element))


def _hides(element: _Element) -> bool:
    if element.get("hidden") is not None:
        return True
    style = element.get("style")
    return style is not None and _HIDING.search(style) is not None


def _folded(text: str) -> str:
    return " ".join(text.translate(_INVISIBLE).split())
