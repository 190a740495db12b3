"""JSON-LD on a page: a tolerant reader, and the one node that is about the page's article."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml.etree import _Element

_ARTICLE_TYPES = frozenset(
    (
        "Article NewsArticle ReportageNewsArticle AnalysisNewsArticle AskPublicNewsArticle BackgroundNewsArticle "
        "OpinionNewsArticle ReviewNewsArticle AdvertiserContentArticle SatiricalArticle ScholarlyArticle BlogPosting "
        "LiveBlogPosting SocialMediaPosting DiscussionForumPosting TechArticle Report Review CriticReview"
    ).split()
)
_TELLING = ("headline", "datePublished", "author", "image", "publisher", "articleBody")
_MAX_DEPTH = 12
_MAX_CHARS = 2_000_000
"""A longer script is data of an application, not metadata."""
_COMMENT = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/)\s*$")
_BETWEEN = re.compile(r"[\s,;]*")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")

Node = Mapping[str, Any]


def read_nodes(tree: _Element) -> list[Node]:
    """Every object with a type in the page's JSON-LD, in the page's order; what cannot be read is left out."""
    nodes: list[Node] = []
    for script in tree.iter("script"):
        kind = (script.get("type") or "").split(";")[0].strip().lower()
        if kind == "application/ld+json" and script.text and len(script.text) <= _MAX_CHARS:
            nodes.extend(_walk(_loaded(script.text), 0))
    return nodes


def article_node(nodes: list[Node], url: str | None) -> Node | None:
    """The node of the page's article: the one with the page's own URL, else the one that says most."""
    articles = [node for node in nodes if types(node) & _ARTICLE_TYPES]
    if not articles:
        return None
    wanted = _key(url) if url else None
    # Of equals the first: lists of teasers follow the article.
    return max(articles, key=lambda node: (wanted is not None and wanted in map(_key, _urls(node)), _weight(node)))


def types(node: Node) -> set[str]:
    """The node's types, without the schema.org prefix."""
    value = node.get("@type")
    values = value if isinstance(value, list) else [value]
    return {str(item).rsplit("/", 1)[-1].rsplit(":", 1)[-1] for item in values if item}


def _loaded(text: str) -> Any:
    text = _COMMENT.sub("", _COMMENT.sub("", text.lstrip("\ufeff"))).strip().rstrip(";")
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", text)):
        try:
            # strict=False: raw line breaks inside strings are the commonest fault
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    # several objects one after the other, or rubbish behind the first
    decoder = json.JSONDecoder(strict=False)
    values: list[Any] = []
    place = 0
    while place < len(text):
        try:
            value, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            break
        values.append(value)
        place = _BETWEEN.match(text, place).end()  # type: ignore[union-attr]  # matches an empty text too
    return values


def _walk(value: Any, depth: int) -> Iterator[Node]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, dict):
        if "@type" in value:
            yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "hasPart"):
            yield from _walk(value.get(key), depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _walk(item, depth + 1)


def _urls(node: Node) -> Iterator[str]:
    for key in ("url", "@id", "mainEntityOfPage"):
        value = node.get(key)
        if isinstance(value, dict):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str):
            yield value


def _key(url: str) -> str:
    return url.split("#")[0].split("?")[0].split("://")[-1].rstrip("/").lower()


def _weight(node: Node) -> int:
    return sum(1 for key in _TELLING if node.get(key))
