"""Page -> metadata fields, each with its source: structured data, meta elements and what the page shows."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from newsclean.metadata import dates
from newsclean.metadata.authors import authors
from newsclean.metadata.headlines import Heading, Wording, headings, wordings
from newsclean.metadata.jsonld import Graph, Node, article_body, article_node, page_node, read_graph, types
from newsclean.metadata.lastresort import day_of
from newsclean.metadata.sources import Gathered, gather, one_line, printable
from newsclean.metadata.vocabulary import date_words
from newsclean.model import Block, Source
from newsclean.page import Page
from newsclean.page.compare import key
from newsclean.urls import host_of

_TITLE_END = re.compile(r"\s+[|•·–—»-]\s+|\s*[|｜ㅣ]\s*")
_LEAST_NAME = 4
_LANGUAGE = re.compile(r"\s*([A-Za-z]{2,3})(?:[-_]|\s*$)")
_TAG = re.compile(r"<[^<>]+>")
_XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What the page says about its article. Fields are those of Article; absent where no source has them."""

    values: Mapping[str, Any] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    headlines: tuple[str, ...] = ()
    """Every headline that any source names, the chosen one first."""
    descriptions: tuple[str, ...] = ()
    article_body: str | None = None
    """JSON-LD articleBody as plain text; absent where there is none."""
    declared: bool = False
    """Whether the page declares itself an article, in JSON-LD or with Open Graph's type."""
    declared_language: str | None = None
    """Primary language that the page declares for itself; absent where it declares none."""


@dataclass(slots=True)
class _Finder:
    """The sources of one page, and what was chosen from them."""

    page: Page
    gathered: Gathered
    graph: Graph
    node: Node
    fallback: Node
    """The node of the page itself where JSON-LD has no article; empty otherwise."""
    host: str
    """The page's host; empty where the page came without a URL."""
    values: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)

    def take(self, name: str, candidates: Iterable[tuple[str, Any, Any]]) -> None:
        """The first candidate (source, value, raw value) that has a value."""
        for source, value, raw in candidates:
            if value:
                self.values[name] = value
                self.sources[name] = Source(source=source, raw=_raw(raw))
                return

    def meta(self, *names: str) -> Iterator[tuple[str, str, str]]:
        """The meta elements of those names, in that order, as candidates."""
        for source, raw in self.gathered.meta(*names):
            value = one_line(raw)
            if value:
                yield source, value, raw


def read_metadata(page: Page, captured_at: str | None = None) -> Metadata:
    """The metadata of a page. Dates after ``captured_at`` (ISO 8601) are not believed."""
    gathered = gather(page.tree)
    graph = read_graph(gathered.scripts)
    node = article_node(graph.nodes, page.url) or {}
    fallback = {} if node else page_node(graph.nodes, page.url) or {}
    finder = _Finder(page, gathered, graph, node, fallback, host_of(page.url) if page.url else "")
    language = _declared_language(finder)
    finder.take("publisher", _publishers(finder))
    finder.take("section", [_told("json-ld", node.get("articleSection"), _name), *finder.meta("article:section")])
    visible = headings(page.blocks)
    titles = _wordings(finder, visible)
    finder.take("headline", [(best.source, best.text, best.raw) for best in titles[:1]])
    finder.take("alternative_headline", [_told("json-ld", node.get("alternativeHeadline"), one_line)])
    descriptions = [
        *finder.meta("og:description", "description", "twitter:description"),
        _told("json-ld", node.get("description"), one_line),
    ]
    finder.take("description", descriptions)
    at = _place(titles, visible, page.blocks)
    outlet = _outlet(finder)
    people = node if node.get("author") or node.get("creator") else finder.fallback
    finder.take("authors", authors(graph, people, gathered, page.blocks, at, outlet))
    finder.take("keywords", _keywords(finder))
    latest = dates.latest_day(captured_at)
    finder.take("date_published", _published(finder, latest, at, language))
    modified = _stamps(finder, "dateModified", date_words().modified_metas)
    finder.take("date_modified", _believed(modified, latest, language == "en"))
    finder.take("canonical_url", _canonical(finder))
    finder.take("main_image", _images(finder))
    free = node.get("isAccessibleForFree")
    if free is not None:
        finder.values["is_accessible_for_free"] = str(free).strip().lower() not in ("false", "no", "0")
        finder.sources["is_accessible_for_free"] = Source(source="json-ld", raw=_raw(free))
    body = article_body(graph.nodes, node or None)
    return Metadata(
        values=finder.values,
        sources=finder.sources,
        headlines=tuple(wording.text for wording in titles),
        descriptions=tuple(dict.fromkeys(value for _, value, _ in descriptions if value)),
        article_body=_plain(body) if body else None,
        declared=bool(node) or "article" in gathered.metas.get("og:type", [""])[0].lower(),
        declared_language=language,
    )


def _wordings(finder: _Finder, visible: Sequence[Heading]) -> list[Wording]:
    node, metas = finder.node, finder.gathered.metas
    outlet = [finder.values.get("publisher"), finder.host]
    outlet += [value for _, value, _ in finder.meta("og:site_name", "application-name")]
    sections = [finder.values.get("section"), *(value for _, value, _ in finder.meta("article:section"))]
    return wordings(
        visible,
        one_line(node.get("headline") or node.get("name")),
        next(iter(metas.get("og:title", ())), None),
        next(iter(metas.get("twitter:title", ())), None),
        finder.gathered.title,
        [name for name in outlet if name],
        [name for name in sections if name],
        "NewsArticle" in types(node),
    )


def _place(titles: Sequence[Wording], visible: Sequence[Heading], blocks: Sequence[Block]) -> int | None:
    """The number of the block with the headline; that of the first heading where none has it."""
    if titles:
        wanted = titles[0].key
        places = [heading.block for heading in visible if key(heading.text) == wanted]
        if not places:
            near = range(len(titles[0].text) - 3, len(titles[0].text) + 4)
            places = [block.index for block in blocks if len(block.text) in near and key(block.text) == wanted]
        if places:
            return places[0]
    return visible[0].block if visible else None


def _publishers(finder: _Finder) -> list[tuple[str, str | None, Any]]:
    node = finder.node or finder.fallback
    publisher = finder.graph.resolved(node.get("publisher"))
    name = _title_publisher(finder.gathered.title, finder.host)
    return [
        _told("json-ld", publisher, _name),
        *finder.meta("og:site_name", "application-name", "publisher"),
        ("html:title", name, finder.gathered.title),
    ]


def _title_publisher(title: str | None, host: str) -> str | None:
    """The name behind the page title's last dash or bar, where the host name is made of it."""
    name = _TITLE_END.split(title)[-1].strip() if title else ""
    return name if name != title and len(key(name)) >= _LEAST_NAME and key(name) in key(host) else None


def _outlet(finder: _Finder) -> frozenset[str]:
    """The keys of what means the publisher when it stands for an author."""
    names = [
        finder.values.get("publisher"),
        *(value for _, value, _ in finder.meta("og:site_name", "application-name")),
    ]
    host = finder.host.removeprefix("www.")
    names += [host, *host.split(".")[:-1]]
    return frozenset(own for name in names if name and len(own := key(name)) >= 3)


def _keywords(finder: _Finder) -> list[tuple[str, tuple[str, ...], Any]]:
    value = finder.node.get("keywords")
    tags = finder.gathered.metas.get("article:tag", [])
    return [
        ("json-ld", _listed(value), value),
        ("meta:article:tag", _listed(tags), tags),
        *((source, _listed(text), raw) for source, text, raw in finder.meta("news_keywords", "keywords")),
    ]


def _published(
    finder: _Finder, latest: str, at: int | None, language: str | None
) -> Iterator[tuple[str, str | None, str]]:
    """The dates of publication, the surest source first; the whole page is searched where nothing else has one."""
    english = language == "en"
    page, node = finder.page, finder.node
    yield from _believed(_stamps(finder, "datePublished", date_words().published_metas), latest, english)
    for name in ("dateCreated", "uploadDate"):
        value = one_line(node.get(name) or finder.fallback.get(name))
        yield from _believed([("json-ld", value)], latest, english)
    for raw, value in dates.of_times(finder.gathered.times, english, latest):
        yield "html:time", value, raw
    day = dates.of_url(page.url)
    if dates.believed(day, latest):
        yield "url", day, page.url or ""
    for index, raw, value in dates.of_blocks(page.blocks, at, english, latest):
        yield f"block:{index}", value, raw
    for source, raw in dates.marked(page.tree):
        yield from _believed([(source, raw)], latest, english)
    for index, raw, value in dates.of_page(page.blocks, at, english, latest):
        yield f"block:{index}", value, raw
    found = day_of(page.html, page.url, latest)
    if dates.believed(found, latest):
        yield "htmldate", found, found or ""


def _stamps(finder: _Finder, name: str, metas: Iterable[str]) -> Iterator[tuple[str, str | None]]:
    yield "json-ld", one_line(finder.node.get(name))
    yield from finder.gathered.meta(*metas)
    yield "json-ld", one_line(finder.fallback.get(name))


def _believed(
    found: Iterable[tuple[str, str | None]], latest: str, english: bool
) -> Iterator[tuple[str, str | None, str]]:
    for source, raw in found:
        if raw and dates.believed(value := dates.stamp(raw, english), latest):
            yield source, value, raw


def _canonical(finder: _Finder) -> Iterator[tuple[str, str, str]]:
    url = finder.page.url
    for _, href in finder.gathered.links:
        if absolute := _absolute(href, url):
            yield "html:link", absolute, href
    for content in finder.gathered.metas.get("og:url", ()):
        if absolute := _absolute(content, url):
            yield "meta:og:url", absolute, content


def _images(finder: _Finder) -> Iterator[tuple[str, str | None, str]]:
    value = finder.node.get("image") or finder.node.get("thumbnailUrl")
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("url") or value.get("contentUrl") or value.get("@id")
    url = finder.page.url
    for source, text, raw in finder.meta("og:image", "og:image:url", "twitter:image"):
        yield source, _absolute(text, url), raw
    if own := one_line(value):
        yield "json-ld", _absolute(own, url), own


def _absolute(href: str, url: str | None) -> str | None:
    try:
        absolute = urljoin(url or "", href)
        return absolute if absolute.startswith(("http://", "https://")) and host_of(absolute) else None
    except ValueError:
        return None


def _declared_language(finder: _Finder) -> str | None:
    tree = finder.page.tree
    candidates = [tree.get("lang"), tree.get(_XML_LANGUAGE)]
    candidates += [value for _, value, _ in finder.meta("og:locale", "language", "content-language")]
    candidates.append(_name(finder.node.get("inLanguage")))
    for value in candidates:
        match = _LANGUAGE.match(value or "")
        if match:
            return match[1].lower()
    return None


def _told(source: str, raw: Any, read: Any) -> tuple[str, str | None, Any]:
    return source, read(raw), read(raw)


def _name(value: Any) -> str | None:
    """The name of an organisation, section or language, which JSON-LD gives as a string, an object or a list."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name")
    return one_line(value)


def _listed(value: Any) -> tuple[str, ...]:
    """Keywords of a list or of a string with commas; markers that a CMS puts among them hold a colon."""
    if isinstance(value, str):
        value = re.split(r"[,;]", value)
    if not isinstance(value, list):
        return ()
    words = [one_line(item.get("name") if isinstance(item, dict) else item) for item in value]
    return tuple(dict.fromkeys(word for word in words if word and ":" not in word))


def _plain(text: str) -> str:
    """An articleBody as text: some sites put HTML into it."""
    if "<" in text and ">" in text:
        text = _TAG.sub("\n", text)
    return html.unescape(text) if "&" in text else text


def _raw(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        value = "; ".join(map(str, value))
    return printable(value)
