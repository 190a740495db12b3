"""Block[] -> columns of numbers: what can be seen of each block by itself."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from newsclean.clutter.attributes import SLUG_WORDS, name_words
from newsclean.model import Block, Evidence

Column = NDArray[np.float32]

_SINGLE = re.compile(r"[\u0e00-\u0e7f\u1100-\u11ff\u3130-\u318f\uac00-\ud7af\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_CHARS_PER_WORD = 2
"""Characters to a word in scripts without spaces."""
_CLOSING = "\"'”’»«“)]】」』*"
_ENDS = {
    **dict.fromkeys(".。।۔", 5),
    **dict.fromkeys("!?！？؟", 4),
    "…": 3,
    **dict.fromkeys(":：", 2),
    **dict.fromkeys(",;、，；", 1),
}
_STARTS = {**dict.fromkeys("\"'“„«»‘「『", 3), **dict.fromkeys("-–—•*·▪►>→|", 4), **dict.fromkeys("(（[【", 5), "©": 6}
_CLOCK = re.compile(r"\d{1,2}[:.h]\d{2}|\d{4}")
_CAPITAL = re.compile(r"(?:^|(?<= ))[A-ZÀ-ÖØ-ÞĀ-ŽА-ЯΑ-Ω]")
_HEAD = 120
_ID = re.compile(r"#[^.]*")
_DIGITS = re.compile(r"\d+")
_DIGIT = re.compile(r"\d")
_SIGNS = re.compile(r"[|©@•›»→]")
_TAGS = {
    tag: number
    for number, tag in enumerate(
        "other p div li h1 h2 h3 h4 h5 h6 blockquote figcaption td th section article dd dt button span header "
        "footer aside main body center pre a summary figure ul ol nav form label time option address legend "
        "table details".split()
    )
}
_ARTICLE = _TAGS["article"]
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_KINDS = {"paragraph": 0, "heading": 1, "item": 2, "quote": 3, "caption": 4, "cell": 5}
_LABELS = {
    label: number
    for number, label in enumerate(
        "none counter share related newsletter advertising adblock-notice consent paywall comments navigation "
        "author-bio promo legal tool back-to-top next-article byline dateline caption standfirst correction".split()
    )
}
_SHORT = 300
"""Characters above which a block's digits and signs say nothing."""
_LINK, _MENU = 0.9, 30
"""Share of links, and characters, of an entry of a menu: nobody looks closer at those."""
_LABEL = 60
"""Characters within which a text is taken for one sentence."""
_PROSE_WORDS = 12
_WHOLE, _LEAST_BLOCKS = 0.95, 12
_MOST_WORDS = 6
"""Words of one class name that are looked up."""

_INSIDE = "figure aside nav footer header table blockquote ul ol form figcaption details pre".split()
"""Elements that say what is inside of them, however deep."""
_BITS = {_TAGS[tag]: 1 << place for place, tag in enumerate(_INSIDE) if tag in _TAGS}
_Names = tuple[int, float, float, float, float, float, float, int, int, int]
_NO_NAMES: _Names = (0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0, 0, 0)

BY_ITSELF = (
    "chars words link_share hrefs end start commas stops digits upper clock signs kind level tag depth hidden prose "
    "em strong "
    "name_own name_parent name_above name_min name_max name_sum "
    "in_figure in_aside in_nav in_footer in_header in_table in_blockquote in_ul in_ol in_form in_figcaption in_details "
    "in_pre"
).split()
"""The columns of :func:`by_itself`, in their order."""
BY_RULES = "rule_text rule_label rule_around rule_around_sum rule_label_around section section_label".split()
"""The columns of :func:`by_rules`, in their order."""
OWN = [*BY_ITSELF, *BY_RULES]


def tokens_of(step: str) -> tuple[str, ...]:
    """The tag, the words of the id and classes of a step, and each two words that follow each other."""
    tag, named = _parts(step)
    return tuple(sorted({f"<{tag}>"}.union(*map(_tokens, named))))


def _parts(step: str) -> tuple[str, list[str]]:
    """The tag of a step, and its id and classes that say what the element is for."""
    head, *named = step.split(".")
    tag, _, name = head.partition("#")
    if name and tag not in _HEADINGS and len(name_words(name)) < SLUG_WORDS:
        named.append(name)
    return tag, named


def _tokens(name: str) -> tuple[str, ...]:
    words = [word for word in name_words(name) if len(word) > 1 and not word.isdigit()][:_MOST_WORDS]
    return (*words, *map(" ".join, pairwise(words))) if len(words) > 1 else tuple(words)


class NameScores:
    """What class names and ids were found to hold: a table that was learned with the classifier.

    A score is the logarithm of the odds that a block below such a name is article text, against those of any block;
    an unknown name has none.
    """

    def __init__(self, scores: Mapping[str, float]) -> None:
        self.scores = scores
        self._of = lru_cache(maxsize=20_000)(self._read)
        self._named = lru_cache(maxsize=20_000)(self._scored)

    def of(self, step: str) -> tuple[float, float, float, int, str]:
        """Least, greatest and sum of the scores of one step's names and words; the number of its tag; the step without
        its id, its digits masked."""
        return self._of(step)

    def _read(self, step: str) -> tuple[float, float, float, int, str]:
        tag, named = _parts(step)
        found = dict(self._scored_tag(tag))
        for name in named:
            found.update(self._named(name))
        scores = found.values() or (0.0,)
        plain = _ID.sub("", step) if "#" in step else step
        return min(scores), max(scores), sum(scores), _TAGS.get(tag, 0), _DIGITS.sub("0", plain)

    def _scored_tag(self, tag: str) -> tuple[tuple[str, float], ...]:
        score = self.scores.get(f"<{tag}>")
        return ((f"<{tag}>", score),) if score is not None else ()

    def _scored(self, name: str) -> tuple[tuple[str, float], ...]:
        scores = self.scores
        return tuple([(token, scores[token]) for token in _tokens(name) if token in scores])


def words_of(text: str) -> int:
    """Words; in scripts without spaces every second character."""
    count = text.count(" ") + 1
    if not text.isascii():
        count += len(_SINGLE.findall(text)) // _CHARS_PER_WORD
    return count


@dataclass(frozen=True, slots=True)
class Elements:
    """What was found of the elements around the blocks on the way."""

    articles: list[int]
    """For each block the number (of Block.nodes) of the outermost article element around it; 0 for none."""
    kinds: dict[int, int]
    """For each element a number: the same for elements with the same tags, classes and so on from the root down."""
    article_elements: frozenset[int]
    """The numbers of all article elements."""
    page: frozenset[int]
    """Those of the elements around the whole page, see :func:`page_elements`."""


def by_itself(blocks: Sequence[Block], table: NameScores) -> tuple[Column, Elements]:
    """One row a block, one column a name of BY_ITSELF; and what the elements around them are."""
    rows: list[tuple[float, ...]] = []
    articles: list[int] = []
    inside: list[int] = []
    known: dict[int, _Names] = {0: _NO_NAMES}
    kinds: dict[tuple[int, str], int] = {}
    page = page_elements(blocks)
    for block in blocks:
        nodes = block.nodes
        around = known.get(nodes[-1] if nodes else 0) or _around(block, table, known, kinds, page)
        articles.append(around[7])
        inside.append(around[8])
        text = block.text
        size = len(text)
        words = text.count(" ") + 1
        commas = text.count(",")
        plain = text.isascii()
        if not plain:
            words += len(_SINGLE.findall(text)) // _CHARS_PER_WORD
            commas += text.count("、") + text.count("，")
        link_share = min(1.0, block.link_chars / size) if block.link_chars else 0.0
        last = text[-1]
        if last in _CLOSING:
            last = text.rstrip(_CLOSING)[-1:] or last
        end = _ENDS.get(last, 0)
        stops = 0
        if size > _LABEL:
            stops = text.count(". ") + text.count("? ") + text.count("! ")
            if not plain:
                stops += text.count("。") + text.count("। ")
        digits = clock = signs = capital = 0.0
        if size <= _SHORT and (link_share < _LINK or size > _MENU):
            if _DIGIT.search(text):
                digits = len(_DIGIT.findall(text)) / size
                clock = 1.0 if _CLOCK.search(text) else 0.0
            signs = 1.0 if _SIGNS.search(text) or "http" in text or "www." in text else 0.0
            if words < 2 * _PROSE_WORDS:
                capital = len(_CAPITAL.findall(text, 0, _HEAD)) / min(12, words)
        first = text[0]
        start = _STARTS.get(first)
        if start is None:
            start = 1 if first.isupper() else 2 if first.isdigit() else 0 if first.islower() else 7
        ended = end >= 3 or last == ":"
        rows.append(
            (
                size,
                words,
                link_share,
                len(block.hrefs),
                end,
                start,
                commas,
                stops + (end >= 3),
                digits,
                capital,
                clock,
                signs,
                _KINDS[block.kind],
                block.level,
                around[0],
                len(nodes),
                block.hidden,
                link_share < 0.4 and (words >= 2 * _PROSE_WORDS or (words >= _PROSE_WORDS and ended)),
                block.em_chars / size,
                block.strong_chars / size,
                *around[1:7],
            )
        )
    result = np.empty((len(rows), len(BY_ITSELF)), dtype=np.float32)
    if rows:
        result[:, : -len(_INSIDE)] = rows
        result[:, -len(_INSIDE) :] = (np.array(inside)[:, None] >> np.arange(len(_INSIDE))) & 1
    numbers = {node: names[9] for node, names in known.items()}
    inner = frozenset(node for node, names in known.items() if names[0] == _ARTICLE)
    return result, Elements(articles, numbers, inner, page)


def page_elements(blocks: Sequence[Block]) -> frozenset[int]:
    """The elements that hold next to all blocks of the page: what they are named tells none of them from another. Of a
    page of few blocks, which may be the article and nothing else, no more than its body."""
    if len(blocks) < _LEAST_BLOCKS:
        return frozenset(
            node
            for block in blocks[:1]
            for node, step in zip(block.nodes, block.path, strict=True)
            if _tag(step) in ("html", "body")
        )
    found: list[int] = []
    inside = list(blocks)
    while inside:
        depth = len(found)
        counts = Counter(block.nodes[depth] for block in inside if len(block.nodes) > depth)
        if not counts:
            break
        ((node, count),) = counts.most_common(1)
        if count < _WHOLE * len(blocks):
            break
        found.append(node)
        inside = [block for block in inside if len(block.nodes) > depth and block.nodes[depth] == node]
    return frozenset(found)


def _tag(step: str) -> str:
    return step.partition(".")[0].partition("#")[0]


def _around(
    block: Block,
    table: NameScores,
    known: dict[int, _Names],
    kinds: dict[tuple[int, str], int],
    page: frozenset[int],
) -> _Names:
    """What is around a block: tag number; scores of own, parent's, next element; least, greatest, sum on the path;
    outermost article element; bits of _INSIDE; kind of element."""
    path, nodes = block.path, block.nodes
    start = len(nodes)
    while start and nodes[start - 1] not in known:
        start -= 1
    found = known[nodes[start - 1]] if start else _NO_NAMES
    for place in range(start, len(nodes)):
        node = nodes[place]
        least, most, total, tag, plain = table.of(path[place])
        if node in page:
            least, most, total, _, _ = table.of(_tag(path[place]))
        found = (
            tag,
            total,
            found[1],
            found[2],
            min(found[4], least),
            max(found[5], most),
            found[6] + total,
            found[7] or (node if tag == _ARTICLE else 0),
            found[8] | _BITS.get(tag, 0),
            kinds.setdefault((found[9], plain), len(kinds) + 1),
        )
        known[node] = found
    return found


def by_rules(said: Sequence[Sequence[Evidence]]) -> Column:
    """One row a block, one column a name of BY_RULES. ``said``: what the clutter rules say of each block.

    The strongest phrase and its label; the strongest voice from around, their sum, and its label; the box's heading.
    """
    result = np.zeros((len(said), len(BY_RULES)), dtype=np.float32)
    for row, evidence in enumerate(said):
        if evidence:
            result[row] = _rules(evidence)
    return result


def _rules(evidence: Sequence[Evidence]) -> tuple[float, ...]:
    text = around = total = section = 0.0
    text_label = around_label = section_label = 0
    for voice in evidence:
        weight = voice.weight
        if voice.source.startswith("section:"):
            section, section_label = weight, _LABELS.get(voice.label, 0)
        elif voice.span is not None:
            if weight < text:
                text, text_label = weight, _LABELS.get(voice.label, 0)
        else:
            total += weight
            if weight < around:
                around, around_label = weight, _LABELS.get(voice.label, 0)
    return text, text_label, around, total, around_label, section, section_label
