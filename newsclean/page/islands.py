"""The article of a page whose text is in its scripts and not in its elements.

Such pages are built by scripts in the browser from JSON that they carry: an island of data. It is asked only where
the elements hold next to no text, or where they lack what JSON-LD calls the text of the article.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml.etree import _Element
from msgspec.structs import replace

from newsclean.errors import PageError
from newsclean.model import Block
from newsclean.page.blocks import blocks_of
from newsclean.page.compare import key as letters_of
from newsclean.page.parse import parsed
from newsclean.page.rich import LEAST_PROSE, Renderer, element_of, is_numbered, prose_letters
from newsclean.page.state import State, states
from newsclean.page.words import island_words, words_of

_ENOUGH = 1500
"""Letters of prose in elements with which a page is no empty frame."""
_LEAST_BLOCK = 60
"""Letters of a block that may be prose."""
_LAST_LETTER = "\u2e7f"
"""Behind it come the signs of Chinese, Japanese and Korean."""
_LEAST_ARTICLE = 400
"""Letters of an article."""
_LEAST_UNNAMED = 800
"""The same, where neither headline nor address says that it is this page's."""
_SHARE = 1 / 3
"""Share of the article that may stand in elements, too: a teaser."""
_MOST_PROBES = 12
_LEAST_PROBES = 4
_MAX_PROBED = 200_000
_RUN = 12
"""Letters of a probe in a script without spaces."""
_PROBE = re.compile(r"[^\W\d_][\w ]{14,38}[^\W\d_]")
"""A run of words without a sign, that is written in the same way wherever it stands."""
_MAX_DEPTH = 60
_MAX_VALUES = 200_000
"""Strings, lists and objects of a page that are looked at."""
_MAX_CHARS = 20_000_000
"""Characters of strings that are looked at: those that a reference stands for count each time."""
_MOST_NAMED = 3
_MOST_UNNAMED = 5
_LONG_WORD = re.compile(r"[^\W\d_]{5,}|[\u0e00-\u0eff\u3040-\u9fff\uac00-\ud7a3]{2}")
_NEAR = 4
"""Objects around a text among whose members its headline or address may be."""
_LEAST_SLUG = 8
_DATE = re.compile(r"^(?:\d{1,4}-){2,3}")
_LONG_NUMBER = re.compile(r"\d{5,}")


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A string or list that may be the article."""

    value: Any
    renderer: Renderer
    step: str
    letters: int
    nearness: int
    """How near the object around it is that has the page's headline or address; 0 where none is near."""
    weight: float

    @property
    def score(self) -> float:
        """How much speaks for it."""
        return self.letters * self.weight * (_NEAR + self.nearness)


def island_blocks(
    tree: _Element,
    source: str,
    blocks: Sequence[Block],
    *,
    url: str | None = None,
    headlines: Sequence[str] = (),
    article_body: str | None = None,
) -> tuple[Block, ...]:
    """The blocks of an article that stands in the page's data alone; empty for pages that have their text in elements.

    ``source`` is the page's HTML, ``blocks`` what was cut from its elements: the new blocks are numbered on from them.
    ``headlines`` and ``url`` tell this page's article from others; ``article_body`` is JSON-LD's, as plain text, and
    the last resort. A path begins with the script's name: ``script#json-ld``, ``script#__NEXT_DATA__``. A text without
    line breaks or tags is one block. Never raises for what the page holds.
    """
    if not may_have_islands(blocks, source, article_body):
        return ()
    for source, step in _texts(tree, url, headlines, article_body):
        found = _cut(source, step)
        if sum(len(block.text) for block in found) < _LEAST_ARTICLE:
            continue
        if _stands_in("\n".join(block.text for block in found), blocks):
            return ()
        return _placed(found, blocks)
    return ()


def _placed(found: Sequence[Block], blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks numbered on from those of the page's elements."""
    first = len(blocks)
    node = max((block.nodes[-1] for block in blocks if block.nodes), default=0)
    return tuple(
        replace(block, index=first + place, nodes=tuple(number + node for number in block.nodes))
        for place, block in enumerate(found)
    )


def may_have_islands(blocks: Sequence[Block], source: str, article_body: str | None = None) -> bool:
    """Whether a page's data are worth reading: it has little prose in elements, or not that of its articleBody."""
    if article_body is not None and len(article_body) >= _LEAST_ARTICLE and not _stands_in(article_body, blocks):
        return True
    prose = 0
    for block in blocks:
        text = block.text
        # a sign of the scripts that are written without spaces says as much as two letters
        size = 2 * len(text) if text[len(text) // 2] > _LAST_LETTER else len(text)
        if size >= _LEAST_BLOCK and not block.hidden and 2 * block.link_chars < len(text):
            prose += size
            if prose >= _ENOUGH:
                return False
    return any(marker in source for marker in island_words().markers)


def _stands_in(text: str, blocks: Sequence[Block]) -> bool:
    """Whether more than a teaser of a text is in the page's elements; of a live blog they may have the latest posts."""
    share = _share(text, "\n".join(block.text for block in blocks))
    return share >= _SHARE or share * len(text) >= _ENOUGH


def _share(text: str, whole: str) -> float:
    """The share of probes of a text that are in another."""
    text = text[:_MAX_PROBED]
    probes = [found[0] for found in _PROBE.finditer(text)]
    if len(probes) < _LEAST_PROBES:  # a script without spaces, or a list
        text, whole = letters_of(text), letters_of(whole)
        probes = [text[place : place + _RUN] for place in range(0, len(text) - _RUN + 1, _RUN)]
    chosen = probes[:: max(1, len(probes) // _MOST_PROBES)]
    return sum(probe in whole for probe in chosen) / len(chosen) if chosen else 0.0


def _cut(source: str, step: str) -> tuple[Block, ...]:
    """The blocks of the HTML of an article."""
    if not source:
        return ()
    try:
        found = blocks_of(parsed(f"<html><body>{source}"))
    except PageError:
        return ()
    # the script stands for html and body
    return tuple(
        replace(block, index=place, path=(step, *block.path[2:]), nodes=block.nodes[1:], hidden=False)
        for place, block in enumerate(found)
        if len(block.nodes) > 1
    )


def _texts(
    tree: _Element, url: str | None, headlines: Sequence[str], article_body: str | None
) -> Iterator[tuple[str, str]]:
    """What may be the page's article, as HTML with the step that says where it is from; the likeliest first."""
    walk = _Walk(url, headlines)
    for state in states(tree):
        walk.read(state)
    candidates = sorted(walk.candidates, key=lambda candidate: candidate.score, reverse=True)
    for candidate in [candidate for candidate in candidates if candidate.nearness][:_MOST_NAMED]:
        yield candidate.renderer.html(candidate.value), candidate.step
    if article_body:
        yield Renderer(State("", None)).html(article_body), "script#json-ld"
    # of those that nothing names, one that speaks of what the headline says
    wanted = {word.lower() for headline in headlines for word in _LONG_WORD.findall(headline)}
    for candidate in [candidate for candidate in candidates if not candidate.nearness][:_MOST_UNNAMED]:
        if candidate.letters >= _LEAST_UNNAMED:
            text = candidate.renderer.html(candidate.value)
            lower = text.lower()
            if 2 * sum(word in lower for word in wanted) > len(wanted) > 0:
                yield text, candidate.step


class _Walk:
    """Goes through data and notes what may be the article."""

    def __init__(self, url: str | None, headlines: Sequence[str]) -> None:
        self.candidates: list[_Candidate] = []
        self._words = island_words()
        self._headlines = {wanted for headline in headlines if len(wanted := letters_of(headline)) >= _LEAST_SLUG}
        self._addresses = frozenset(_addresses(url))
        self._left = _MAX_VALUES
        self._chars_left = _MAX_CHARS
        self._seen: set[int] = set()
        self._kept: list[Any] = []
        """What is alive keeps its id."""

    def read(self, state: State) -> None:
        """Look through one piece of data."""
        self._renderer = Renderer(state)
        self._step = state.name
        self._kept.append(state.value)
        self._value(state.value, "content" if isinstance(state.value, str) else "", (), 0)

    def _value(self, value: Any, name: str, around: tuple[bool, ...], depth: int) -> int:
        """Letters of prose in a value that would be shown where it is."""
        self._left -= 1
        if depth > _MAX_DEPTH or self._left < 0:
            return 0
        if isinstance(value, str):
            return self._string(value, name, around, depth)
        if not isinstance(value, (list, dict)) or id(value) in self._seen:
            return 0
        self._seen.add(id(value))
        if isinstance(value, list):
            return self._list(value, name, around, depth)
        return self._object(value, name, around, depth)

    def _string(self, text: str, name: str, around: tuple[bool, ...], depth: int) -> int:
        self._chars_left -= len(text)
        if len(text) < LEAST_PROSE or self._chars_left < 0:
            return 0
        if text[0] in "{[" and text[-1] in "}]" and len(text) >= _LEAST_ARTICLE:
            try:
                inner = json.loads(text)
            except (ValueError, RecursionError):
                return 0
            self._kept.append(inner)
            return self._value(inner, name, around, depth + 1)
        letters = prose_letters(text)
        if letters >= _LEAST_ARTICLE:
            has_lines = "\n" in text or "<" in text
            self._note(text, name, letters, around, 1.0 if has_lines else 0.7)
        return letters

    def _list(self, value: list[Any], name: str, around: tuple[bool, ...], depth: int) -> int:
        if element := element_of(value):
            inner = self._renderer.inner(element[2])
            self._kept.append(inner)
            letters = self._value(inner, name, around, depth + 1)
            if not letters:
                for key, item in element[1].items():
                    if item is not element[2]:
                        self._value(self._renderer.inner(item), key, around, depth + 1)
        else:
            letters = sum(self._value(self._renderer.inner(item), name, around, depth + 1) for item in value)
        if letters >= _LEAST_ARTICLE:
            self._note(value, name, letters, around, 1.0)
        return letters

    def _object(self, value: Mapping[str, Any], name: str, around: tuple[bool, ...], depth: int) -> int:
        words, renderer = self._words, self._renderer
        members = renderer.members(value)
        is_named = self._is_named(members)
        inside = (*around, is_named)
        shown = {
            key: self._value(item, key, inside, depth + 1)
            for key, item in members
            if isinstance(item, (str, list, dict)) and not (words_of(key) & words.foreign_words)
        }
        fit = [letters for key, letters in shown.items() if renderer.rank(key) is not None]
        letters = max(fit, default=0)
        if is_numbered(members):
            letters = sum(fit)
            if letters >= _LEAST_ARTICLE:
                self._note(value, name, letters, around, 1.0)
        # an article of a list is no paragraph of one
        names = value.keys()
        is_article = not names.isdisjoint(words.title_keys) and not names.isdisjoint(words.address_keys)
        return 0 if (is_article or is_named) and letters >= _LEAST_ARTICLE else letters

    def _note(self, value: Any, name: str, letters: int, around: tuple[bool, ...], weight: float) -> None:
        if not name or not words_of(name) & self._words.content_words:
            weight *= 0.5
        nearness = max((_NEAR - back for back, is_named in enumerate(reversed(around[-_NEAR:])) if is_named), default=0)
        self.candidates.append(_Candidate(value, self._renderer, self._step, letters, nearness, weight))

    def _is_named(self, members: Sequence[tuple[str, Any]]) -> bool:
        """Whether an object has the page's headline or address among its members."""
        for _, item in members:
            if isinstance(item, str):
                if len(item) > 1000 or len(item) < _LEAST_SLUG:
                    continue
                if item.rstrip("/").lower().endswith(tuple(self._addresses)) if self._addresses else False:
                    return True
                if self._headlines and " " in item and letters_of(item) in self._headlines:
                    return True
            elif type(item) is int and item > 9999 and str(item) in self._addresses:
                return True
        return False


def _addresses(url: str | None) -> Iterator[str]:
    """What in a page's address names its article: the path's last part, and long numbers."""
    if not url:
        return
    try:
        parts = [part for part in unquote(urlsplit(url).path).lower().split("/") if part]
    except ValueError:
        return
    if parts:
        last = parts[-1].rsplit(".", 1)[0] if len(parts[-1].rsplit(".", 1)[-1]) <= 5 else parts[-1]
        if len(last) >= _LEAST_SLUG:
            yield last
        without_date = _DATE.sub("", last)
        if len(without_date) >= _LEAST_SLUG:
            yield without_date
        yield from _LONG_NUMBER.findall(last)
