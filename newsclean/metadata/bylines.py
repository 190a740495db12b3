"""Lines of the page that name the authors, by their class names, by "by" and by where they stand."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from newsclean.metadata.names import Names, is_organisation, is_person, shown_names
from newsclean.metadata.vocabulary import name_words, parts_of
from newsclean.model import Block
from newsclean.page.compare import key

_FOLDER = re.compile(r"/([^/?#]{2,30})(?=/)")
"""The folders of an address; the last part, which names the page, is none."""
_MAX_LINE = 220
_BEFORE, _BEHIND = 8, 60
"""Blocks around the headline among which a byline is looked for."""
_BY_BEHIND = 25
_LONGEST_NAME = 40
_LONG = 120
"""Characters of a block that is running text."""


@dataclass(frozen=True, slots=True)
class Byline:
    """A line that names authors."""

    block: int
    text: str
    names: Names
    near: bool
    """Whether it stands where articles have their byline, and is marked as one or begins with "by"."""


def bylines(
    blocks: Sequence[Block], at: int | None, outlet: frozenset[str], only_named: bool = False
) -> Iterator[Byline]:
    """The bylines around the headline's block ``at``, the likeliest first. Lines of one box are one byline.
    ``only_named``: only those that class names mark.
    """
    start = at or 0
    found: list[tuple[int, int, Byline, tuple[int, ...]]] = []
    own = frozenset(blocks[start].nodes) if blocks else frozenset()
    own_article = _marks(blocks[start].path)[3] if blocks else None
    first_article: int | None = None
    end = start + (_BY_BEHIND if only_named else _BEHIND)
    for block in blocks[max(0, start - _BEFORE) : end]:
        if block.level == 1 or len(block.text) > _MAX_LINE:
            continue
        named, unlike, doubtful, depth = _marks(block.path)
        if depth is not None and (article := block.nodes[depth]) not in own:
            first_article = first_article or article
            # a teaser of another article
            if article != first_article or own_article is not None:
                continue
        if unlike or (only_named and not named):
            continue
        behind = block.index - start
        at_head = -3 <= behind <= _BY_BEHIND
        linked = any(_is_profile(href) or _names_text(href, block.text) for href in block.hrefs)
        marked = named or (linked and block.link_chars >= 4 and at_head and not doubtful)
        if not marked and not (at_head and len(block.text) < _LONG):
            continue
        names = shown_names(block.text, marked, outlet)
        if not names.people and not names.organisations:
            continue
        rank = 0 if named and linked else 1 if marked else 2
        rank += 2 * (not at_head) + 2 * (doubtful and not named) + 4 * (not names.people)
        line = Byline(block.index, block.text, names, at_head or named)
        if named and found and found[-1][3] == block.nodes[:-3] and found[-1][2].block == block.index - 1:
            rank, behind, before, _ = found.pop()
            line = _joined(before, line)
        found.append((rank, abs(behind), line, block.nodes[:-3]))
    for _, _, line, _ in sorted(found, key=lambda item: item[:2]):
        yield line


def far_byline(blocks: Sequence[Block], outlet: frozenset[str]) -> Byline | None:
    """The first line anywhere on the page that its class names mark as a byline, with a person in it; None where
    there is none. For pages that have it below the text.
    """
    for block in blocks:
        if len(block.text) > _LONG or block.level == 1:
            continue
        named, unlike, _, _ = _marks(block.path)
        if not named or unlike:
            continue
        names = shown_names(block.text, True, outlet)
        if names.people:
            return Byline(block.index, block.text, names, False)
    return None


def _joined(one: Byline, other: Byline) -> Byline:
    people = dict.fromkeys((*one.names.people, *other.names.people))
    organisations = dict.fromkeys((*one.names.organisations, *other.names.organisations))
    return Byline(one.block, f"{one.text}; {other.text}", Names(tuple(people), tuple(organisations)), one.near)


@lru_cache(maxsize=10_000)
def _marks(path: tuple[str, ...]) -> tuple[bool, bool, bool, int | None]:
    """What the names of a block's elements say: a byline; something else; perhaps something else. And the depth of
    the innermost article element; None where there is none.
    """
    named = unlike = doubtful = False
    for depth, step in enumerate(reversed(path[-6:])):
        byline, other, perhaps = _said(step)
        named = named or (byline and depth < 4)
        unlike = unlike or other
        doubtful = doubtful or (perhaps and not named)
    inner = next((depth for depth in range(len(path) - 1, -1, -1) if path[depth].startswith("article")), None)
    return named, unlike, doubtful, inner


@lru_cache(maxsize=20_000)
def _said(step: str) -> tuple[bool, bool, bool]:
    """The same for one element."""
    words = name_words()
    if "." not in step and "#" not in step:
        return False, step in words.not_byline, step in words.doubtful
    names = parts_of(step)
    unlike = not names.isdisjoint(words.not_byline)
    return not names.isdisjoint(words.byline), unlike, not unlike and not names.isdisjoint(words.doubtful)


def opening_name(blocks: Sequence[Block], at: int | None, outlet: frozenset[str]) -> Byline | None:
    """A name alone in the line before the running text, as small newsrooms write it; None where there is none."""
    if at is None:
        return None
    for number in range(at + 1, min(len(blocks) - 1, at + _BY_BEHIND)):
        block, following = blocks[number], blocks[number + 1]
        if len(block.text) >= _LONG:
            return None
        text = block.text.strip()
        if (
            block.kind == "paragraph"
            and len(following.text) >= _LONG
            and following.path[:-1] == block.path[:-1]
            and block.path[-1:] == following.path[-1:]
            and not text.endswith((".", ":", "!", "?"))
            and all(is_person(part) and 2 <= len(part.split()) <= 4 for part in text.split("/"))
            and not is_organisation(text, outlet)
        ):
            return Byline(block.index, text, shown_names(text, True, outlet), True)
    return None


def _names_text(href: str, text: str) -> bool:
    """Whether a link leads to a page that is named as its text: ``/people/ann-cole``."""
    last = href.partition("?")[0].rstrip("/").rpartition("/")[2].partition(".")[0]
    return len(text) <= _LONGEST_NAME and "-" in last and key(last) == key(text)


def _is_profile(href: str) -> bool:
    return not name_words().profiles.isdisjoint(_FOLDER.findall(href.lower()))
