"""What can be seen of one block without its page: prose, links, its letters."""

import re
from typing import Self

from newsclean.body.columns import words_of
from newsclean.model import Block
from newsclean.page.compare import key

_SENTENCE_END = re.compile(r"[.!?…。！？؟।۔:;][\"'”’»«“)\]】」』]*$")
_PROSE_WORDS = 12
"""Menus, buttons and titles of other articles have fewer words, or no full stop."""


class Seen:
    """A block with what can be seen of it."""

    __slots__ = ("_key", "block", "linked", "prose", "words")

    def __init__(self, block: Block, words: float, linked: float, prose: bool) -> None:
        self.block = block
        self.words = words
        """Words; in scripts without spaces every second character."""
        self.linked = linked
        """Share of the characters that are in links."""
        self.prose = prose
        """Whether it reads as running text: long, ended, and mostly without links."""
        self._key: str | None = None

    @classmethod
    def of(cls, block: Block) -> Self:
        """Of a line of text that has no page around it."""
        words = words_of(block.text)
        linked = min(1.0, block.link_chars / max(1, len(block.text)))
        long = words >= 2 * _PROSE_WORDS or (words >= _PROSE_WORDS and ends_sentence(block.text))
        return cls(block, words, linked, linked < 0.4 and long)

    @property
    def key(self) -> str:
        """The form for comparisons, see :func:`newsclean.page.compare.key`."""
        if self._key is None:
            self._key = key(self.block.text)
        return self._key


def ends_sentence(text: str) -> bool:
    """Whether a text ends as a sentence does."""
    return _SENTENCE_END.search(text) is not None
