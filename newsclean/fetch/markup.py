"""The XML of feeds and sitemaps, as servers send it: in any encoding, packed, broken, hostile. Read as a stream.

No entity is ever expanded: the prologue with its document type is passed over, and a reference that is not one of XML's
own five is text. So neither nested nor external entities mean anything here, whatever the XML library does with them.
"""

import codecs
import re
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from newsclean.errors import SourceError
from newsclean.urls import shown

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_PARTS = 20_000
"""Elements inside one record that are read; a record that has more ends the reading."""
_LAYERS = 3
_STEP = 1 << 16
_BITE = 1 << 12
"""Bytes that are unpacked at once. A member's end makes a copy of what is behind it, and there may be a million."""
_GZIP = b"\x1f\x8b"
_SPACE = b" \t\r\n"
_CONTROL = bytes(set(range(0x20)) - set(_SPACE))
"""Characters that XML forbids; the library would stop at one."""
_AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)")
_REFERENCE = 12
"""Bytes of the longest reference."""
_CDATA = b"<![CDATA["
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?\sencoding\s{0,9}=\s{0,9}[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_SUBSET_END = re.compile(rb"\][ \t\r\n]{0,99}>")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\x00?\x00", "utf-16-le"),
    (b"\x00<\x00?", "utf-16-be"),
)


def unpacked(body: bytes, url: str, limit: int, notes: list[str]) -> bytes:
    """The body without gzip, which is known by its first two bytes, and cut to ``limit`` bytes.

    A file ``.xml.gz`` is often packed once more on its way. ``notes`` gets what was cut or broken, a sentence each.
    Raises SourceError where nothing can be unpacked.
    """
    for _layer in range(_LAYERS):
        if not body.startswith(_GZIP):
            break
        body = _gunzip(body, url, limit, notes)
    else:
        if body.startswith(_GZIP):
            raise SourceError(f"{url}: packed with gzip more than {_LAYERS} times")
    if len(body) > limit:
        notes.append(f"it is larger than {limit:,} bytes: read up to there")
        return body[:limit]
    return body


def _gunzip(data: bytes, url: str, limit: int, notes: list[str]) -> bytes:
    """What is packed, one byte more than ``limit`` at most. All members (RFC 1952, 2.2); padding is passed over."""
    parts: list[bytes] = []
    at = size = 0
    while data.startswith(_GZIP, at) and size <= limit:
        machine = zlib.decompressobj(31)
        bite = b""
        while not machine.eof and size <= limit and (bite or at < len(data)):
            if not bite:
                bite = data[at : at + _BITE]
                at += len(bite)
            try:
                part = machine.decompress(bite, min(_STEP, limit + 1 - size))
            except zlib.error as problem:
                if not size:
                    raise SourceError(f"{url}: not readable as gzip: {problem}") from None
                notes.append(f"its gzip is broken after {size:,} bytes: read up to there")
                return b"".join(parts)
            parts.append(part)
            size += len(part)
            bite = machine.unconsumed_tail
        if not machine.eof and not size:
            raise SourceError(f"{url}: not readable as gzip: it breaks off at its beginning")
        if not machine.eof and size <= limit:
            notes.append(f"its gzip breaks off after {size:,} bytes: read up to there")
        at -= len(machine.unused_data)
    return b"".join(parts)


def as_utf8(body: bytes, content_type: str | None = None) -> bytes:
    """The text in UTF-8, without a byte order mark and without control characters.

    The encoding is that of the mark, else of Content-Type (RFC 7303), else of the XML declaration, else UTF-8, each
    only if the bytes agree; else Windows-1252 where none was named, and replacement characters where one was.
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            start = len(mark) if mark[:1] != b"<" and mark[:2] != b"\x00<" else 0
            return _recoded(body[start:], encoding, "replace").translate(None, _CONTROL)
    if body.isascii():
        return body.translate(None, _CONTROL)
    sent = _CHARSET.search(content_type or "")
    declared = _DECLARED.search(body[:512])
    named = [sent[1]] if sent else []
    named += [declared[1].decode("ascii")] if declared else []
    for encoding in [*named, "utf-8"]:
        try:
            return _recoded(body, encoding, "strict").translate(None, _CONTROL)
        except (LookupError, ValueError):
            continue
    return _recoded(body, "utf-8" if named else "windows-1252", "replace").translate(None, _CONTROL)


def _recoded(body: bytes, encoding: str, errors: str) -> bytes:
    """Piece by piece, since a character may take four bytes. Raises LookupError or ValueError."""
    bytes(4).decode(encoding)  # refuses zlib and the like, which have an incremental decoder, too
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    parts = []
    for start in range(0, len(body), _STEP):
        text = decoder.decode(body[start : start + _STEP], final=start + _STEP >= len(body))
        parts.append(text.encode("utf-8", "replace"))
    return b"".join(parts)


def without_prologue(text: bytes) -> bytes:
    """The document from its root element on; empty where there is none. Declaration, comments and document type go."""
    at, end = 0, len(text)
    while at < end:
        if text[at] in _SPACE:
            at += 1
        elif text.startswith(b"<!--", at):
            at = _behind(text, b"-->", at + 4)
        elif text.startswith(b"<?", at):
            at = _behind(text, b"?>", at)
        elif text[at : at + 9].upper() == b"<!DOCTYPE":
            close, subset = text.find(b">", at), text.find(b"[", at)
            if 0 <= subset < close:
                found = _SUBSET_END.search(text, subset)
                at = found.end() if found else end
            else:
                at = _behind(text, b">", at)
        else:
            return text[at:] if text.startswith(b"<", at) else b""
    return b""


def _behind(text: bytes, mark: bytes, at: int) -> int:
    found = text.find(mark, at)
    return len(text) if found < 0 else found + len(mark)


def records(document: bytes, names: frozenset[str], notes: list[str]) -> Iterator["_Element"]:
    """The root, as soon as it begins, and then each element with one of the local names, as soon as it ends.

    ``document``: UTF-8, as :func:`without_prologue` gives it. An element is good until the next one is asked for; what
    was read is dropped, so that memory does not grow with the document. Nothing is given of a record that breaks off;
    ``notes`` gets a sentence then. Errors in the XML are passed over where the library can.
    """
    from lxml import etree

    parser = etree.XMLPullParser(
        events=("start", "end"),
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root: _Element | None = None
    stack: list[_Element] = []
    parts = 0
    for piece in _sound(document):
        try:
            parser.feed(piece)
        except etree.XMLSyntaxError as problem:
            notes.append(f"its XML cannot be read on: {shown(str(problem))}")
            return
        for event, thing in parser.read_events():
            element = cast("_Element", thing)
            if event == "start":
                parts += 1
                if root is None:
                    root = element
                    yield element
                elif local(element) in names:
                    stack.append(element)
                continue
            if stack and element is stack[-1]:
                stack.pop()
                yield element
            if not stack:
                parts = 0
                _drop(element)
                if element is root:
                    return
        if stack and parts > MAX_PARTS:
            notes.append(f"one of its records has more than {MAX_PARTS:,} elements: read up to there")
            return
    if root is not None:
        notes.append("it breaks off before its end: read up to there")


def _drop(element: "_Element") -> None:
    """Give the memory of an element and of all before it back."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _sound(document: bytes) -> Iterator[bytes]:
    """The document, piece by piece, with every ampersand that begins none of XML's own references escaped.

    CDATA stays as it is. Piece by piece, since a document of nothing but ampersands would take much memory as a whole.
    """
    at, end = 0, len(document)
    while at < end:
        data = document.find(_CDATA, at)
        data = end if data < 0 else data
        while at < data:
            stop = min(at + _STEP, data)
            if stop < data and (last := document.rfind(b"&", max(at + 1, stop - _REFERENCE), stop)) > 0:
                stop = last  # the reference may go on behind it
            yield _AMPERSAND.sub(b"&amp;", document[at:stop])
            at = stop
        data = _behind(document, b"]]>", at)
        while at < data:
            yield document[at : min(at + _STEP, data)]
            at = min(at + _STEP, data)


def local(element: "_Element") -> str:
    """The element's name in lower case, without namespace or undeclared prefix."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2].lower()


def space(element: "_Element") -> str:
    """The element's namespace in lower case, or its prefix where that is not declared. Empty where it has neither."""
    tag = str(element.tag)
    if tag.startswith("{"):
        return tag[1:].partition("}")[0].lower()
    return tag.rpartition(":")[0].lower()


def text_of(element: "_Element") -> str:
    """All text inside the element."""
    return "".join(map(str, element.itertext())).strip()
