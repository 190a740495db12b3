"""JSON-LD on a page: a tolerant reader, and the one node that is about the page's article."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from newsclean.metadata.mending import mended, unwrapped

_ARTICLE_TYPES = frozenset(
    (
        "Article NewsArticle ReportageNewsArticle AnalysisNewsArticle AskPublicNewsArticle BackgroundNewsArticle "
        "OpinionNewsArticle ReviewNewsArticle AdvertiserContentArticle SatiricalArticle ScholarlyArticle BlogPosting "
        "LiveBlogPosting SocialMediaPosting DiscussionForumPosting TechArticle Report Review CriticReview"
    ).split()
)
_PAGE_TYPES = frozenset("WebPage ItemPage AboutPage VideoObject Recipe HowTo PodcastEpisode Event".split())
"""Types whose dates and authors are believed where the page has no article node."""
_TELLING = ("headline", "datePublished", "author", "image", "publisher", "articleBody")
_INTO = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "hasPart")
_MAX_DEPTH = 12
_MAX_CHARS = 2_000_000
"""A longer script is data of an application, not metadata."""
_MAX_TOTAL = 4_000_000
"""Characters of all scripts of a page together."""
_MOST_NODES = 5_000
_BETWEEN = re.compile(r"[\s,;]*")

Node = Mapping[str, Any]


@dataclass(slots=True)
class Graph:
    """The objects of a page's JSON-LD."""

    nodes: list[Node] = field(default_factory=list)
    """Every object with a type, in the page's order."""
    by_id: dict[str, Node] = field(default_factory=dict)
    """The objects that others name by ``@id``."""

    def resolved(self, value: Any) -> Any:
        """What a reference (an object of an ``@id`` alone) stands for; any other value as it is."""
        if isinstance(value, dict) and "name" not in value:
            name = value.get("@id")
            if isinstance(name, str):
                return self.by_id.get(name, value)
        return value


def read_graph(scripts: Sequence[str]) -> Graph:
    """The objects in the texts of JSON-LD scripts; what cannot be read is left out. Never raises."""
    graph = Graph()
    left = _MAX_TOTAL
    for text in scripts:
        if len(text) > min(_MAX_CHARS, left):
            continue
        left -= len(text)
        for node in _walk(_loaded(text), 0):
            if len(graph.nodes) >= _MOST_NODES:
                return graph
            graph.nodes.append(node)
            name = node.get("@id")
            if isinstance(name, str) and "name" in node:
                graph.by_id.setdefault(name, node)
    return graph


def article_node(nodes: Sequence[Node], url: str | None) -> Node | None:
    """The node of the page's article: the one with the page's own URL, else the one that says most."""
    return _best([node for node in nodes if types(node) & _ARTICLE_TYPES], url)


def page_node(nodes: Sequence[Node], url: str | None) -> Node | None:
    """The node of the page itself, for pages that have no node of an article."""
    return _best([node for node in nodes if types(node) & _PAGE_TYPES], url)


def article_body(nodes: Sequence[Node], chosen: Node | None) -> str | None:
    """The text of the article as JSON-LD has it: of the chosen node, else of the only node that has one."""
    if chosen is not None and (own := _body_of(chosen)):
        return own
    others = list(dict.fromkeys(body for node in nodes if node is not chosen and (body := _body_of(node))))
    return others[0] if len(others) == 1 else None


def types(node: Node) -> set[str]:
    """The node's types, without the schema.org prefix."""
    value = node.get("@type")
    values = value if isinstance(value, list) else [value]
    return {str(item).rsplit("/", 1)[-1].rsplit(":", 1)[-1] for item in values if item}


def _body_of(node: Node) -> str | None:
    body = node.get("articleBody")
    if isinstance(body, str) and body.strip():
        return body
    updates = node.get("liveBlogUpdate")
    if not isinstance(updates, list):
        return None
    parts = [part for post in updates if isinstance(post, dict) and isinstance(part := post.get("articleBody"), str)]
    return "\n".join(parts) or None


def _best(nodes: list[Node], url: str | None) -> Node | None:
    if not nodes:
        return None
    wanted = _key(url) if url else None
    # Of equals the first: lists of teasers follow the article.
    return max(nodes, key=lambda node: (wanted is not None and wanted in map(_key, _urls(node)), _weight(node)))


def _loaded(text: str) -> Any:
    """The value of a script's text, or the list of its values; what cannot be read even when mended is left out."""
    text = unwrapped(text)
    try:
        # strict=False: raw line breaks inside strings are the commonest fault
        value = json.loads(text, strict=False)
        # some systems encode what is encoded already
        return json.loads(value, strict=False) if isinstance(value, str) and value[:1] in ("{", "[") else value
    except RecursionError:
        return None
    except ValueError:
        values, place = _in_turn(text)
    if place < len(text):
        values += _in_turn(mended(text[place:]))[0]
    return values


def _in_turn(text: str) -> tuple[list[Any], int]:
    """The values of a text that holds several one after the other, and the place up to which they could be read."""
    decoder = json.JSONDecoder(strict=False)
    values: list[Any] = []
    place = 0
    while place < len(text):
        try:
            value, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            break
        values.append(value)
        between = _BETWEEN.match(text, place)
        place = between.end() if between else place
    return values, place


def _walk(value: Any, depth: int) -> Iterator[Node]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, dict):
        if "@type" in value:
            yield value
        for key in _INTO:
            if key in value:
                yield from _walk(value[key], depth + 1)
        # people and organisations are named once and referred to
        for key in ("author", "publisher", "creator"):
            inner = value.get(key)
            if isinstance(inner, dict) and "@id" in inner and "@type" in inner:
                yield inner
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
