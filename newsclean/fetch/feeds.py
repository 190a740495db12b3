"""Feeds: RSS 0.9 to 2.0, RDF, Atom and JSON Feed, as stories with their addresses, dates and titles.

An XML feed is read here as a stream and reduced to the links and dates of its entries, which feedparser then
understands. feedparser alone would search a hostile feed in quadratic time and keep all of it in memory.
"""

import calendar
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from newsclean.errors import SourceError
from newsclean.fetch.listed import Listed, address, moment, one_line
from newsclean.fetch.markup import as_utf8, local, records, space, text_of, unpacked, without_prologue
from newsclean.urls import MAX_LENGTH, shown

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_BYTES = 16 * 1024 * 1024
"""Bytes of a feed that are read."""
MAX_ENTRIES = 10_000
"""Entries of a feed that are read."""

ROOTS = frozenset(["rss", "rdf", "feed", "channel"])
"""Names of the root elements of feeds; RSS is also met without its ``rss`` element."""
_RECORDS = frozenset(["item", "entry"])
_ATOM = "http://www.w3.org/2005/Atom"
_DC = "http://purl.org/dc/elements/1.1/"
_FEEDBURNER = "http://rssnamespace.org/feedburner/ext/1.0"
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_DATES = {"pubdate": "published", "published": "published", "updated": "updated"}
_DATES |= {"issued": "published", "modified": "updated", "created": "created"}
"""Elements with a date, in lower case, and those of Atom that mean the same."""
_MAX_DATE = 100
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_JSON_VERSION = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/1(?:\.\d+)?/?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What a feed lists."""

    form: Literal["rss", "atom", "json"]
    entries: tuple[Listed, ...]
    """In the feed's order; those without an http(s) address are not among them."""
    notes: tuple[str, ...] = ()
    """Why not all of the feed was read, a sentence each."""


def read_feed(body: bytes, url: str, content_type: str | None = None) -> Feed:
    """Read a feed. ``body``: packed with gzip or not; ``url``: where it came from, for relative links;
    ``content_type``: the header field, for its charset.

    Up to MAX_BYTES and MAX_ENTRIES are read, ``notes`` say so where there is more. Raises SourceError where the body
    is no feed.
    """
    notes: list[str] = []
    body = unpacked(body, url, MAX_BYTES, notes)
    text = as_utf8(body, content_type)
    if not text.strip():
        raise SourceError(f"{url}: no feed: the answer is empty")
    if text.lstrip()[:1] == b"{":
        return _json_feed(text, url, notes)
    return read_xml_feed(without_prologue(text), url, notes)


def read_xml_feed(document: bytes, url: str, notes: list[str]) -> Feed:
    """Read RSS or Atom from its root element on, in UTF-8; for the rest see :func:`read_feed`."""
    stream = records(document, _RECORDS, notes)
    root = next(stream, None)
    if root is None:
        raise SourceError(f"{url}: no feed: the answer is neither XML nor JSON")
    name = local(root)
    if name in ("urlset", "sitemapindex"):
        raise SourceError(f"{url}: no feed, but a sitemap: give it with --sitemap")
    if name not in ROOTS:
        raise SourceError(f"{url}: no feed: its root element is {shown(name)}, not rss, RDF or feed")
    drafts: list[_Draft] = []
    for element in stream:
        if len(drafts) >= MAX_ENTRIES:
            notes.append(f"it has more than {MAX_ENTRIES:,} entries: read up to there")
            break
        drafts.append(_draft(element, url))
    form: Literal["rss", "atom"] = "atom" if name == "feed" else "rss"
    return Feed(form=form, entries=tuple(_understood(drafts, form)), notes=tuple(notes))


@dataclass(frozen=True, slots=True)
class _Draft:
    """What is kept of an entry: where it stands, its title, and the parts for feedparser."""

    base: str
    title: str | None
    parts: list[tuple[str, dict[str, str], str]]


def _draft(entry: "_Element", url: str) -> _Draft:
    """The links and dates of one entry, under the names that they have today."""
    title = None
    parts: list[tuple[str, dict[str, str], str]] = []
    dates: dict[str, str] = {}
    for part in entry:
        name, home = local(part), space(part)
        own = home == space(entry)
        atom = "atom" in home  # of 2005 or before, or an undeclared prefix
        if name == "title" and (own or atom or not home) and title is None:
            kind = part.get("type", "text" if atom else "html").lower()
            title = one_line(text_of(part), markup=kind.endswith("html") and "xhtml" not in kind)
        elif name == "origlink" and "feedburner" in home:
            parts.append((f"{{{_FEEDBURNER}}}origLink", {}, _short(text_of(part))))
        elif name == "date" and ("purl.org/dc" in home or home == "dc"):
            parts.append((f"{{{_DC}}}date", {}, _short(text_of(part), _MAX_DATE)))
        elif not (own or atom or not home):
            continue
        elif name == "link":
            kept = {key: _short(part.get(key, ""), 100) for key in ("rel", "type") if part.get(key)}
            href = address(_base(part, url), part.get("href") or text_of(part))
            if href is not None:  # in an attribute, since feedparser tidies the text of a link
                parts.append((f"{{{_ATOM}}}link", {**kept, "href": href}, ""))
        elif name == "guid" and own:
            kept = {"isPermaLink": part.get("isPermaLink", "true")[:10].lower()}
            parts.append((name, kept, _short(text_of(part))))
        elif name in _DATES:
            dates.setdefault(_DATES[name], _short(text_of(part), _MAX_DATE))
    parts += [(f"{{{_ATOM}}}{name}", {}, text) for name, text in dates.items()]
    return _Draft(_base(entry, url), title, parts)


def _short(text: str, limit: int = MAX_LENGTH + 1) -> str:
    """So much of the text that a URL which is too long stays too long."""
    return _NOT_XML.sub("", text[:limit])


def _base(element: "_Element", url: str) -> str:
    """The address that relative links of the element refer to, by ``xml:base`` (W3C XML Base)."""
    bases = [e.get(_XML_BASE) for e in [element, *element.iterancestors()]]
    base = url
    for part in reversed(bases):
        base = address(base, part) or base
    return base


def _understood(drafts: list[_Draft], form: str) -> Iterator[Listed]:
    """The entries as feedparser understands them, in one sound document that it can read strictly."""
    import feedparser
    from lxml import etree

    names = {"feedburner": _FEEDBURNER, "dc": _DC}
    if form == "atom":
        root = etree.Element(f"{{{_ATOM}}}feed", nsmap={"a": _ATOM, **names})
        top, kind = root, f"{{{_ATOM}}}entry"
    else:
        root = etree.Element("rss", {"version": "2.0"}, nsmap={"atom": _ATOM, **names})
        top, kind = etree.SubElement(root, "channel"), "item"
    for draft in drafts:
        entry = etree.SubElement(top, kind)
        for tag, attributes, text in draft.parts:
            etree.SubElement(entry, tag, attributes).text = text
    document = io.BytesIO(etree.tostring(root, encoding="utf-8", xml_declaration=True))
    read = feedparser.parse(document, sanitize_html=False, resolve_relative_uris=False)
    for draft, entry in zip(drafts, read.entries, strict=True):
        link = _link(draft, entry)
        if link is not None:
            yield Listed(url=link, published=_date(entry), title=draft.title)


def _link(draft: _Draft, entry: Any) -> str | None:
    """The story's address: the publisher's own where FeedBurner keeps it, else the link, else a guid that is one."""
    original = address("", dict.get(entry, "feedburner_origlink"))
    if original is not None:
        return original
    guid = dict.get(entry, "guidislink", False)
    return address("" if guid else draft.base, dict.get(entry, "link"))


def _date(entry: Any) -> datetime | None:
    """When it was published or, where that is not said, last changed."""
    for name in ("published_parsed", "created_parsed", "updated_parsed"):
        read = dict.get(entry, name)  # the entry's own get would take one date for another
        if read is not None:
            try:
                return datetime.fromtimestamp(calendar.timegm(read), UTC)
            except (OverflowError, ValueError, OSError):
                continue
    return None


def _json_feed(text: bytes, url: str, notes: list[str]) -> Feed:
    """JSON Feed 1.0 and 1.1 (jsonfeed.org)."""
    import msgspec

    try:
        feed = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
        version = msgspec.json.decode(feed.get("version", b"null"))
        items = msgspec.json.decode(feed.get("items", b"null"), type=list[msgspec.Raw] | None)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise SourceError(f"{url}: no feed: not readable as JSON: {problem}") from None
    if not isinstance(version, str) or not _JSON_VERSION.fullmatch(version) or items is None:
        raise SourceError(f"{url}: no feed: JSON, but without the version and items of a JSON Feed")
    if len(items) > MAX_ENTRIES:
        notes.append(f"it has more than {MAX_ENTRIES:,} entries: read up to there")
    entries = []
    for raw in items[:MAX_ENTRIES]:
        try:
            item = msgspec.json.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
        if not isinstance(item, dict):
            continue
        words = {key: value for key, value in item.items() if isinstance(value, str)}
        link = address(url, words.get("url")) or address("", words.get("id"))
        if link is not None:
            published = moment(words.get("date_published")) or moment(words.get("date_modified"))
            entries.append(Listed(url=link, published=published, title=one_line(words.get("title"))))
    return Feed(form="json", entries=tuple(entries), notes=tuple(notes))
