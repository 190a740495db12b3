"""Tree -> the places where pages keep metadata, gathered in one pass."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml.etree import _Element

_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]+")
"""What JSON can write with an escape and no file can hold: halves of characters, control characters."""
_GATHERED = ("h1", "link", "meta", "script", "time", "title")
_DRAWINGS = frozenset(("svg", "g", "path", "symbol", "use", "defs"))
"""Elements whose titles name a drawing."""
_MOST_META = 50
"""Values of one name that are kept: no page has as many authors or tags."""
_MOST_TIMES = 40
_MAX_TITLE = 1000


@dataclass(frozen=True, slots=True)
class Time:
    """A time element."""

    value: str
    """Its datetime attribute, else its text."""
    name: str
    """Its class, itemprop and the like in one lower-case string; empty where it has none."""
    headings: int
    """How many h1 elements stand before it."""


@dataclass(slots=True)
class Gathered:
    """What was found where pages keep metadata."""

    metas: dict[str, list[str]] = field(default_factory=dict)
    """Contents of the meta elements by lower-case name, in the page's order, without empty ones."""
    links: list[tuple[str, str]] = field(default_factory=list)
    """rel (lower case) and href of the link elements that point at this page's own addresses."""
    title: str | None = None
    """Text of the title element; absent where there is none."""
    scripts: list[str] = field(default_factory=list)
    """Texts of the JSON-LD scripts."""
    times: list[Time] = field(default_factory=list)

    def meta(self, *names: str) -> Iterator[tuple[str, str]]:
        """The contents of those names, in that order, with their sources: of several for one name the first first."""
        for name in names:
            for value in self.metas.get(name, ()):
                yield f"meta:{name}", value


def gather(tree: _Element) -> Gathered:
    """One pass over the elements that hold metadata; the tree is only read."""
    found = Gathered()
    headings = 0
    for element in tree.iter(*_GATHERED):
        tag = element.tag
        if tag == "meta":
            _add_meta(found.metas, element)
        elif tag == "link":
            rel = element.get("rel")
            if rel and "canonical" in rel.lower().split() and (href := (element.get("href") or "").strip()):
                found.links.append(("canonical", href))
        elif tag == "script":
            kind = element.get("type")
            if kind and "ld+json" in kind.lower() and element.text and _is_json_ld(kind):
                found.scripts.append(element.text)
        elif tag == "title":
            if found.title is None and not _in_drawing(element):
                found.title = one_line(text_of(element)[:_MAX_TITLE])
        elif tag == "h1":
            headings += 1
        elif len(found.times) < _MOST_TIMES:
            found.times.append(_time(element, headings))
    return found


def text_of(element: _Element) -> str:
    """All text inside an element."""
    return "".join(map(str, element.itertext()))


def one_line(value: Any) -> str | None:
    """A string as one line, entities undone once more where a CMS wrote them twice; None for anything else."""
    if isinstance(value, list) and value:
        value = value[0]
    if not isinstance(value, str):
        return None
    text = html.unescape(value) if "&" in value else value
    return _folded(text) or None


def _folded(text: str) -> str:
    """A text as one line of what can be stored."""
    if not text.isprintable():
        text = _NOT_TEXT.sub(" ", text)
    return " ".join(text.split())


def printable(value: object) -> str:
    """Any raw value as a string that can be stored."""
    return _NOT_TEXT.sub(" ", str(value))


def _is_json_ld(kind: str) -> bool:
    return kind.split(";")[0].strip().lower() == "application/ld+json"


def _add_meta(metas: dict[str, list[str]], element: _Element) -> None:
    content = element.get("content")
    name = element.get("property") or element.get("name") or element.get("itemprop")
    if not content or not name:
        return
    values = metas.setdefault(name.strip().lower(), [])
    content = _folded(content)
    if content and len(values) < _MOST_META:
        values.append(content)


def _in_drawing(element: _Element) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag in _DRAWINGS


def _time(element: _Element, headings: int) -> Time:
    stamp = element.get("datetime")
    name = " ".join(element.get(key) or "" for key in ("class", "itemprop", "id", "data-testid", "title"))
    if element.get("pubdate") is not None:
        name += " pubdate"
    value = (stamp or "").strip() or " ".join(text_of(element)[:200].split())
    return Time(value, name.strip().lower(), headings)
