"""Page -> metadata fields, each with its source: structured data first, then meta elements, then trafilatura."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urljoin

from lxml.etree import LxmlError, _Element

from newsclean.metadata.jsonld import Node, article_node, read_nodes
from newsclean.model import Source
from newsclean.page import Page
from newsclean.page.compare import key, same
from newsclean.urls import host_of

_SPACE = re.compile(r"\s+")
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]+")
"""What JSON can write with an escape and no file can hold: halves of characters, control characters."""
_TITLE_CUT = re.compile(r"\s+[|•·–—»-]\s+")
_URLISH = re.compile(r"https?://|www\.|@\w")
_NO_CAPTURE = "2100-01-01"
"""Latest date for a page without a capture time: htmldate would ask the clock otherwise."""
_MAX_NAME = 80
_LEAST_NAME = 4
_OLDEST = "1990"
"""No news page is older than the web."""
_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})?)?")


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

    node: Node
    metas: Mapping[str, list[str]]
    titles: tuple[str, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)

    def take(self, name: str, candidates: Iterable[tuple[str, Any]]) -> None:
        """The first candidate (source, value) that has a value."""
        for source, value in candidates:
            if value:
                self.values[name] = value
                self.sources[name] = Source(source=source, raw=_raw(value))
                return

    def meta(self, *names: str) -> Iterator[tuple[str, str]]:
        """The meta elements of those names, in that order, with their sources."""
        for name in names:
            for value in self.metas.get(name, ())[:1]:
                yield f"meta:{name}", value


def read_metadata(page: Page, captured_at: str | None = None) -> Metadata:
    """The metadata of a page. Dates after ``captured_at`` (ISO 8601) are not believed."""
    tree = page.tree
    node = article_node(read_nodes(tree), page.url) or {}
    finder = _Finder(node, _metas(tree), tuple(_text_of(title).strip() for title in list(tree.iter("title"))[:1]))
    latest = _latest(captured_at)
    reference = _reference(page, latest)
    headlines = _headlines(finder, tree, reference)
    finder.take("headline", headlines[:1])
    finder.take("alternative_headline", [("json-ld", _string(node.get("alternativeHeadline")))])
    descriptions = [
        *finder.meta("og:description", "description", "twitter:description"),
        ("json-ld", _string(node.get("description"))),
    ]
    finder.take("description", descriptions)
    finder.take("publisher", _publishers(finder, reference, page.url))
    finder.take("authors", _authors(finder, reference))
    finder.take("section", [("json-ld", _first(node.get("articleSection"))), *finder.meta("article:section")])
    finder.take("keywords", _keywords(finder))
    finder.take("date_published", _dates(finder, latest, reference, "datePublished", "published"))
    finder.take("date_modified", _dates(finder, latest, None, "dateModified", "modified"))
    finder.take("canonical_url", _canonical(tree, page.url))
    finder.take("main_image", _images(finder, page.url))
    free = node.get("isAccessibleForFree")
    if free is not None:
        finder.values["is_accessible_for_free"] = str(free).strip().lower() not in ("false", "no", "0")
        finder.sources["is_accessible_for_free"] = Source(source="json-ld", raw=_NOT_TEXT.sub("", str(free)))
    body = node.get("articleBody")
    return Metadata(
        values=finder.values,
        sources=finder.sources,
        headlines=tuple(text for _, text in headlines),
        descriptions=tuple(dict.fromkeys(text for _, text in descriptions if text)),
        article_body=_plain(body) if isinstance(body, str) and body.strip() else None,
        declared=bool(node) or "article" in finder.metas.get("og:type", [""])[0].lower(),
        declared_language=_declared_language(tree, finder),
    )


def _latest(captured_at: str | None) -> str:
    """The day of the capture; far in the future where there is none or it is no date."""
    try:
        return min(date.fromisoformat((captured_at or "")[:10]).isoformat(), _NO_CAPTURE)
    except ValueError:
        return _NO_CAPTURE


def _reference(page: Page, latest: str) -> Mapping[str, Any]:
    """What trafilatura and htmldate find, called so that no clock is read."""
    from trafilatura import extract_metadata

    config = {"original_date": True, "extensive_search": True, "max_date": latest}
    try:
        # from the text: trafilatura changes the tree that it is given
        document = extract_metadata(page.html, default_url=page.url, date_config=config)
    except (LxmlError, ValueError, TypeError, AttributeError, RecursionError, IndexError, KeyError, OverflowError):
        return {}
    return {name: getattr(document, name, None) for name in ("title", "author", "sitename", "date")}


def _metas(tree: _Element) -> dict[str, list[str]]:
    metas: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = _SPACE.sub(" ", element.get("content") or "").strip()
        if name and content:
            metas.setdefault(name.strip().lower(), []).append(content)
    return metas


def _headlines(finder: _Finder, tree: _Element, reference: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Every candidate, best first: the wording that most sources agree on, a visible heading counting most."""
    candidates: list[tuple[str, str, float]] = []

    def add(source: str, value: Any, weight: float) -> None:
        text = _string(value)
        if text and len(text) <= 500:
            candidates.append((source, text, weight))

    for heading in list(tree.iter("h1"))[:3]:
        add("html:h1", _text_of(heading), 2.0)
    add("json-ld", finder.node.get("headline") or finder.node.get("name"), 2.75)
    for source, value in finder.meta("og:title"):
        add(source, value, 2.0)
        add(source, _TITLE_CUT.split(value)[0], 0.5)
    for source, value in finder.meta("twitter:title"):
        add(source, value, 1.0)
    for text in finder.titles:
        add("html:title", text, 0.5)
        add("html:title", _TITLE_CUT.split(text)[0], 0.5)
        add("html:title", _TITLE_CUT.sub(" | ", text).rsplit(" | ", 1)[0], 0.5)
    add("trafilatura", reference.get("title"), 0.5)
    scores = [sum(w for s, other, w in candidates if same(text, other)) for _, text, _ in candidates]
    order = sorted(range(len(candidates)), key=lambda i: (-scores[i], i))
    chosen: dict[str, str] = {}
    for i in order:
        source, text, _ = candidates[i]
        chosen.setdefault(text, source)
    return [(source, text) for text, source in chosen.items()]


def _text_of(element: _Element) -> str:
    return "".join(str(part) for part in element.itertext())


def _publishers(finder: _Finder, reference: Mapping[str, Any], url: str | None) -> list[tuple[str, str | None]]:
    return [
        ("json-ld", _name(finder.node.get("publisher"))),
        *finder.meta("og:site_name", "application-name", "publisher"),
        ("html:title", _title_publisher(finder.titles, url)),
        ("trafilatura", _string(reference.get("sitename"))),
    ]


def _title_publisher(titles: Sequence[str], url: str | None) -> str | None:
    """The name behind the page title's last dash or bar, where the host name is made of it."""
    host = key(host_of(url)) if url else ""
    for title in titles:
        name = _TITLE_CUT.split(title)[-1].strip()
        if name != title and len(key(name)) >= _LEAST_NAME and key(name) in host:
            return name
    return None


def _authors(finder: _Finder, reference: Mapping[str, Any]) -> list[tuple[str, tuple[str, ...]]]:
    publisher = (finder.values.get("publisher") or "").casefold()

    def clean(names: Iterable[str | None]) -> tuple[str, ...]:
        kept = []
        for name in names:
            text = _string(name)
            if text and len(text) <= _MAX_NAME and not _URLISH.search(text):
                kept.append(text)
        return tuple(dict.fromkeys(kept))

    value = finder.node.get("author") or finder.node.get("creator")
    people = value if isinstance(value, list) else [value]
    names = clean(_name(person) for person in people)
    # What trafilatura reads off the page may be the site's name; structured data say so only where they mean it.
    named = tuple(n for n in clean((reference.get("author") or "").split("; ")) if n.casefold() != publisher)
    # One string with several names is cut by trafilatura, which knows how names are joined.
    if len(names) == 1 and len(named) > 1 and all(name in names[0] for name in named):
        names = ()
    return [("json-ld", names), ("trafilatura", named)]


def _keywords(finder: _Finder) -> list[tuple[str, tuple[str, ...]]]:
    value = finder.node.get("keywords")
    tags = finder.metas.get("article:tag", [])
    return [
        ("json-ld", _listed(value)),
        ("meta:article:tag", _listed(tags)),
        *((source, _listed(text)) for source, text in finder.meta("news_keywords", "keywords")),
    ]


def _dates(
    finder: _Finder, latest: str, reference: Mapping[str, Any] | None, name: str, word: str
) -> Iterator[tuple[str, str | None]]:
    """ISO dates that are not after the capture; a day is allowed for time zones."""
    limit = (date.fromisoformat(latest) + timedelta(days=1)).isoformat()
    found = [
        ("json-ld", _string(finder.node.get(name))),
        *finder.meta(f"article:{word}_time", f"og:{word}_time", name.lower(), f"{word}_time", f"article:{word}"),
        ("htmldate", _string(reference.get("date")) if reference else None),
    ]
    for source, raw in found:
        value = _iso(raw)
        if value and value[:4] >= _OLDEST and value[:10] <= limit:
            yield source, value


def _iso(raw: str | None) -> str | None:
    match = _ISO.match(raw or "")
    if not match:
        return None
    text = match[1] + (f"T{match[2]}" if match[2] else "") + (match[3] or "" if match[2] else "")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.isoformat() if match[2] else match[1]


def _canonical(tree: _Element, url: str | None) -> Iterator[tuple[str, str]]:
    for link in tree.iter("link"):
        named = "canonical" in (link.get("rel") or "").lower().split()
        if named and (href := (link.get("href") or "").strip()) and (absolute := _absolute(href, url)):
            yield "html:link", absolute
    for meta in tree.iter("meta"):
        named = (meta.get("property") or "").lower() == "og:url"
        if named and (content := (meta.get("content") or "").strip()) and (absolute := _absolute(content, url)):
            yield "meta:og:url", absolute


def _images(finder: _Finder, url: str | None) -> Iterator[tuple[str, str | None]]:
    value = finder.node.get("image") or finder.node.get("thumbnailUrl")
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("url") or value.get("contentUrl") or value.get("@id")
    for source, raw in (*finder.meta("og:image", "og:image:url", "twitter:image"), ("json-ld", _string(value))):
        yield source, _absolute(raw, url) if raw else None


def _absolute(href: str, url: str | None) -> str | None:
    try:
        absolute = urljoin(url or "", href)
        return absolute if absolute.startswith(("http://", "https://")) and host_of(absolute) else None
    except ValueError:
        return None


def _declared_language(tree: _Element, finder: _Finder) -> str | None:
    candidates = [tree.get("lang"), tree.get("{http://www.w3.org/XML/1998/namespace}lang")]
    candidates += [value for _, value in finder.meta("og:locale", "language", "content-language")]
    candidates.append(_first(finder.node.get("inLanguage")))
    for value in candidates:
        match = re.match(r"\s*([A-Za-z]{2,3})(?:[-_]|\s*$)", value or "")
        if match:
            return match[1].lower()
    return None


def _string(value: Any) -> str | None:
    """A string as one line, entities undone once more where a CMS wrote them twice; None for anything else."""
    if isinstance(value, list) and value:
        value = value[0]
    if not isinstance(value, str):
        return None
    import html

    text = html.unescape(value) if "&" in value else value
    return _SPACE.sub(" ", _NOT_TEXT.sub(" ", text)).strip() or None


def _name(value: Any) -> str | None:
    """The name of a person or organisation, which JSON-LD gives as a string, an object or a list."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name") or " ".join(
            part for part in (_string(value.get("givenName")), _string(value.get("familyName"))) if part
        )
    return _string(value)


def _first(value: Any) -> str | None:
    return _name(value)


def _listed(value: Any) -> tuple[str, ...]:
    """Keywords of a list or of a string with commas; markers that a CMS puts among them hold a colon."""
    if isinstance(value, str):
        value = re.split(r"[,;]", value)
    if not isinstance(value, list):
        return ()
    words = [_string(item.get("name") if isinstance(item, dict) else item) for item in value]
    return tuple(dict.fromkeys(word for word in words if word and ":" not in word))


def _plain(text: str) -> str:
    """An articleBody as text: some sites put HTML into it."""
    if "<" in text and ">" in text:
        text = re.sub(r"<[^>]+>", "\n", text)
    import html

    return html.unescape(text)


def _raw(value: Any) -> str:
    return "; ".join(value) if isinstance(value, tuple) else str(value)
