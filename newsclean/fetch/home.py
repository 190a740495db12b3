"""The feeds that a home page names."""

from newsclean.fetch.listed import address
from newsclean.fetch.markup import as_utf8, unpacked

MAX_BYTES = 1024 * 1024
"""Bytes of a home page in which its feeds are looked for: they stand in its head."""
_TYPES = frozenset(["application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"])


def feed_links(body: bytes, url: str, content_type: str | None = None) -> list[str]:
    """The feeds that the page's ``<link rel="alternate">`` elements name (RSS Advisory Board, autodiscovery), in order.

    ``body``: HTML, packed with gzip or not; ``url``: where it came from; ``content_type``: the header field, for its
    charset. Absolute http(s) URIs, each once. Raises SourceError where nothing can be unpacked.
    """
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True)
    try:
        page = etree.fromstring(as_utf8(unpacked(body, url, MAX_BYTES, []), content_type), parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return []
    if page is None:
        return []
    found: dict[str, None] = {}
    base = url
    for element in page.iter("base", "link"):
        href = element.get("href")
        if element.tag == "base":
            base = address(url, href) or base
        elif "alternate" in element.get("rel", "").lower().split():
            kind = element.get("type", "").partition(";")[0].strip().lower()
            link = address(base, href) if kind in _TYPES else None
            if link is not None:
                found.setdefault(link)
    return list(found)
