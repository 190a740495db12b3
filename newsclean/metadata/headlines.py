"""The choice of the headline among the wordings that a page has for it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from newsclean.metadata.sources import one_line
from newsclean.metadata.vocabulary import parts_of, title_words
from newsclean.model import Block
from newsclean.page.compare import key

_CUT = re.compile(r"\s+[|•·–—»:-]+\s+|\s*[|｜ㅣ»]\s*|\s+-\s*(?=\S)|-(?=[^-]*[|｜ㅣ])")
"""Where a title may be cut: a dash with a space before it, a bar anywhere."""
_HEADING = re.compile(r"h[23](?=[#.]|$)")
_MOST_BELOW = 3
_MAX = 500
_MOST_HEADINGS = 6
_TRAIL_BEHIND = 20
"""Blocks behind a breadcrumb trail within which the visible heading is."""
_PARTED = re.compile(r"\s*[:|–—·•]|\s+-\s")
_SHORTEST = 8
"""Letters below which a part of a title is a name, not a headline."""


_ONLY, _FIRST, _OTHER, _TRAIL = 3.4, 2.0, 2.0, 0.5
"""What a visible heading weighs: the only one, the first or another of several, the last step of a breadcrumb trail."""
_JSON_LD, _OPEN_GRAPH, _TWITTER, _TITLE = 2.25, 2.0, 0.75, 1.0
"""What the wording of each declared source weighs."""
_DOUBTED = 0.75
"""What a heading weighs that has nothing in common with the page's title."""
_ALIKE = 0.85
_LEAST_NAME = 4
_WORD = re.compile(r"[^\W_]{3,}")
_COPIES = 2.75
"""What declared wordings weigh at most that are the title element's and no heading's."""
_KICKED = 6.0
"""What it weighs that a visible heading ends with a wording, a kicker before it."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording of the headline."""

    source: str
    text: str
    raw: str
    weight: float
    key: str
    """The form in which it is compared with others."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that readers see."""

    block: int
    """Number of its first block."""
    text: str
    is_trail: bool
    """Whether it is the last step of a breadcrumb trail, which holds the wording for search engines."""
    first: str = ""
    """The first of the lines that it is made of."""


def headings(blocks: Sequence[Block]) -> list[Heading]:
    """The page's first-level headings, and the heading behind one that is part of a breadcrumb trail."""
    found: list[Heading] = []
    last: int | None = None
    for block in blocks:
        path = block.path
        if block.level != 1 and (len(path) < 2 or not path[-2].startswith("h1")):
            continue
        depth = _h1_of(path)
        if depth is None:
            continue
        place = block.nodes[depth]
        if last is not None and place == last:
            # the pieces of one heading
            found[-1] = _joined(found[-1], block)
        elif len(found) < _MOST_HEADINGS:
            found.append(Heading(block.index, block.text, _in_trail(block.path[: depth + 1]), block.text))
            last = place
    if found and all(heading.is_trail for heading in found):
        start = found[-1].block + 1
        found = [*_below(blocks[start : start + _TRAIL_BEHIND]), *found]
    return found


def _joined(heading: Heading, block: Block) -> Heading:
    return replace(heading, text=f"{heading.text} {block.text}")


def kicker(shown: str, headline: str) -> str | None:
    """What stands before the headline in a heading that readers see; None where the heading does not end with it."""
    before = shown[: -len(headline)] if headline and shown.endswith(headline) else ""
    text = before.strip(" \t:|–—-·•")
    return text if len(key(text)) >= _LEAST_NAME else None


def _below(blocks: Sequence[Block]) -> list[Heading]:
    """The second- and third-level headings among some blocks, the pieces of each as one."""
    found: list[Heading] = []
    last: int | None = None
    for block in blocks:
        place = next((n for step, n in zip(block.path, block.nodes, strict=True) if _HEADING.match(step)), None)
        if place is None:
            continue
        if place == last:
            found[-1] = _joined(found[-1], block)
        elif len(found) < _MOST_BELOW:
            found.append(Heading(block.index, block.text, False, block.text))
        last = place
    return found


def _h1_of(path: tuple[str, ...]) -> int | None:
    """The depth of the first-level heading that a block is in; None where it is in none."""
    for depth in range(len(path) - 1, max(-1, len(path) - 5), -1):
        step = path[depth]
        if step.startswith("h1") and step[2:3] in ("", "#", "."):
            return depth
    return None


@lru_cache(maxsize=2_000)
def _in_trail(path: tuple[str, ...]) -> bool:
    """Whether a heading is an entry of a list or a navigation: headings of articles are not."""
    for depth, step in enumerate(reversed(path[-4:])):
        if step.partition("#")[0].partition(".")[0] in ("nav", "li", "ol"):
            return True
        if depth < 3 and not parts_of(step).isdisjoint(title_words()):
            return True
    return False


def wordings(
    visible: Sequence[Heading],
    json_ld: str | None,
    open_graph: str | None,
    twitter: str | None,
    title: str | None,
    outlet: Iterable[str],
    sections: Iterable[str] = (),
    is_news: bool = False,
) -> list[Wording]:
    """All wordings of all sources, the best first. ``outlet``: names of the publisher and its host, which are
    no headlines and are cut off like those of ``sections``. ``is_news``: the page's JSON-LD is that of a news article,
    whose headline an editor has written.
    """
    whole = key(title) if title else ""
    # a heading that ends the page's title and is the smaller part of it names the site
    tails = [own for heading in visible if 0 < 2 * len(own := key(heading.text)) < len(whole) and whole.endswith(own)]
    site = frozenset(filter(None, (*map(key, outlet), *tails)))
    ends = site | frozenset(filter(None, map(key, sections)))
    trail = any(heading.is_trail for heading in visible)
    if trail:
        visible = _best_below(visible, [json_ld, open_graph, twitter])
    only = sum(not heading.is_trail for heading in visible) == 1
    shown: list[Wording] = []
    for place, heading in enumerate(visible):
        weight = _TRAIL if heading.is_trail else (_ONLY if only else _FIRST) if place == 0 else _OTHER
        source = "html:h2" if trail and not heading.is_trail else "html:h1"
        if (own := key(heading.text)) and own not in site and len(heading.text) <= _MAX:
            shown.append(Wording(source, heading.text, heading.text, weight, own))
    told = [("json-ld", json_ld, _JSON_LD), ("meta:og:title", open_graph, _OPEN_GRAPH)]
    told += [("meta:twitter:title", twitter, _TWITTER), ("html:title", title, _TITLE)]
    known = {wording.key for wording in shown}
    if json_ld:
        known.add(key(json_ld))
    declared = [wording for source, text, weight in told for wording in _cut(source, text, weight, site, ends, known)]
    found = [_doubted(wording, declared) for wording in shown] + declared
    found += [wording for heading in visible for wording in _under_kicker(heading, declared)]
    below = [wording for wording in shown if wording.source == "html:h2"]
    scores = [_score(wording, found, below, is_news) for wording in found]
    order = sorted(range(len(found)), key=lambda i: (-scores[i], -_spelled(found, found[i].text), i))
    return [found[i] for i in order]


def _score(own: Wording, found: Sequence[Wording], kicked: Sequence[Wording], is_news: bool) -> float:
    """What speaks for a wording: its sources, and half of those that say nearly the same. ``kicked``: the visible
    headings that may have a kicker before them.
    """
    best: dict[str, float] = {}
    near = 0.0
    for other in found:
        if other.key == own.key:
            best[other.source] = max(best.get(other.source, 0.0), other.weight)
        elif own.source != other.source and _alike(own.key, other.key):
            near = max(near, other.weight / 2)
    score = sum(best.values()) + near
    edited = is_news and "json-ld" in best
    if not edited and "html:title" in best and len(best) > 1 and best.keys().isdisjoint(("html:h1", "html:h2")):
        # copies of the page's title, which is made for search engines
        score = min(score, _COPIES)
    if "html:h2" not in best and len(own.key) >= _SHORTEST and any(other.key.endswith(own.key) for other in kicked):
        score += _KICKED
    return score


def _under_kicker(heading: Heading, declared: Sequence[Wording]) -> Iterator[Wording]:
    """The rest of a heading whose first line is a kicker: a declared wording has the same with a sign between them."""
    rest = heading.text[len(heading.first) :].strip()
    if heading.first and len(key(rest)) >= _SHORTEST:
        whole, before = key(heading.text), heading.first.strip(" :").casefold()
        for other in declared:
            behind = other.text.casefold().removeprefix(before)
            if other.key == whole and behind != other.text.casefold() and _PARTED.match(behind):
                yield Wording("html:h1", rest, heading.text, _KICKED, key(rest))
                return


def _alike(one: str, other: str) -> bool:
    """Whether the longer of two wordings is the shorter and a few letters more."""
    short, long = (one, other) if len(one) < len(other) else (other, one)
    return len(short) >= _ALIKE * len(long) and short in long


def _doubted(wording: Wording, declared: Sequence[Wording]) -> Wording:
    """A visible heading with less weight where nothing declared has a word of it: it names the site or a part of the
    page.
    """
    own = _words(wording.text)
    if declared and not any(_words(other.text) & own for other in declared):
        return replace(wording, weight=_DOUBTED)
    return wording


@lru_cache(maxsize=200)
def _words(text: str) -> frozenset[str]:
    """The words of a text that tell something; its letters where it is written without spaces."""
    words = _WORD.findall(text.casefold())
    return frozenset(words if text.isascii() or len(words) > 1 else text)


def _best_below(visible: Sequence[Heading], told: Iterable[str | None]) -> list[Heading]:
    """The headings with one alone of those behind the breadcrumb trail: that which ends as a declared wording does."""
    ends = tuple(own for text in told if text and len(own := key(text)) >= _SHORTEST)
    below = [heading for heading in visible if not heading.is_trail]
    best = next(
        (heading for heading in below if ends and key(heading.text).endswith(ends)), below[0] if below else None
    )
    return [heading for heading in visible if heading.is_trail or heading is best]


def _spelled(found: Sequence[Wording], text: str) -> float:
    """How much speaks for one spelling of a wording."""
    return sum(wording.weight for wording in found if wording.text == text)


def _cut(
    source: str, value: str | None, weight: float, site: frozenset[str], ends: frozenset[str], known: set[str]
) -> Iterator[Wording]:
    """The wordings of one declared source: without the names of the site, and as it is."""
    text = one_line(value)
    if not text or len(text) > _MAX or (whole := key(text)) in site:
        return
    cut = _without_site(text, whole, ends, known)
    if cut != text:
        yield Wording(source, cut, text, weight, key(cut))
        yield Wording(source, text, text, weight / 8, whole)
        return
    yield Wording(source, text, text, weight, whole)
    if source == "html:title":
        # what remains may be a section or a city: the first part alone is a guess
        part = _CUT.split(text, maxsplit=1)[0].strip()
        if part != text and len(own := key(part)) >= _SHORTEST:
            yield Wording(source, part, text, weight / 2, own)


def _without_site(text: str, own: str, names: frozenset[str], known: set[str]) -> str:
    """The text without the names of outlet and section at its ends, or as it is where there are none."""
    places = [found.span() for found in _CUT.finditer(text)]
    if not places:
        return text
    # another source has a part of it: what is left over is the site's
    for start, end in places:
        for part, least in ((text[:start], _SHORTEST), (text[end:], max(_SHORTEST, len(own) // 2))):
            if len(short := key(part)) >= least and short in known and short != own:
                return part.strip()
    while places:
        start, end = places[-1]
        if not _names_site(text[end:], names):
            break
        text, places = text[:start].rstrip(), places[:-1]
    if places:
        start, end = places[0]
        if _names_site(text[:start], names) and len(key(text[end:])) >= _SHORTEST:
            text = text[end:]
    return text.strip()


def _names_site(part: str, names: frozenset[str]) -> bool:
    """Whether a part of a title is a name of the site, or nearly so."""
    own = key(part)
    if not own or own in names:
        return bool(own)
    if len(own) < _LEAST_NAME:
        return False
    return any(
        own in name or (len(name) >= _LEAST_NAME and name in own and len(own) < 2.5 * len(name)) for name in names
    )
