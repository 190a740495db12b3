"""Columns of numbers from where a block stands: its container, its neighbours, the headline, the page's own word."""

from collections import Counter
from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from newsclean.body.columns import OWN, Column
from newsclean.body.hints import Hints
from newsclean.body.layout import Layout
from newsclean.model import Block

_AT = {name: number for number, name in enumerate(OWN)}
_NEAR = ("words", "link_share", "prose", "kind", "rule_text", "name_sum", "end", "rule_around", "strong")
"""What is seen of the neighbours."""
_STEPS = (-2, -1, 1, 2)
_MOST = 60.0
"""Distances count up to here, in blocks."""
_LEAST_NAME, _MOST_BYLINE = 4, 200
"""Characters of an author's name, and of a line that may be a byline."""
_LEAST_DESCRIBED = 20
"""Characters of a block that is compared with headline and description."""
_MOST_TITLE = 300
_LINKED, _MOST_MENU = 0.9, 4
"""Share of links and words of a menu's entry, of which the page says nothing."""
_LEVELS = (-2, -3, -4)
"""The elements around a block that count as its containers: around its own element, and two steps further."""

IN_CONTEXT = [
    *(f"{name}@{step:+d}" for step in _STEPS for name in _NEAR),
    *(
        f"{name}@{level}"
        for level in ("parent", "grand", "great")
        for name in ("prose_share", "link_share", "blocks", "prose_density", "words")
    ),
    *"prose_near prose_far links_near place prose_before headline_distance headline_seen h1_before".split(),
    "level_before",
    *"heading_distance heading_rule heading_links region_common region_left same_kind same_prose same_words".split(),
    *"copies in_body body_there in_description is_headline title_words is_author description_words".split(),
    *"page_blocks page_prose says_news says_article page_links page_items articles".split(),
    *"article_number article_share article_headed box_rank".split(),
    *(f"{name}@{level}" for level in ("parent", "grand", "great") for name in ("nth", "many")),
]
"""The columns of :func:`in_context`, in their order."""


def in_context(page: Layout, own: Column, hints: Hints) -> Column:
    """One row a block, one column a name of IN_CONTEXT."""
    columns: list[NDArray[np.floating]] = [*_neighbours(own)]
    total, prose_in = page.total, page.prose_in
    rows = headline_rows(page.blocks, hints)
    at = min(rows, key=lambda row: (page.blocks[row].level or 9, row), default=None)
    words_in = page.summed(page.words)
    linked = own[:, _AT["link_share"]] * page.words
    links_in = page.summed(linked)
    blocks_in = np.bincount(page.flat, minlength=page.size)
    for level in _LEVELS:
        node = page.around(level)
        words = np.maximum(1.0, words_in[node])
        columns += [
            prose_in[node] / total,
            links_in[node] / words,
            np.log1p(blocks_in[node]),
            prose_in[node] / words,
            np.log1p(words_in[node]),
        ]
    columns += _density(page, linked, total)
    columns += _headings(page, own, at)
    columns += _region(page, prose_in, total)
    columns += _alike(page, total)
    columns += _said(page, own, hints, rows)
    columns += _articles(page, at, prose_in, total)
    columns += _series(page)
    result = np.empty((len(page.blocks), len(columns)), dtype=np.float32)
    for number, column in enumerate(columns):
        result[:, number] = column
    return result


def _neighbours(own: Column) -> list[NDArray[np.floating]]:
    count = len(own)
    chosen = own[:, [_AT[name] for name in _NEAR]]
    found: list[NDArray[np.floating]] = []
    for step in _STEPS:
        moved = np.full_like(chosen, -1.0)
        if abs(step) < count:
            if step < 0:
                moved[-step:] = chosen[:step]
            else:
                moved[:-step] = chosen[step:]
        found.extend(moved.T)
    return found


def window(values: Column, reach: int) -> NDArray[np.float64]:
    """The sum of a column over each block and ``reach`` neighbours on both sides."""
    sums = np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))
    count = len(values)
    places = np.arange(count)
    return sums[np.minimum(count, places + reach + 1)] - sums[np.maximum(0, places - reach)]


def _density(page: Layout, linked: Column, total: float) -> list[NDArray[np.floating]]:
    count = len(page.blocks)
    before = (np.cumsum(page.prose) - page.prose) / total
    near_words = np.maximum(1.0, window(page.words, 3))
    return [
        np.log1p(window(page.prose, 2)),
        np.log1p(window(page.prose, 8)),
        window(linked, 3) / near_words,
        np.arange(count) / max(1, count),
        before,
    ]


def _headings(page: Layout, own: Column, at: int | None) -> list[NDArray[np.floating]]:
    blocks = page.blocks
    count = len(blocks)
    distance = np.clip(np.arange(count) - at, -_MOST, _MOST) if at is not None else np.full(count, -_MOST - 1)
    first = own[:, _AT["level"]] == 1
    level = np.zeros(count)
    away = np.full(count, _MOST)
    rule = np.zeros(count)
    links = np.zeros(count)
    heading = own[:, _AT["kind"]] == 1
    places = np.where(heading, np.arange(count), -1)
    last = np.concatenate(([-1], np.maximum.accumulate(places)[:-1])) if count else places
    there = last >= 0
    level[there] = own[last[there], _AT["level"]]
    away[there] = np.minimum(_MOST, np.arange(count)[there] - last[there])
    rule[there] = own[last[there], _AT["rule_text"]]
    links[there] = own[last[there], _AT["link_share"]]
    return [
        distance,
        np.full(count, float(at is not None)),
        np.cumsum(first) - first,
        level,
        away,
        rule,
        links,
    ]


def headline_rows(blocks: Sequence[Block], hints: Hints) -> dict[int, int]:
    """The blocks that have the wording of a headline, each with the place of that headline among all, surest first."""
    wanted: dict[str, int] = {}
    for rank, text in enumerate(hints.headlines):
        if plain := _plain(text):
            wanted.setdefault(plain, rank)
    if not wanted:
        return {}
    # letters alone are fewer than characters, by a third at most
    least, most = min(map(len, wanted)), 1.5 * max(map(len, wanted)) + 10
    found: dict[int, int] = {}
    for row, block in enumerate(blocks):
        if least <= len(block.text) <= most and (place := wanted.get(_plain(block.text))) is not None:
            found[row] = place
    return found


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _region(page: Layout, prose_in: NDArray[np.float64], total: float) -> list[NDArray[np.floating]]:
    """How far a block lies inside the elements that hold most of the running text."""
    chain_share = 0.6
    inside = prose_in[page.flat] >= chain_share * total
    common = np.bincount(page.owner, weights=inside, minlength=len(page.blocks))
    deepest = common.max(initial=0.0)
    return [common - deepest, page.lengths - common]


def _alike(page: Layout, total: float) -> list[NDArray[np.floating]]:
    """How many blocks have the same kind of place, how much running text they hold, how long they are."""
    place = page.alike
    held = np.bincount(place, weights=page.prose)
    many = np.bincount(place)
    words = np.bincount(place, weights=page.words)
    return [np.log1p(many[place]), held[place] / total, np.log1p(words[place] / many[place])]


def _said(page: Layout, own: Column, hints: Hints, rows: Collection[int]) -> list[NDArray[np.floating]]:
    """What the page says of itself: articleBody, description, headline, authors; how often a text is there."""
    count = len(page.blocks)
    counts = Counter(block.text for block in page.blocks)
    body, title, described = hints.body_text, hints.title_words, hints.description_words
    authors = [name.casefold() for name in hints.authors if len(name) >= _LEAST_NAME]
    in_body, in_description, is_headline, title_words, author, description_words = np.zeros((6, count))
    is_headline[list(rows)] = 1.0
    menu = (own[:, _AT["link_share"]] > _LINKED) & (page.words <= _MOST_MENU)
    for number in np.flatnonzero(~menu).tolist():
        text = page.blocks[number].text
        size = len(text)
        if body is not None:
            in_body[number] = body.share(text)
        if authors and _LEAST_NAME <= size <= _MOST_BYLINE:
            folded = text.casefold()
            author[number] = max((len(name) / size for name in authors if name in folded), default=0.0)
        if size < _LEAST_DESCRIBED:
            continue
        if any(text in other or other in text for other in hints.descriptions):
            in_description[number] = 1.0
        words = text.lower().split()
        if title and size <= _MOST_TITLE:
            title_words[number] = len(title.intersection(words)) / len(title)
        if described:
            description_words[number] = len(described.intersection(words)) / len(described)
    return [
        np.fromiter((counts[block.text] for block in page.blocks), dtype=np.float64, count=count),
        in_body,
        np.full(count, body.size if body is not None else 0.0),
        in_description,
        is_headline,
        title_words,
        author,
        description_words,
        np.full(count, np.log1p(count)),
        np.full(count, np.log1p(page.prose.sum())),
        np.full(count, float("news" in hints.declares)),
        np.full(count, float("article" in hints.declares)),
        np.full(count, float((own[:, _AT["link_share"]] * page.words).sum() / max(1.0, page.words.sum()))),
        np.full(count, float((own[:, _AT["in_ul"]] * page.prose).sum() / page.total)),
    ]


def _articles(page: Layout, at: int | None, prose_in: NDArray[np.float64], total: float) -> list[NDArray[np.floating]]:
    """Which of the page's article elements a block is in, how much it holds, whether it has the page's headline."""
    count = len(page.blocks)
    headed = set(page.blocks[at].nodes) if at is not None else set()
    order: dict[int, int] = {}
    number = np.zeros(count)
    share = np.zeros(count)
    own = np.zeros(count)
    for row, node in enumerate(page.elements.articles):
        if not node:
            continue
        number[row] = order.setdefault(node, len(order) + 1)
        share[row] = prose_in[node] / total
        own[row] = 1.0 if node in headed else -1.0
    boxes = page.around(-2)
    ranked = np.argsort(np.argsort(-prose_in[boxes], kind="stable"), kind="stable")
    return [np.full(count, len(order)), np.minimum(number, 9), share, own, np.minimum(ranked, 99)]


def _series(page: Layout) -> list[NDArray[np.floating]]:
    """Which of the elements of its kind a block's container is: the second article of a page looks like the first."""
    columns: list[NDArray[np.floating]] = []
    kinds = np.zeros(page.size, dtype=np.intp)
    kinds[list(page.elements.kinds)] = list(page.elements.kinds.values())
    for level in _LEVELS:
        # elements are numbered in reading order, and so are those of one kind
        nodes, place = np.unique(page.around(level), return_inverse=True)
        kind = kinds[nodes]
        order = np.argsort(kind, kind="stable")
        first = np.searchsorted(kind[order], kind)
        nth = np.empty(len(nodes))
        nth[order] = np.arange(len(nodes)) - first[order]
        columns += [np.minimum(nth, 99)[place], np.minimum(np.bincount(kind)[kind], 99)[place]]
    return columns
