"""What a page says about its article elsewhere than in its blocks."""

import re
from dataclasses import dataclass
from functools import cached_property

_WORD = re.compile(r"\w+")
_SIGNS = {code: None for code in range(128) if not _WORD.match(chr(code))}
"""What is no part of a word, for texts in ASCII, which take a sixth of the time so."""
_LEAST_BODY = 300
"""Letters below which a JSON-LD articleBody is a teaser and says nothing about what is missing from it."""
_LEAST_TITLE_WORD = 4
_SHINGLE = 12
"""Characters of the runs by which a block is looked up in a text that differs in small things."""


@dataclass(frozen=True)
class Hints:
    """What the page says about its article elsewhere than in the blocks."""

    headlines: tuple[str, ...] = ()
    """Every headline that the metadata names, the surest first."""
    descriptions: tuple[str, ...] = ()
    """Summaries of the metadata."""
    article_body: str | None = None
    """JSON-LD articleBody; absent where the page has none."""
    authors: tuple[str, ...] = ()
    """Names of the article's authors, as far as the metadata know them."""
    declares: frozenset[str] = frozenset()
    """What the page calls itself in its data: ``news`` (schema.org's NewsArticle and its kinds), ``article``."""

    @cached_property
    def body_text(self) -> "BodyText | None":
        """The articleBody to look blocks up in; None where it is missing or too short to tell."""
        if self.article_body is None or len(self.article_body) < _LEAST_BODY:
            return None
        return BodyText(self.article_body)

    @cached_property
    def title_words(self) -> frozenset[str]:
        """The longer words of the surest headline."""
        words = self.headlines[0].lower().split() if self.headlines else ()
        return frozenset(word for word in words if len(word) >= _LEAST_TITLE_WORD)

    @cached_property
    def description_words(self) -> frozenset[str]:
        """The longer words of the surest description that the headline does not have."""
        words = self.descriptions[0].lower().split() if self.descriptions else ()
        return frozenset(word for word in words if len(word) > _LEAST_TITLE_WORD) - self.title_words


class BodyText:
    """A text in which blocks are looked up, whatever became of its white space and signs."""

    def __init__(self, text: str) -> None:
        self._flat = _letters(text)
        self._plain = " ".join(text.split())
        self.size = min(9.0, len(self._flat) / 1000)
        """Thousands of letters in it, 9 at most."""

    def share(self, text: str) -> float:
        """How much of a text is in this one, 0 to 1; whole or nothing for short texts."""
        if text in self._plain and _WORD.search(text):
            return 1.0  # as most are; so are their letters
        letters = _letters(text)
        if not letters:
            return 0.0
        if letters in self._flat:
            return 1.0
        if len(letters) < 3 * _SHINGLE:
            return 0.0
        places = range(0, len(letters) - _SHINGLE + 1, _SHINGLE)
        return sum(letters[place : place + _SHINGLE] in self._flat for place in places) / len(places)


def _letters(text: str) -> str:
    if text.isascii():
        return text.translate(_SIGNS).lower()
    return "".join(_WORD.findall(text)).casefold()
