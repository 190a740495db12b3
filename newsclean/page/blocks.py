"""Tree -> Block[]: every visible piece of text, in reading order, each in its smallest block element."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import cast

from lxml import etree
from lxml.etree import _Element

from newsclean.model import Block, Kind
from newsclean.page.vocabulary import filing_names, hiding_names

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
        "picture datalist map meter progress noembed noframes applet img source link meta wbr"
    ).split()
)
_EM, _STRONG = 1, 2
_STYLES = {**dict.fromkeys("em i cite small dfn".split(), _EM), **dict.fromkeys("b strong".split(), _STRONG)}
"""Elements inside a line that set their text apart, as bits."""
_LEAST_PAGE = 2000
"""Characters that no notice to browsers without scripts has."""
_LEVELS = {f"h{level}": level for level in range(1, 7)}
_KINDS: dict[str, Kind] = {
    **dict.fromkeys(_LEVELS, "heading"),
    "li": "item",
    "dt": "item",
    "dd": "item",
    "figcaption": "caption",
    "blockquote": "quote",
    "td": "cell",
    "th": "cell",
}
_ENDED_BY = dict.fromkeys(("div", "section", "article", "table"), ("heading", "cell")) | {"p": ("cell",)}
"""Which kinds an element inside them ends: a layout table's cell is no cell of a table."""
_NAMING = ("class", "itemprop", "role", "data-testid", "data-component")
"""Attributes in which themes say what an element is for, in the order in which a step has them."""
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_INVISIBLE = dict.fromkeys((0xAD, 0x200B, 0x2060, 0xFEFF))
_ANY_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_PARAGRAPH_BREAK = re.compile(r"\n\s*\n")
_LINE_BREAK = re.compile(r"\n")
_LINED_TAGS = frozenset("td th center body".split())
"""Elements in which old pages end every line with one <br>; elsewhere one is a line break inside a paragraph."""
_LINES_OF_A_BOX = 3
"""Lines from which a cell is a box of the page's layout and none of a table of data."""
_MENUS = ("nav", "footer")
BODY, STRIP = "body", "strip"
_NO_MARKS: Mapping[_Element, str] = MappingProxyType({})
_MAX_DEPTH = 200
"""Steps of a path that are kept: real pages have 10 to 40."""
_MAX_NAME = 200
"""Characters of a class name or id that are kept."""


_Attributes = Sequence[tuple[str, str]]


@dataclass(slots=True)
class _Box:
    """A block element that the walk is inside of."""

    tag: str
    path: tuple[str, ...]
    nodes: tuple[int, ...]
    kind: Kind
    level: int
    hidden: bool
    menu: bool
    mark: str


@dataclass(slots=True)
class _Builder:
    """Collects text until a block ends."""

    blocks: list[Block] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    link_parts: list[str] = field(default_factory=list)
    hrefs: list[str] = field(default_factory=list)
    em: int = 0
    strong: int = 0

    def add(self, text: str, href: str | None, style: int) -> None:
        if text.isspace():
            if self.parts:  # no block begins with white space
                self.parts.append(" ")
            return
        # line breaks of the source are spaces; a newline in a part stands for a <br>
        if "\n" in text:
            text = text.replace("\n", " ")
        self.parts.append(text)
        if style:
            self.em += len(text) * (style & _EM)
            self.strong += len(text) * (style >> 1)
        if href is not None:
            self.link_parts.append(text)
            if self.hrefs[-1:] != [href]:
                self.hrefs.append(href)

    def close(self, box: _Box) -> None:
        """End the block that is being collected, if there is text in it."""
        parts = self.parts
        raw = "".join(parts) if len(parts) > 1 else parts[0]
        parts.clear()
        if "\n" in raw:
            breaks = _LINE_BREAK if box.tag in _LINED_TAGS else _PARAGRAPH_BREAK
            pieces = [piece for piece in map(folded, breaks.split(raw)) if piece]
        else:
            pieces = [piece] if (piece := folded(raw)) else []
        if not pieces:
            self._clear()
            return
        linked = len(folded("".join(self.link_parts))) if self.link_parts else 0
        hrefs = tuple(self.hrefs)
        kind = "paragraph" if box.kind == "cell" and len(pieces) >= _LINES_OF_A_BOX else box.kind
        for piece in pieces:
            share = linked if len(pieces) == 1 else min(len(piece), round(linked * len(piece) / max(1, len(raw))))
            self.blocks.append(
                Block(
                    index=len(self.blocks),
                    text=piece,
                    path=box.path,
                    kind=kind,
                    level=box.level,
                    link_chars=share,
                    hrefs=hrefs,
                    nodes=box.nodes,
                    hidden=box.hidden,
                    menu=box.menu,
                    mark=box.mark,
                    em_chars=min(len(piece), self.em),
                    strong_chars=min(len(piece), self.strong),
                )
            )
        self._clear()

    def _clear(self) -> None:
        self.link_parts.clear()
        self.hrefs.clear()
        self.em = self.strong = 0


def blocks_of(root: _Element, marks: Mapping[_Element, str] = _NO_MARKS) -> tuple[Block, ...]:
    """The blocks below ``root``; the tree is only read. Depth costs no recursion.

    Text that an attribute or an inline style hides inside a line is left out, as browsers do; a hidden block is
    marked, since pages hide what scripts show later. ``marks``: what site rules say of elements, for what is inside.
    """
    builder = _Builder()
    parts = builder.parts
    steps: dict[tuple[str, tuple[tuple[str, str], ...]], tuple[str, bool]] = {}
    stack: list[tuple[bool, _Box, str | None, int]] = []
    count = 0
    box = _Box("", (), (), "paragraph", 0, False, False, "")
    href: str | None = None
    style = 0
    # an iterator over each element's children would cost as much as all the rest
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            is_block, outer, href, style = stack.pop()
            if is_block and parts:
                builder.close(box)
            box = outer
            if (tail := element.tail) and stack:
                builder.add(tail, href, style)
            continue
        tag = element.tag
        if (tag in _SKIPPED_TAGS and not _is_shown(element, tag)) or (tag == "noscript" and _is_small(element)):
            stack.append((False, box, href, style))
            walk.skip_subtree()
            continue
        count += 1
        if tag in _BLOCK_TAGS or (tag == "button" and box.tag not in _TEXT_TAGS):
            if parts:
                builder.close(box)
            stack.append((True, box, href, style))
            box = _opened(element, tag, box, count, steps)
            if marks and box.mark != STRIP:
                box.mark = marks.get(element, box.mark)
        else:
            stack.append((False, box, href, style))
            if tag == "br":
                if parts:
                    parts.append("\n")
            elif tag == "a":
                href = _target(element)
            elif (attributes := cast("_Attributes", element.items())) and _is_hidden_inline(attributes):
                walk.skip_subtree()
                continue
            style |= _STYLES.get(tag, 0)
        if text := element.text:
            builder.add(text, href, style)
    if parts:
        builder.close(box)
    return tuple(builder.blocks)


def folded(text: str) -> str:
    """A text as a browser shows it in one line: single spaces, no characters without width."""
    if not text.isascii() and _ANY_INVISIBLE.search(text):
        text = text.translate(_INVISIBLE)
    return " ".join(text.split())


def _is_small(element: _Element) -> bool:
    """Whether a noscript element is a notice; one that was never closed holds the whole page."""
    size = 0
    for text in element.itertext():
        size += len(text)
        if size >= _LEAST_PAGE:
            return False
    return True


def _is_shown(element: _Element, tag: str) -> bool:
    """Whether it is a template that browsers show: one that declares a shadow tree. One that holds a whole page was not
    closed where its author closed it: the parser looks for the ends of what is inside."""
    return tag == "template" and (element.get("shadowrootmode") is not None or not _is_small(element))


def _target(element: _Element) -> str | None:
    """Where a link leads; None for one within the page, as headings have to themselves: it leads nowhere else."""
    target = element.get("href") or "#"
    return None if target.startswith("#") else target


def _opened(
    element: _Element,
    tag: str,
    around: _Box,
    number: int,
    steps: dict[tuple[str, tuple[tuple[str, str], ...]], tuple[str, bool]],
) -> _Box:
    attributes = tuple(cast("_Attributes", element.items()))
    if attributes:
        known = steps.get((tag, attributes))
        if known is None:
            known = steps[(tag, attributes)] = _step(tag, dict(attributes))
        step, hides = known
    else:
        step, hides = tag, False
    path, nodes = around.path, around.nodes
    if len(path) < _MAX_DEPTH:
        path = (*path, step)
        nodes = (*nodes, number)
    kind = _KINDS.get(tag)
    if kind is None:
        # A paragraph inside a list item, quotation or caption is one of those; a box begins anew.
        kind = around.kind
        if kind in _ENDED_BY.get(tag, ()):
            kind = "paragraph"
    level = _LEVELS.get(tag, around.level if kind == "heading" else 0)
    return _Box(tag, path, nodes, kind, level, around.hidden or hides, around.menu or tag in _MENUS, around.mark)


def _step(tag: str, attributes: dict[str, str]) -> tuple[str, bool]:
    """An element's step of a path, and whether an attribute hides it."""
    step = tag
    if name := attributes.get("id"):
        step += "#" + "_".join(_plain(name[:_MAX_NAME]).split())
    for attribute in _NAMING:
        if value := attributes.get(attribute):
            if len(value) > _MAX_NAME:
                value = " ".join(name[:_MAX_NAME] for name in value.split()[:_MAX_NAME])
            step += "." + ".".join(_unfiled(_plain(value).split()))
    return step, _hides(attributes)


def _unfiled(names: list[str]) -> list[str]:
    """The class names without those that only file the article under its topics."""
    articles, beginnings = filing_names()
    if articles.isdisjoint(names):
        return names
    return [name for name in names if not name.startswith(beginnings)]


def _plain(name: str) -> str:
    """A name without the signs that part the names of a step."""
    return name.replace(".", "_").replace("#", "_")


def _hides(attributes: dict[str, str]) -> bool:
    if "hidden" in attributes:
        return True
    style = attributes.get("style")
    return style is not None and _HIDING.search(style) is not None


def _is_hidden_inline(attributes: _Attributes) -> bool:
    """Whether an element inside a line shows nothing: hidden, or meant for those who hear the page read."""
    for name, value in attributes:
        if name == "class":
            if not hiding_names().isdisjoint(value.split()):
                return True
        elif name == "hidden" or (name == "style" and _HIDING.search(value)):
            return True
    return False
