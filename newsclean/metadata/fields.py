"""Page -> metadata fields, each with its source: structured data, meta elements and what the page shows."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from newsclean.metadata.agencies import agency_of_value
from newsclean.metadata.authors import authors
from newsclean.metadata.candidates import Candidate
from newsclean.metadata.canonical import refusal
from newsclean.metadata.dates import latest_day
from newsclean.metadata.headlines import Heading, Wording, headings, kicker, wordings
from newsclean.metadata.jsonld import Graph, Node, article_body, article_node, page_node, read_graph, types
from newsclean.metadata.microdata import embedded_nodes
from newsclean.metadata.published import Dated, changes, passed_over, publications
from newsclean.metadata.sources import Gathered, gather, one_line, printable
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
    embedded: Sequence[tuple[str, Node]]
    """Nodes of the article in microdata and RDFa, with their sources."""
    host: str
    """The page's host; empty where the page came without a URL."""
    values: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    all: dict[str, list[Candidate]] | None = None
    """Every candidate by field, where they are to be told."""

    def take(self, name: str, candidates: Iterable[Candidate | tuple[str, Any, Any]]) -> None:
        """The first candidate that has a value; the others are only looked at where all are to be told."""
        for found in candidates:
            value = found[1]
            if (value or value is False) and name not in self.values:
                self.values[name] = value
                self.sources[name] = Source(source=found[0], raw=_raw(found[2]))
                if self.all is None:
                    return
            candidate = Candidate(*found)
            if self.all is not None and (value or value is False or candidate.refused) and found[2]:
                self.all.setdefault(name, []).append(candidate._replace(raw=_raw(found[2])))

    def meta(self, *names: str) -> Iterator[tuple[str, str, str]]:
        """The meta elements of those names, in that order, as candidates."""
        for source, raw in self.gathered.meta(*names):
            value = one_line(raw)
            if value:
                yield source, value, raw


def read_metadata(page: Page, captured_at: str | None = None) -> Metadata:
    """The metadata of a page. Dates after ``captured_at`` (ISO 8601) are not believed."""
    finder = _finder(page)
    language = _declared_language(finder)
    titles = _choose(finder, captured_at, language)
    body = article_body(finder.graph.nodes, finder.node or None)
    descriptions = [value for _, value, _ in _descriptions(finder) if value]
    return Metadata(
        values=finder.values,
        sources=finder.sources,
        headlines=tuple(dict.fromkeys(wording.text for wording in titles)),
        descriptions=tuple(dict.fromkeys(descriptions)),
        article_body=_plain(body) if body else None,
        declared=bool(finder.node) or "article" in finder.gathered.metas.get("og:type", [""])[0].lower(),
        declared_language=language,
    )


def read_candidates(page: Page, captured_at: str | None = None) -> Mapping[str, Sequence[Candidate]]:
    """For each field of :func:`read_metadata` everything that any source has for it, in the order of their surety: the
    first that is not refused is the field's value. This looks further than is needed to choose, and takes longer.
    """
    finder = _finder(page)
    finder.all = {}
    _choose(finder, captured_at, _declared_language(finder))
    return finder.all


def _finder(page: Page) -> _Finder:
    gathered = gather(page.tree)
    graph = read_graph(gathered.scripts)
    node = article_node(graph.nodes, page.url) or {}
    fallback = {} if node else page_node(graph.nodes, page.url) or {}
    found = ((name, article_node(nodes, page.url)) for name, nodes in embedded_nodes(page.tree, page.html))
    embedded = [(name, own) for name, own in found if own is not None]
    return _Finder(page, gathered, graph, node, fallback, embedded, host_of(page.url) if page.url else "")


def _choose(finder: _Finder, captured_at: str | None, language: str | None) -> list[Wording]:
    """Fill in all fields; the wordings of the headline, the best first."""
    node, page = finder.node, finder.page
    finder.take("publisher", _publishers(finder))
    finder.take("section", _sections(finder))
    visible = headings(page.blocks)
    titles = _wordings(finder, visible)
    finder.take("headline", [(best.source, best.text, best.raw) for best in titles])
    finder.take("alternative_headline", _alternatives(finder, visible))
    finder.take("description", _descriptions(finder))
    at = _place(titles, visible, page.blocks)
    people = node if node.get("author") or node.get("creator") else finder.fallback
    told = [("json-ld", people), *finder.embedded]
    finder.take("authors", authors(finder.graph, told, finder.gathered, page.blocks, at, _outlet(finder)))
    finder.take("keywords", _keywords(finder))
    dated = Dated(
        page,
        finder.gathered,
        [("json-ld", node), *finder.embedded],
        [("json-ld", finder.fallback)],
        latest_day(captured_at),
        at,
        language == "en",
    )
    finder.take("date_published", publications(dated))
    if finder.all is not None:
        finder.take("date_published", passed_over(dated, finder.all.get("date_published", ())))
    finder.take("date_modified", changes(dated))
    finder.take("canonical_url", _canonical(finder))
    finder.take("main_image", _images(finder))
    finder.take("is_accessible_for_free", _free(finder))
    finder.take("agency", _agencies(finder))
    return titles


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
        *(_told(source, own.get("publisher"), _name) for source, own in finder.embedded),
        ("html:title", name, finder.gathered.title),
    ]


def _sections(finder: _Finder) -> list[tuple[str, str | None, Any]]:
    return [
        _told("json-ld", finder.node.get("articleSection"), _name),
        *finder.meta("article:section"),
        *(_told(source, own.get("articleSection"), _name) for source, own in finder.embedded),
    ]


def _descriptions(finder: _Finder) -> list[tuple[str, str | None, Any]]:
    return [
        *finder.meta("og:description", "description", "twitter:description"),
        _told("json-ld", finder.node.get("description"), one_line),
        *(_told(source, own.get("description"), one_line) for source, own in finder.embedded),
    ]


def _alternatives(finder: _Finder, visible: Sequence[Heading]) -> Iterator[Candidate]:
    """Second headlines: those of structured data, and the kicker that the page sets before its headline."""
    headline = finder.values.get("headline") or ""
    nodes = [("json-ld", finder.node), *finder.embedded]
    found = [_told(source, own.get("alternativeHeadline"), one_line) for source, own in nodes]
    found += [("html:h1", text, text) for text in (kicker(heading.text, headline) for heading in visible) if text]
    for source, value, raw in found:
        same = value is not None and key(value) == key(headline)
        yield Candidate(source, None if same else value, raw, "the headline itself" if same else "")


def _free(finder: _Finder) -> Iterator[tuple[str, bool, Any]]:
    """Whether all may read it: said of the article, or of a part of it."""
    for source, own in (("json-ld", finder.node), *finder.embedded):
        parts = own.get("hasPart")
        for item in (own, *(parts if isinstance(parts, list) else [parts])):
            told = item.get("isAccessibleForFree") if isinstance(item, dict) else None
            if told is not None:
                yield source, str(told).strip().lower().rsplit("/", 1)[-1] not in ("false", "no", "0"), told


def _agencies(finder: _Finder) -> Iterator[tuple[str, str | None, Any]]:
    for name in ("sourceOrganization", "provider"):
        value = finder.graph.resolved(finder.node.get(name))
        yield "json-ld", agency_of_value(value), _name(value)


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


def _canonical(finder: _Finder) -> Iterator[Candidate]:
    url, headline = finder.page.url, finder.values.get("headline")
    links = [("html:link", href) for _, href in finder.gathered.links]
    for source, raw in (*links, *(("meta:og:url", content) for content in finder.gathered.metas.get("og:url", ()))):
        absolute = _absolute(raw, url)
        doubt = refusal(absolute, url, headline) if absolute else "no address"
        yield Candidate(source, None if doubt else absolute, raw, doubt)


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
    for source, node in finder.embedded:
        if own := one_line(node.get("image")):
            yield source, _absolute(own, url), own


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
