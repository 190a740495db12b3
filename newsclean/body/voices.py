"""The voices about a block that are no clutter rules: engine, structured data, prose and place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from newsclean.body.features import Seen, region_of, shares
from newsclean.body.match import Reference
from newsclean.model import Evidence
from newsclean.page.compare import key

_ENGINE_FOR, _ENGINE_AGAINST = 4.0, -3.0
_DATA_FOR, _DATA_AGAINST = 8.0, -3.0
_DATA_FOR_LINKS = 2.0
_LEAST_DATA = 300
"""Letters below which a JSON-LD articleBody is a teaser and says nothing about what is missing from it."""
_OUTSIDE, _OUTSIDE_PROSE = -4.5, -2.5
"""Outside of the article's element, where a tenth of the pages have a lead or a last paragraph."""
_OTHER_ARTICLE = -8.0
_LEAST_ARTICLE = 300
"""Letters of prose that make an ``article`` element a whole article and no teaser."""

_LEAST_STORY = 1000
_MOST_STORIES = 5
"""Stories that endless scroll appends are long and few; entries of a live blog are short and many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What the page says about its article elsewhere than in the blocks."""

    headlines: tuple[str, ...] = ()
    """Every headline that the metadata names, the surest first."""
    descriptions: tuple[str, ...] = ()
    """Summaries of the metadata."""
    article_body: str | None = None
    """JSON-LD articleBody; absent where the page has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """All voices on a page."""

    evidence: tuple[tuple[Evidence, ...], ...]
    """For each block what the voices of this module say."""
    region: tuple[int, ...]
    """The elements from the root down to the one that holds the article."""
    held: Mapping[int, float]
    """For each element the share of the text that speaks for the article, 0 to 1."""


def listen(seen: Sequence[Seen], hints: Hints, engine: Sequence[str] | None, engine_name: str) -> Heard:
    """What engine, structured data, prose and place say about each block."""
    engine_text = Reference(engine) if engine is not None else None
    if engine_text is not None and _missed(seen, engine_text):
        engine_text = None
    data_text = Reference([hints.article_body]) if hints.article_body else None
    # Where the two tell different stories, the structured data are a teaser or another article's.
    data_counts = data_text is not None and data_text.size >= _LEAST_DATA
    said: list[list[Evidence]] = [[] for _ in seen]
    others = _other_articles(seen, hints)
    weights: list[float] = []
    for item, evidence in zip(seen, said, strict=True):
        weight = 0.0
        if engine_text is not None:
            kept = engine_text.holds(item.key)
            evidence.append(_evidence(f"engine:{engine_name}", kept, _ENGINE_FOR, _ENGINE_AGAINST))
            weight = len(item.key) * kept
        if data_text is not None and data_counts:
            held = data_text.holds(item.key, 12)
            if held or item.block.kind != "heading":  # most sites leave sub-headings out of it
                # some sites' articleBody has the titles of other articles in it as well
                weight_for = _DATA_FOR if item.linked < 0.8 else _DATA_FOR_LINKS
                evidence.append(_evidence("metadata:articleBody", held, weight_for, _DATA_AGAINST))
            weight = len(item.key) * (2.0 * held or 0.3 * (weight > 0))
        if engine_text is None and not data_counts:
            weight = len(item.key) * item.prose
        if item.block.index in others:
            evidence.append(Evidence(source="structure:other-article", label="next-article", weight=_OTHER_ARTICLE))
            weight = 0.0
        weights.append(weight if item.prose else 0.5 * weight)
        evidence.extend(_by_itself(item))
    region = region_of(seen, weights)
    for item, evidence in zip(seen, said, strict=True):
        if region:
            within = region[-1] in item.block.nodes
            weight = 1.0 if within else _OUTSIDE_PROSE if item.prose else _OUTSIDE
            evidence.append(Evidence(source="structure:region", label="paragraph", weight=weight))
    return Heard(evidence=tuple(tuple(items) for items in said), region=region, held=shares(seen, weights))


def _missed(seen: Sequence[Seen], engine: Reference) -> bool:
    """Whether the engine took next to nothing of a page that has an element full of running text."""
    taken = 0
    boxes: dict[int, int] = {}
    for item in seen:
        if item.prose and not item.block.hidden:
            boxes[item.box] = boxes.get(item.box, 0) + len(item.key)
            taken += len(item.key) * engine.holds(item.key)
    return taken < _LEAST_ARTICLE and max(boxes.values(), default=0) >= _LEAST_STORY


def _evidence(source: str, kept: bool, weight_for: float, weight_against: float) -> Evidence:
    return Evidence(source=source, label="paragraph", weight=weight_for if kept else weight_against)


def _by_itself(item: Seen) -> list[Evidence]:
    evidence: list[Evidence] = []
    if item.prose:
        evidence.append(Evidence(source="structure:prose", label="paragraph", weight=2.0))
    elif item.words < 4 and item.block.kind != "heading":
        evidence.append(Evidence(source="structure:short", label="navigation", weight=-1.0))
    if item.linked > 0.8 and not (item.prose and item.sentence):
        evidence.append(Evidence(source="structure:links", label="related", weight=-6.0))
    if item.block.hidden:
        evidence.append(Evidence(source="structure:hidden", label="tool", weight=-2.0))
    return evidence


def _other_articles(seen: Sequence[Seen], hints: Hints) -> frozenset[int]:
    """The blocks of whole other articles beside the page's own, as endless scroll appends them."""
    wanted = {k for k in map(key, hints.headlines) if k}
    prose: dict[int, int] = {}
    headed: dict[int, str] = {}
    own: set[int] = set()
    for item in seen:
        articles = _article_nodes(item)
        for node in articles:
            if item.prose:
                prose[node] = prose.get(node, 0) + len(item.key)
            if item.block.level in (1, 2) and node not in headed:
                headed[node] = item.key
        if item.block.kind == "heading" and item.key in wanted:
            own.update(articles)
    mine = {node for node in own if prose.get(node, 0) >= _LEAST_ARTICLE}
    long = [node for node in headed if prose.get(node, 0) >= _LEAST_STORY]
    if not mine and 2 <= len(long) <= _MOST_STORIES:
        # The headline stands outside: the first is the page's own, unless they are the entries of a live blog.
        mine = {long[0]}
    others = {node for node in headed if prose.get(node, 0) >= _LEAST_ARTICLE} - mine
    if not mine or not others:
        return frozenset()
    return frozenset(
        item.block.index for item in seen if not mine & set(articles := _article_nodes(item)) and others & set(articles)
    )


def _article_nodes(item: Seen) -> list[int]:
    block = item.block
    return [
        node
        for step, node in zip(block.path, block.nodes, strict=True)
        if step == "article" or step.startswith(("article#", "article."))
    ]
