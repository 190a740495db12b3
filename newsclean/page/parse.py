"""Text -> tree. lxml's HTML parser reads what browsers read, whatever is wrong with it."""

import re
from dataclasses import dataclass
from typing import cast

from lxml import etree, html
from lxml.etree import _Element

from newsclean.errors import EmptyPageError, NotHtmlError, PageTooLargeError
from newsclean.model import Block, Capture
from newsclean.page.blocks import blocks_of
from newsclean.page.decode import Decoded, decoded

_TAG = re.compile(
    r"<\s*(?:!doctype|html|head|body|div|p|article|main|section|aside|header|footer|nav|form|table|h[1-6]|br|span|a|b|i|em|"
    r"strong|font|center|img|figure|blockquote|pre|ul|ol|dl|li|title)\b",
    re.IGNORECASE,
)
_ROOT = re.compile(
    r"\s*+(?:<\?[^>]*+>\s*+|<!--(?:[^-]++|-(?!->))*+-->\s*+|<![a-z][^>]*+>\s*+)*+<([a-z][\w:-]*+)", re.IGNORECASE
)
_OTHER_ROOTS = {
    "rss": "an RSS feed",
    "rdf:rdf": "an RSS feed",
    "feed": "an Atom feed",
    "urlset": "a sitemap",
    "sitemapindex": "an index of sitemaps",
    "opml": "a list of feeds",
}
"""Root elements of what is served for pages and would pass for one, since it has HTML inside."""
_JSON = re.compile(r"""\s*+(?:\{\s*+["}]|\[\s*+[\["{\]])""")
_ANY_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*+)[^<>]*+>")
_START_TAG = re.compile(rb"<[a-zA-Z]")
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr", "p", "li"]
)
_MAX_DEPTH = 500
"""Browsers stop nesting at 512 elements; lxml gives up at 2,048 and would lose the rest of the page."""
_NODES = 200_000
"""Elements of a page, where the caller sets no limit."""
_LEAST_ELEMENT = 3
"""Bytes that an element takes at least: ``<a>``."""
_IN_SCRIPTS = 4
"""How many times as many tags as elements a page may have: scripts and comments hold tags that are no elements."""
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_XML_BYTES = tuple(bytes([code]) for code in (*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20)))
_CLOSING = b"</html"
_TAIL = 2000
"""Bytes at the end of a page in which its last tag is looked for first."""
_END_TAG = re.compile(rb"</(?:html|body)\s*+>", re.IGNORECASE)
_NOTHING_MORE = re.compile(rb"(?:</(?:html|body)\s*+>|\s++|<!--(?:[^-]++|-(?!->))*+-->)*+\Z", re.IGNORECASE)
_MANY_ATTRIBUTES = re.compile(
    rb"""<([a-zA-Z][^\s<>/]*+)(?:[\s/]++[^\s=<>/]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?+){1000,}+"""
)
"""A tag whose attributes are no attributes: a quotation mark is missing, mostly. The parser compares each with all."""
_WINDOW = 16_000
"""Bytes in which a tag of many attributes has no end; a longer run without one is looked at."""
_LEAST_WORDS = 300
_MANY_SIGNS = 20_000
_LEAST_VALUE = 20
"""Bytes of a page for each of these, below which they are not counted."""
_SIGNS_A_TAG = 8
"""Signs of equality a tag from which on some tag may have very many."""
_COUNT = etree.XPath("count(//*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page, read. Nobody changes ``tree``: the stages only look at it."""

    url: str | None
    html: str
    tree: _Element
    blocks: tuple[Block, ...]
    charset: str
    diagnostics: tuple[str, ...] = ()


def read_page(capture: Capture, *, limit: int, nodes: int = _NODES) -> Page:
    """The page of a capture. ``limit``: most bytes, decoded; ``nodes``: most elements.

    Raises a PageError where the bytes are no page, PageTooLargeError above one of the limits.
    """
    text = decoded(capture.body, capture.headers, limit=limit)
    source, whole = _cleaned(text)
    data = _slim(whole)
    if data is not whole and data != whole:
        source = data.decode("utf-8")
    if other := _other(source):
        raise NotHtmlError(f"not a page but {other}")
    if not _TAG.search(source):
        raise NotHtmlError("not a page: there is no HTML tag in it")
    may_be_large = len(data) > nodes * _LEAST_ELEMENT
    if may_be_large and (tags := _start_tags(data, nodes)) > nodes * _IN_SCRIPTS:
        raise PageTooLargeError(f"the page has {tags} tags, far more than its limit of {nodes} elements")
    tree = _parsed(data)
    if may_be_large and (count := cast(float, _COUNT(tree))) > nodes:
        raise PageTooLargeError(f"the page has {count:.0f} elements, more than the limit of {nodes}")
    return Page(
        url=capture.final_url or None,
        html=source,
        tree=tree,
        blocks=blocks_of(tree),
        charset=text.charset,
        diagnostics=text.diagnostics,
    )


def _other(source: str) -> str | None:
    """What the text is, where it is something else in which HTML may stand; None for a page."""
    if (root := _ROOT.match(source)) and (name := _OTHER_ROOTS.get(root[1].lower())):
        return name
    return "JSON" if _JSON.match(source) and source.rstrip()[-1] in "}]" else None


def parsed(source: str | bytes) -> _Element:
    """The tree of an HTML text, or of its bytes in UTF-8. Raises EmptyPageError where nothing is left of it."""
    data = source.encode("utf-8", "replace") if isinstance(source, str) else source
    return _parsed(_slim(data))


def _parsed(data: bytes) -> _Element:
    if _goes_on(data):
        data = _END_TAG.sub(b" ", data)
    try:
        tree, is_cut = _tree(data)
        if tree.getnext() is not None:
            # Browsers put what follows </html> into the body, the parser begins a new document that nobody reads.
            data = _END_TAG.sub(b" ", data)
            tree, is_cut = _tree(data)
        if is_cut:
            tree, _ = _tree(_flattened(data.decode("utf-8", "replace")).encode("utf-8"))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise EmptyPageError("the page is empty: no element is left when it is parsed") from None
    return tree


def _tree(data: bytes) -> tuple[_Element, bool]:
    """The tree, and whether the parser gave up before the end."""
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, collect_ids=False
    )
    tree = html.document_fromstring(data, parser=parser)
    # it gives up with its last error; of the others the log has the first hundred
    last = parser.error_log.last_error
    return tree, last is not None and last.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT


def _slim(data: bytes) -> bytes:
    """The page without the attributes of tags that have more of them than any tag has."""
    return _MANY_ATTRIBUTES.sub(rb"<\1 ", data) if _may_have_many_attributes(data) else data


def _may_have_many_attributes(data: bytes) -> bool:
    """Whether a tag is so long, or has so many values, that its attributes are worth counting."""
    for place in range(0, len(data) - _WINDOW + 1, _WINDOW):
        if data.find(b">", place, place + _WINDOW) < 0:
            tag = data.rfind(b"<", max(0, place - _WINDOW), place + 1)
            is_open = data[tag + 1 : tag + 2].isalpha() and data.find(b">", tag, place) < 0
            if tag >= 0 and is_open and len(data[place : place + _WINDOW].split()) > _LEAST_WORDS:
                return True
    if len(data) < _MANY_SIGNS * _LEAST_VALUE:
        return False
    signs = data.count(b"=")
    return signs > _MANY_SIGNS and data.count(b"<") * _SIGNS_A_TAG < signs


def _goes_on(data: bytes) -> bool:
    """Whether there is more than white space, comments and end tags behind the last ``</html>``."""
    start = max(0, len(data) - _TAIL)
    place = data[start:].lower().rfind(_CLOSING)
    if place < 0:
        start, place = 0, data.lower().rfind(_CLOSING)
    return place >= 0 and _NOTHING_MORE.match(data, start + place) is None


def _cleaned(text: Decoded) -> tuple[str, bytes]:
    """The text with spaces for the characters that no tree can hold, and the same in UTF-8."""
    source, data = text.text, text.utf8
    if data is not None:
        # a search for each byte is ten times as fast as an expression for all of them
        has_none = not any(code in data for code in _NOT_XML_BYTES)
        if has_none and "\ufffe" not in source and "\uffff" not in source:
            return source, data
    source = _NOT_XML.sub(" ", source)
    return source, source.encode("utf-8")


def _start_tags(data: bytes, enough: int) -> int:
    """How many start tags there are, scripts and comments included; 0 where there are no more than ``enough``."""
    if data.count(b"<") <= enough:
        return 0
    return sum(1 for _ in _START_TAG.finditer(data))


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
