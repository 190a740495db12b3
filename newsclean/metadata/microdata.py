"""Microdata and RDFa Lite on a page -> nodes as JSON-LD has them.

Read is what news pages write: items with their types, properties and values (HTML Living Standard, section "Microdata";
RDFa Lite 1.1). Not read are ``itemref``, prefixes other than schema.org's, and the text of long properties.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml.etree import XPath, _Element

from newsclean.metadata.jsonld import Node
from newsclean.metadata.sources import text_of

_BODY = "articleBody"
"""The property that is the text of the article, for which the blocks of the page stand."""
_MOST_ELEMENTS = 5_000
_MAX_VALUE = 2_000
"""Characters of a property that is text: longer ones are the article itself."""
_MOST_VALUES = 200
"""Values of one property that are kept."""
_MAX_DEPTH = 200
"""Elements between a property and its item."""
_ADDRESSES = {
    **dict.fromkeys(("a", "area", "link"), "href"),
    **dict.fromkeys(("audio", "embed", "iframe", "img", "source", "track", "video"), "src"),
    "object": "data",
}
"""Elements whose value is an address, and the attribute that holds it."""


@dataclass(frozen=True, slots=True)
class _Syntax:
    """How one of the two is written."""

    name: str
    mark: str
    """What stands in the source of every page that has it."""
    find: XPath
    item: str
    """Attribute of an item."""
    kind: str
    """Attribute with its type."""
    property: str
    """Attribute with the names of a property."""


_SYNTAXES = (
    _Syntax("microdata", "itemscope", XPath("//*[@itemscope or @itemprop]"), "itemscope", "itemtype", "itemprop"),
    _Syntax("rdfa", "typeof=", XPath("//*[@typeof or @property]"), "typeof", "typeof", "property"),
)


def embedded_nodes(tree: _Element, source: str) -> Iterator[tuple[str, list[Node]]]:
    """For each of ``microdata`` and ``rdfa`` that a page has, its items with a type, in the page's order. The tree is
    only read. ``source``: the text of the page, in which a mark tells whether it is worth to look.
    """
    for syntax in _SYNTAXES:
        if syntax.mark in source and (nodes := _read(tree, syntax)):
            yield syntax.name, nodes


def _read(tree: _Element, syntax: _Syntax) -> list[Node]:
    elements = syntax.find(tree)
    items: dict[_Element, dict[str, Any]] = {}
    if not isinstance(elements, list):
        return []
    for element in elements[:_MOST_ELEMENTS]:
        if not isinstance(element, _Element):
            continue
        owner = _owner(element, items)
        item = {"@type": _types(element.get(syntax.kind))} if element.get(syntax.item) is not None else None
        # a meta element of the head has its name in the same attribute
        names = _names(element.get(syntax.property)) if owner is not None else []
        if item is not None:
            items[element] = item
        if owner is None or not names:
            continue
        # where the text itself is also called the description, it is the text
        value = item if item is not None else None if _BODY in names else _value(element)
        if value is not None:
            for name in names:
                _add(owner, name, value)
    return [item for item in items.values() if item["@type"]]


def _owner(element: _Element, items: dict[_Element, dict[str, Any]]) -> dict[str, Any] | None:
    """The item that an element is in; None where it is in none."""
    if items:
        for _, above in zip(range(_MAX_DEPTH), element.iterancestors(), strict=False):
            if (found := items.get(above)) is not None:
                return found
    return None


def _types(value: str | None) -> list[str]:
    return [_short(part) for part in (value or "").split()]


def _names(value: str | None) -> list[str]:
    return [_short(part) for part in (value or "").split()]


def _short(name: str) -> str:
    """A name without the address or prefix of its vocabulary."""
    return name.rstrip("/").rsplit("/", 1)[-1].rsplit("#", 1)[-1].rsplit(":", 1)[-1]


def _value(element: _Element) -> str | None:
    """The value of a property; None for one that is empty, and for text as long as an article's."""
    told = element.get("datetime") if element.tag == "time" else element.get("content")
    if told is None:
        told = element.get("content") or element.get(_ADDRESSES.get(str(element.tag), "content"))
    if told is not None:
        return told.strip()[:_MAX_VALUE] or None
    text = " ".join(text_of(element).split())
    return text if text and len(text) <= _MAX_VALUE else None


def _add(item: dict[str, Any], name: str, value: Any) -> None:
    """One more value of a property: several make a list."""
    if name not in item:
        item[name] = value
    elif isinstance(item[name], list):
        if len(item[name]) < _MOST_VALUES:
            item[name].append(value)
    else:
        item[name] = [item[name], value]
