"""What repeats over the pages of one site: evidence where no rule knows the words.

Texts are remembered by their hash, with digits masked: a read counter differs from page to page by its number alone.
What is counted does not depend on the order in which pages come.
"""

import re
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import ClassVar, Self

from newsclean.model import Block, Evidence

_LEAST, _MOST = 8, 400
"""Characters of a text that is remembered."""
_LINKED = 0.9
"""Share of links from which a text is a menu's, which nobody takes for the article's."""
_DIGITS = re.compile(r"\d+(?:[.,'’\u00a0\u202f ]\d+)*")
_LEAST_PAGES = 4
"""Pages of a site before its memory says anything."""
_LEAST_SEEN = 3
_LEAST_SHARE = 0.3
"""Of the pages: two teasers of one story are no habit of a site."""
_MOST_TEXTS = 4000
"""Texts of a site: more than its pages have that are learned from."""
_COUNTER, _LABEL, _SENTENCE = -8.0, -5.0, -0.5
"""Weights at a share of 1: what changes by its numbers; a short text; a sentence, as standing disclaimers are, which
belong to the articles of some sites."""
_SHORT = 12
"""Words of a text that is a label or a prompt."""
_LONG = 40
"""Words of a counter at most."""
_ENTRY = struct.Struct("<QIQQ")
_ENDS = (".", "!", "?", "。", "।", "؟", "…")


@dataclass(frozen=True, slots=True)
class SiteMemory:
    """What was seen on the pages of one site. Made by :class:`SiteCounts`."""

    pages: int
    """How many pages were seen."""
    texts: Mapping[int, tuple[int, bool]]
    """By the hash of a text how many pages had it, and whether its numbers differ between them."""
    digest: str
    """16 hexadecimal digits that change with what was seen."""

    def speak(self, blocks: Sequence[Block]) -> list[Evidence | None]:
        """For each block what the memory says: ``site:14-of-15-pages``; None where it says nothing."""
        return [self._said(block) if _is_remembered(block) else None for block in blocks]

    def _said(self, block: Block) -> Evidence | None:
        known = self.texts.get(_hashed(_masked(block.text)))
        if known is None:
            return None
        seen, varies = known
        share = seen / self.pages
        words = block.text.count(" ") + 1
        if varies and words <= _LONG:
            label, weight = "counter", _COUNTER
        elif words <= _SHORT and not (words > _SHORT // 2 and block.text.endswith(_ENDS)):
            label, weight = "navigation", _LABEL
        else:
            label, weight = "promo", _SENTENCE
        return Evidence(source=f"site:{seen}-of-{self.pages}-pages", label=label, weight=round(weight * share, 2))


class SiteCounts:
    """Counts over pages of one site, in the making."""

    MOST_PAGES: ClassVar[int] = 60
    """Pages of a site that are learned from; later ones would teach nothing new."""

    def __init__(self) -> None:
        self.pages = 0
        self._texts: dict[int, tuple[int, int, int]] = {}

    @property
    def is_full(self) -> bool:
        """Whether further pages would not be counted."""
        return self.pages >= self.MOST_PAGES

    def add(self, blocks: Iterable[Block]) -> None:
        """Count one page."""
        if self.is_full:
            return
        self.pages += 1
        found: dict[int, int] = {}
        for block in blocks:
            if _is_remembered(block):
                found.setdefault(_hashed(_masked(block.text)), _hashed(block.text))
        for key, exact in found.items():
            known = self._texts.get(key)
            if known is not None:
                self._texts[key] = known[0] + 1, min(known[1], exact), max(known[2], exact)
            elif len(self._texts) < _MOST_TEXTS:
                self._texts[key] = 1, exact, exact

    def merge(self, other: "SiteCounts") -> None:
        """Count what the other has counted."""
        self.pages += other.pages
        for key, (seen, low, high) in other._texts.items():
            known = self._texts.get(key, (0, low, high))
            self._texts[key] = known[0] + seen, min(known[1], low), max(known[2], high)

    def memory(self) -> SiteMemory | None:
        """What may be said now; None where too little was seen."""
        if self.pages < _LEAST_PAGES:
            return None
        least = max(_LEAST_SEEN, _LEAST_SHARE * self.pages)
        texts = {key: (seen, low != high) for key, (seen, low, high) in self._texts.items() if seen >= least}
        if not texts:
            return None
        digest = blake2b(repr((self.pages, sorted(texts.items()))).encode(), digest_size=8).hexdigest()
        return SiteMemory(self.pages, texts, digest)

    def packed(self) -> bytes:
        """The counts as bytes: number of pages, then each text's hash, pages, least and greatest exact hash."""
        entries = (_ENTRY.pack(key, *values) for key, values in sorted(self._texts.items()))
        return struct.pack("<I", self.pages) + b"".join(entries)

    @classmethod
    def unpacked(cls, data: bytes) -> Self:
        """From :meth:`packed`. Raises ValueError for other bytes."""
        if len(data) < 4 or (len(data) - 4) % _ENTRY.size:
            raise ValueError("no counts of a site")
        counts = cls()
        (counts.pages,) = struct.unpack_from("<I", data)
        counts._texts = {key: (seen, low, high) for key, seen, low, high in _ENTRY.iter_unpack(data[4:])}
        return counts


def _is_remembered(block: Block) -> bool:
    size = len(block.text)
    return _LEAST <= size <= _MOST and block.link_chars < _LINKED * size and not block.level


def _masked(text: str) -> str:
    return _DIGITS.sub("0", text)


def _hashed(text: str) -> int:
    return int.from_bytes(blake2b(text.casefold().encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
