"""What can be seen of one block without its page: prose, links, its letters."""

import re
from dataclasses import dataclass
from functools import cached_property

from newsclean.body.columns import words_of
from newsclean.model import Block
from newsclean.page.compare import key

_SENTENCE_END = re.compile(r"[.!?…。！？؟।۔:;][\"'”’»«“)\]】」』]*$")
_PROSE_WORDS = 12
"""Menus, buttons and titles of other articles have fewer words, or no full stop."""


@dataclass(frozen=True)
class Seen:
    """A block with what can be seen of it."""

    block: Block

    @cached_property
    def key(self) -> str:
        """The form for comparisons, see :func:`newsclean.page.compare.key`."""
        return key(self.block.text)

    @cached_property
    def words(self) -> int:
        """Words; in scripts without spaces every second character."""
        return words_of(self.block.text)

    @cached_property
    def linked(self) -> float:
        """Share of the characters that are in links."""
        return min(1.0, self.block.link_chars / max(1, len(self.block.text)))

    @cached_property
    def sentence(self) -> bool:
        """Whether it ends as a sentence does."""
        return _SENTENCE_END.search(self.block.text) is not None

    @property
    def prose(self) -> bool:
        """Whether it reads as running text: long, ended, and mostly without links."""
        return self.linked < 0.4 and (self.words >= 2 * _PROSE_WORDS or (self.words >= _PROSE_WORDS and self.sentence))
