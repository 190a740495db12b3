"""Sitemaps (sitemaps.org), as XML, text or feed, packed or not: lists of stories, and of further sitemaps."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsclean.errors import SourceError
from newsclean.fetch.listed import Listed, address, moment, one_line
from newsclean.fetch.markup import as_utf8, local, records, text_of, unpacked, without_prologue
from newsclean.urls import MAX_LENGTH, shown

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_BYTES = 52_428_800
"""Bytes of an unpacked sitemap that are read: what the protocol allows."""
MAX_URLS = 50_000
"""Entries of a sitemap that are read: what the protocol allows."""
_MAX_LINE = 4 * (MAX_LENGTH + 1)
"""Bytes of a line that are read: a URL that is too long stays too long."""
_LINE = re.compile(rb"[^\r\n]+")
_ROOTS = frozenset(["urlset", "sitemapindex"])
_RECORDS = frozenset(["url", "sitemap"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """What a sitemap lists."""

    stories: tuple[Listed, ...] = ()
    """In the sitemap's order. ``published`` is the publication date of a news sitemap, else ``lastmod``."""
    sitemaps: tuple[Listed, ...] = ()
    """Further sitemaps, of an index; ``published`` is their ``lastmod``."""
    notes: tuple[str, ...] = ()
    """Why not all of the sitemap was read, a sentence each."""


def read_sitemap(body: bytes, url: str, content_type: str | None = None) -> Sitemap:
    """Read a sitemap, an index of sitemaps, a text sitemap, or a feed that serves as one.

    ``body``: packed with gzip, which is known by its first bytes, or not; ``url``: where it came from, for relative
    addresses; ``content_type``: the header field, for its charset. Namespaces are not looked at, since many are
    misspelt. Up to MAX_BYTES and MAX_URLS are read, ``notes`` say so where there is more. Raises SourceError where the
    body is none of these.
    """
    notes: list[str] = []
    text = as_utf8(unpacked(body, url, MAX_BYTES, notes), content_type)
    start = text[:1024].lstrip()
    if not start and not text.strip():
        raise SourceError(f"{url}: no sitemap: the answer is empty")
    if start and not start.startswith(b"<"):
        return _text_sitemap(text, url, notes)
    document = without_prologue(text)
    del text
    stream = records(document, _RECORDS, notes)
    root = next(stream, None)
    if root is None:
        raise SourceError(f"{url}: no sitemap: the answer is no XML")
    if local(root) in _ROOTS:
        return _xml_sitemap(stream, url, notes)
    from newsclean.fetch.feeds import ROOTS, read_xml_feed

    if local(root) in ROOTS:
        feed = read_xml_feed(document, url, notes)
        return Sitemap(stories=feed.entries, notes=feed.notes)
    raise SourceError(f"{url}: no sitemap: its root element is {shown(local(root))}, not urlset or sitemapindex")


def _xml_sitemap(stream: "Iterator[_Element]", url: str, notes: list[str]) -> Sitemap:
    """What is left of a stream of records behind the root."""
    found: dict[str, list[Listed]] = {"url": [], "sitemap": []}
    for count, element in enumerate(stream, 1):
        if count > MAX_URLS:
            notes.append(f"it has more than {MAX_URLS:,} entries: read up to there")
            break
        entry = _entry(element, url)
        if entry is not None:
            found[local(element)].append(entry)
    return Sitemap(stories=tuple(found["url"]), sitemaps=tuple(found["sitemap"]), notes=tuple(notes))


def _entry(element: "_Element", url: str) -> Listed | None:
    """One record; None where its address is no http(s) URL."""
    fields: dict[str, str] = {}
    for part in element:
        name = local(part)
        if name in ("loc", "lastmod"):
            fields.setdefault(name, text_of(part))
        elif name == "news":
            for detail in part:
                if local(detail) in ("publication_date", "title"):
                    fields.setdefault(local(detail), text_of(detail))
    where = address(url, fields.get("loc"))
    if where is None:
        return None
    published = moment(fields.get("publication_date")) or moment(fields.get("lastmod"))
    return Listed(url=where, published=published, title=one_line(fields.get("title")))


def _text_sitemap(text: bytes, url: str, notes: list[str]) -> Sitemap:
    """One URL a line, in UTF-8; the first line that is not blank must be one."""
    stories: list[Listed] = []
    first = True
    for count, match in enumerate(_LINE.finditer(text)):
        if count >= MAX_URLS:
            notes.append(f"it has more than {MAX_URLS:,} entries: read up to there")
            break
        line = str(text[match.start() : min(match.end(), match.start() + _MAX_LINE)], "utf-8", "replace").strip()
        where = address("", line)
        if where is not None:
            stories.append(Listed(url=where))
        elif line and first:
            raise SourceError(f"{url}: no sitemap: the answer is neither XML nor a list of URLs")
        first = first and not line
    return Sitemap(stories=tuple(stories), notes=tuple(notes))
