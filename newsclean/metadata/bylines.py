"""Lines of the page that name the authors, by their class names, by "by" and by where they stand."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from newsclean.metadata.names import Names, is_organisation, is_person, shown_names
from newsclean.metadata.vocabulary import name_words, parts_of
from newsclean.model import Block

_FOLDER = re.compile(r"/([^/?#]{2,30})(?=/)")
"""The folders of an address; the last part, which names the page, is none."""
_MAX_LINE = 220
_BEFORE, _BEHIND = 8, 60
"""Blocks around the headline among which a byline is looked for."""
_BY_BEHIND = 25
_LONGEST_NAME, _LONGEST_ALONE = 40, 60
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
    headline = blocks[at] if at is not None else None
    own = frozenset(blocks[start].nodes) if blocks else frozenset()
    own_article = _article(blocks[start].path) if blocks else None
    first_article: int | None = None
    end = start + (_BY_BEHIND if only_named else _BEHIND)
    for block in blocks[max(0, start - _BEFORE) : end]:
        if block.level == 1 or len(block.text) > _MAX_LINE:
            continue
        named, unlike, doubtful = _marks(_apart(block, headline))
        if (depth := _article(block.path)) is not None and (article := block.nodes[depth]) not in own:
            first_article = first_article or article
            # a teaser of another article
            if article != first_article or own_article is not None:
                continue
        if unlike or (only_named and not named):
            continue
        behind = block.index - start
        at_head = -3 <= behind <= _BY_BEHIND
        linked = any(_is_profile(href) for href in block.hrefs)
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


def far_byline(blocks: Sequence[Block], at: int | None, outlet: frozenset[str]) -> Byline | None:
    """The first line anywhere on the page that its class names mark as a byline, with a person in it, or that begins
    with "by" and has running text behind it; None where there is none. For pages that have it below the text, or no
    headline.
    """
    headline = blocks[at] if at is not None else None
    for block in blocks:
        if len(block.text) > _LONG or block.level == 1:
            continue
        named, unlike, _ = _marks(_apart(block, headline))
        if not named or unlike:
            continue
        names = shown_names(block.text, True, outlet)
        if names.people:
            return Byline(block.index, block.text, names, False)
    for block, following in pairwise(blocks):
        if (
            len(block.text) <= _LONGEST_ALONE
            and len(following.text) >= _LONG
            and block.nodes[:-1] == following.nodes[: len(block.nodes) - 1]
            and (names := shown_names(block.text, False, outlet)).people
        ):
            return Byline(block.index, block.text, names, False)
    return None


def _joined(one: Byline, other: Byline) -> Byline:
    people = dict.fromkeys((*one.names.people, *other.names.people))
    organisations = dict.fromkeys((*one.names.organisations, *other.names.organisations))
    return Byline(one.block, f"{one.text}; {other.text}", Names(tuple(people), tuple(organisations)), one.near)


def _apart(block: Block, headline: Block | None) -> tuple[str, ...]:
    """The block's path without the elements that hold the headline, too: what these are named is said of the article,
    as its tags are in WordPress.
    """
    if headline is None:
        return block.path
    pairs = zip(block.nodes, headline.nodes, strict=False)
    shared = next((depth for depth, (one, other) in enumerate(pairs) if one != other), len(headline.nodes))
    return block.path[shared:]


@lru_cache(maxsize=10_000)
def _marks(path: tuple[str, ...]) -> tuple[bool, bool, bool]:
    """What the names of a block's elements say: a byline; something else; perhaps something else."""
    named = unlike = doubtful = False
    for depth, step in enumerate(reversed(path[-6:])):
        byline, other, weakly, perhaps = _said(step)
        named = named or (byline and depth < 4)
        unlike = unlike or other or (weakly and not named)
        doubtful = doubtful or (perhaps and not named)
    return named, unlike, doubtful


def _article(path: tuple[str, ...]) -> int | None:
    """The depth of the innermost article element; None where there is none."""
    return next((depth for depth in range(len(path) - 1, -1, -1) if path[depth].startswith("article")), None)


@lru_cache(maxsize=20_000)
def _said(step: str) -> tuple[bool, bool, bool, bool]:
    """The same for one element; the third answer is: something else, unless it is a byline."""
    words = name_words()
    if "." not in step and "#" not in step:
        return False, step in words.not_byline, False, step in words.doubtful
    names = parts_of(step)
    unlike = not names.isdisjoint(words.not_byline)
    weakly = not names.isdisjoint(words.weakly_not_byline)
    doubtful = not unlike and not weakly and not names.isdisjoint(words.doubtful)
    return not names.isdisjoint(words.byline), unlike, weakly, doubtful


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


def repeated_name(blocks: Sequence[Block], at: int | None, outlet: frozenset[str]) -> Byline | None:
    """A name alone right behind the headline, of which another line says that it wrote or begins to tell its life;
    None where there is none.
    """
    if at is None:
        return None
    for block in blocks[at + 1 : at + 1 + _BEFORE // 2]:
        name = block.text.strip()
        if (
            len(name) <= _LONGEST_NAME
            and " " in name
            and is_person(name)
            and not is_organisation(name, outlet)
            and any(
                (other.text.startswith(f"{name} ") and len(other.text) >= _LONGEST_ALONE)
                or (len(other.text) <= _LONGEST_ALONE and shown_names(other.text, False, outlet).people == (name,))
                for other in blocks[block.index + 1 :]
            )
        ):
            return Byline(block.index, block.text, shown_names(name, True, outlet), True)
    return None


def _is_profile(href: str) -> bool:
    return not name_words().profiles.isdisjoint(_FOLDER.findall(href.lower()))
