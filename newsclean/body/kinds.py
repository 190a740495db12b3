"""What a page without an article is: the kinds of ``not-article``."""

from collections import Counter
from collections.abc import Sequence

from newsclean.model import Block, Verdict

_LEAST_TEXT = 100
"""Characters. Shorter kept text is no article: a caption, a label, an error message."""
_INDEX_LINKS = 12
"""Linked titles outside of the kept text that a front page has and an empty shell has not."""
_LEAST_TITLE = 20
"""Characters of a link from which it is the title of another page."""
_LEAST_PROSE = 60
"""Characters of a paragraph; shorter ones are labels and prompts."""
_LINKED = 0.8
_LEAST_INDEXED = 500
"""Characters of kept text that the teasers of a front page do not reach."""
_WALL_SHARE = 0.35
"""Share of a page's text about consent from which it is a wall, where the page is not declared an article."""
_MANY_NOTICES, _MANY_SHARE, _LEAST_WALLED = 5, 0.18, 2000
"""So many notices about consent make a wall of a page with little more than explanations of them: their share of its
characters, and how much prose an article has beside them."""
_LONG = 200
"""Characters of a paragraph that walls do not have."""
_LEAST_STORY = 600
"""Characters of prose that neither a front page's teasers nor the small print of a wall reach together."""

_MESSAGES = {
    "consent-wall": "the page shows a consent wall and no article; fetch it with consent given",
    "paywall-stub": "the page shows a prompt to subscribe and no article text",
    "index-page": "the page is a list of links to other articles",
    "empty-shell": "the page holds no article text; it may be filled in by scripts",
}


def not_an_article(blocks: Sequence[Block], verdicts: Sequence[Verdict], declared: bool) -> tuple[str, str] | None:
    """The kind and why, or None for an article. ``declared``: the page declares itself an article."""
    kept = prose = longest = consent = notices = titles = 0
    refused: Counter[str] = Counter()
    for block, verdict in zip(blocks, verdicts, strict=True):
        size = len(block.text)
        if verdict.decision == "keep":
            kept += size - block.link_chars
            longest = max(longest, size)
            prose += size * (size >= _LEAST_PROSE and block.link_chars < _LINKED * size)
        elif verdict.decision == "drop":
            refused[verdict.label] += size
        titles += size >= _LEAST_TITLE and block.link_chars > _LINKED * size
        if any(e.label == "consent" for e in verdict.evidence):
            consent += size
            notices += 1
    little = not declared and prose < _LEAST_STORY
    walled = not declared and notices >= _MANY_NOTICES and prose < _LEAST_WALLED and longest < _LONG
    if (little or walled) and consent > (_MANY_SHARE if walled else _WALL_SHARE) * (kept + refused["consent"]):
        kind = "consent-wall"
    elif little and titles >= _INDEX_LINKS and kept < _LEAST_INDEXED:
        kind = "index-page"
    elif kept >= _LEAST_TEXT and (prose >= _LEAST_TEXT or kept >= 4 * _LEAST_TEXT):
        return None
    elif refused["consent"] > max(kept, refused["related"]):
        kind = "consent-wall"
    elif refused["paywall"] > max(kept, refused["related"]):
        kind = "paywall-stub"
    elif titles >= _INDEX_LINKS:
        kind = "index-page"
    else:
        kind = "empty-shell"
    return kind, _MESSAGES[kind]
