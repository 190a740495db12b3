"""Text -> tree. lxml's HTML parser reads what browsers read, whatever is wrong with it."""

import re
from dataclasses import dataclass

from lxml import etree, html
from lxml.etree import _Element

from newsclean.errors import EmptyPageError, NotHtmlError
from newsclean.model import Block, Capture
from newsclean.page.blocks import blocks_of
from newsclean.page.decode import decoded

_TAG = re.compile(r"<\s*(?:!doctype|html|head|body|div|p|article|main|section|table|h[1-6]|br|span|a|ul|title)\b", re.I)
_ANY_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)[^<>]*>")
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr", "p", "li"]
)
_MAX_DEPTH = 500
"""Browsers stop nesting at 512 elements; lxml gives up at 2,048 and would lose the rest of the page."""
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page, read. Nobody changes ``tree``: the stages only look at it."""

    url: str | None
    html: str
    tree: _Element
    blocks: tuple[Block, ...]
    charset: str
    diagnostics: tuple[str, ...] = ()


def read_page(capture: Capture, *, limit: int) -> Page:
    """The page of a capture. Raises a PageError where the bytes are no page."""
    text = decoded(capture.body, capture.headers, limit=limit)
    source = _NOT_XML.sub(" ", text.text)
    if not _TAG.search(source):
        raise NotHtmlError("not a page: there is no HTML tag in it")
    tree = parsed(source)
    return Page(
        url=capture.final_url or None,
        html=source,
        tree=tree,
        blocks=blocks_of(tree),
        charset=text.charset,
        diagnostics=text.diagnostics,
    )


def parsed(source: str) -> _Element:
    """The tree of an HTML text. Raises EmptyPageError where nothing is left of it."""
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        tree = html.document_fromstring(source.encode("utf-8"), parser=parser)
        if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
            tree = html.document_fromstring(_flattened(source).encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise EmptyPageError("the page is empty: no element is left when it is parsed") from None
    return tree


def _flattened(source: str) -> str:
    """The text without the tags that are nested deeper than the parser goes, as browsers leave them out."""
    depth = 0
    dropped: list[str] = []

    def kept(found: re.Match[str]) -> str:
        nonlocal depth
        closing, name = found[1], found[2].lower()
        if name in _VOID:
            return found[0]
        if not closing:
            depth += 1
            if depth > _MAX_DEPTH:
                dropped.append(name)
                return " "
            return found[0]
        depth = max(0, depth - 1)
        if dropped and depth >= _MAX_DEPTH:
            dropped.pop()
            return " "
        return found[0]

    return _ANY_TAG.sub(kept, source)
