"""What repeats over the pages of one site: evidence where no rule knows the words.

A page is remembered as marks, one a text: the hash of the text and of its place, digits masked since a read counter
differs from page to page by its number alone, and what became of the text when the page was judged by itself. What is
said follows from the set of pages, not from their order.
"""

import re
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import ClassVar

from newsclean.clutter.words import ends_sentence
from newsclean.model import Block, Evidence, Verdict
from newsclean.page.compare import key

LEAST_PAGES = 4
"""Pages of a site before its memory says anything."""
_LEAST_SEEN = 3
_LEAST_SHARE = 0.3
"""Of the pages: two teasers of one story are no habit of a site."""
_LEAST, _MOST = 8, 1200
"""Bytes in UTF-8 of a text that is remembered, letters and digits only: 8 to 400 letters, less in denser scripts."""
_MOST_CHARS = 800
_MOST_MARKS = 400
"""Texts of one page; those with the least hashes are taken."""
_MOST_SAID = 2000
"""Texts of a site of which something is said; those that most pages have are taken."""
_COUNTER, _SHORT, _SENTENCE = -8.0, -5.0, -2.5
"""Weights at a share of 1 of what most pages drop: what changes by its numbers alone; a short text; a sentence."""
_KEPT_SHORT, _KEPT_SENTENCE = -2.0, -1.0
"""The same of what most pages keep in the midst of the body."""
_COUNTER_WORDS, _COUNTER_BYTES, _COUNTER_NUMBERS = 10, 120, 2
"""A counter has no more of each."""
_SURELY_VARIES = 12
"""So many different numbers are enough, however many pages there are."""
_SENTENCE_BYTES = 50
"""A text of so many bytes that ends as sentences do is one; a longer one is without an end, too."""
_LONG_BYTES = 190
_LINKED = 0.6
_LAST = 4
"""Kept blocks from the end of the body in which standing disclaimers and credits are; half of the body at most."""
_BIAS = 0.6
"""Log-odds from which a page by itself keeps a block."""
_SETTLED = -7.5
"""Weight from which a voice alone is a verdict."""
_HEARD = ("engine:", "focus:", "structure:island")
"""The voices whose sum with the classifier's keeps or drops a block of a page by itself."""
_DIGITS = re.compile(r"\d+")
_ZEROS = re.compile("00+")
_ASCII = str.maketrans(
    {chr(c): chr(c).lower() if chr(c).isalpha() else "0" if chr(c).isdigit() else None for c in range(128)}
)
_ID = re.compile(r"#[^.]*")

_LAYOUT = b"\x01"
"""First byte of packed marks; those of another layout are not read."""
_MARK = struct.Struct("<8sBB")
"""Hash, flags, a byte that differs where the numbers of the text do."""
_IS_KEPT, _IS_ASIDE, _IS_LAST, _IS_MANY, _IS_SENTENCE, _MAY_COUNT, _IS_LINKED, _IS_HEADING = (1 << n for n in range(8))


@dataclass(frozen=True, slots=True)
class SiteMemory:
    """What was seen on the pages of one site. Made by :class:`SiteCounts`."""

    pages: int
    """How many pages were seen."""
    said: Mapping[bytes, Evidence]
    """By the hash of a text what is said of it."""
    digest: str
    """16 hexadecimal digits that change with what is said."""

    def speak(self, blocks: Sequence[Block]) -> list[Evidence | None]:
        """For each block what the memory says: ``site:14-of-15-pages``; None where it says nothing."""
        said = self.said
        return [
            said.get(_name(block.text, block.path[-3:])) if len(block.text) <= _MOST_CHARS else None for block in blocks
        ]


def page_marks(blocks: Sequence[Block], verdicts: Sequence[Verdict] = ()) -> bytes:
    """What is remembered of one page, packed; the same page gives the same bytes.

    ``verdicts``, one a block: what became of them. What a memory has changed in these counts as if it was not there.
    """
    kept = [v.block for v in verdicts if _is_kept(v)]
    last = set(kept[-min(_LAST, len(kept) // 2) :]) if len(kept) > 1 else set()
    aside = {v.block for v in verdicts if v.decision == "aside"}
    own = set(kept)
    marks: dict[bytes, tuple[int, int]] = {}
    for block in blocks:
        if len(block.text) > _MOST_CHARS:
            continue
        name = _name(block.text, block.path[-3:])
        if not name:
            continue
        flags, digits = _seen_in(block.text)
        index = block.index
        flags |= _IS_KEPT if index in own else _IS_ASIDE if index in aside else 0
        if index in last:
            flags |= _IS_LAST
        if block.level:
            flags |= _IS_HEADING
        if block.link_chars >= _LINKED * len(block.text):
            flags = (flags | _IS_LINKED) & ~_IS_SENTENCE
        if block.level or block.kind == "cell":
            flags &= ~_MAY_COUNT
        known = marks.get(name)
        marks[name] = (flags, digits) if known is None else (flags | known[0] | _IS_MANY, known[1])
    chosen = sorted(marks.items())[:_MOST_MARKS]
    return _LAYOUT + b"".join([_MARK.pack(name, *values) for name, values in chosen])


class SiteCounts:
    """Counts over pages of one site, in the making."""

    MOST_PAGES: ClassVar[int] = 100
    """Pages of a site that are learned from: more would teach nothing new."""

    def __init__(self) -> None:
        self.pages = 0
        self._seen: dict[bytes, list[tuple[int, int]]] = {}

    @property
    def is_full(self) -> bool:
        """Whether further pages are not counted."""
        return self.pages >= self.MOST_PAGES

    def add(self, blocks: Sequence[Block], verdicts: Sequence[Verdict] = ()) -> None:
        """Count one page. See :func:`page_marks`."""
        self.add_marks(page_marks(blocks, verdicts))

    def add_marks(self, marks: bytes) -> None:
        """Count the page of these marks; nothing where they are in another version's layout."""
        if self.is_full or not marks.startswith(_LAYOUT) or (len(marks) - 1) % _MARK.size:
            return
        self.pages += 1
        for name, flags, digits in _MARK.iter_unpack(memoryview(marks)[1:]):
            self._seen.setdefault(name, []).append((flags, digits))

    def memory(self) -> SiteMemory | None:
        """What may be said now; None where too little was seen."""
        if self.pages < LEAST_PAGES:
            return None
        least = max(_LEAST_SEEN, _LEAST_SHARE * self.pages)
        often = sorted((-len(seen), name) for name, seen in self._seen.items() if len(seen) >= least)
        said: dict[bytes, Evidence] = {}
        for _, name in often:
            voice = _voice(self._seen[name], self.pages)
            if voice is not None and len(said) < _MOST_SAID:
                said[name] = voice
        if not said:
            return None
        told = repr([(name, e.source, e.label, e.weight) for name, e in sorted(said.items())])
        return SiteMemory(self.pages, said, blake2b(told.encode(), digest_size=8).hexdigest())


def pages_of(marks: Iterable[bytes]) -> SiteCounts:
    """The counts over pages, each by its marks."""
    counts = SiteCounts()
    for page in marks:
        counts.add_marks(page)
    return counts


def _voice(seen: Sequence[tuple[int, int]], pages: int) -> Evidence | None:
    """What is said of a text that so many pages of the site have; None where it may be the articles' own."""
    count = len(seen)

    def mostly(flag: int) -> bool:
        return 2 * sum(1 for flags, _ in seen if flags & flag) > count

    kept = sum(1 for flags, _ in seen if flags & _IS_KEPT) / count
    label, weight = "navigation" if mostly(_IS_LINKED) else "promo", 0.0
    if mostly(_IS_ASIDE):
        return None
    if mostly(_MAY_COUNT) and not mostly(_IS_MANY) and _varies(seen):
        label, weight = "counter", _COUNTER
    elif kept < 0.5:
        weight = (_SENTENCE if mostly(_IS_SENTENCE) else _SHORT) * (1 - kept)
    elif not (mostly(_IS_LAST) or mostly(_IS_HEADING) or mostly(_IS_MANY)):
        # what ends a body, or heads its parts, belongs to each article
        weight = _KEPT_SENTENCE if mostly(_IS_SENTENCE) else _KEPT_SHORT
    if not weight:
        return None
    return Evidence(source=f"site:{count}-of-{pages}-pages", label=label, weight=round(weight * count / pages, 2))


def _varies(seen: Sequence[tuple[int, int]]) -> bool:
    """Whether the numbers of a text differ from page to page; a year, or a telephone's number, does not."""
    return len({digits for _, digits in seen}) >= max(2, min(_SURELY_VARIES, len(seen) / 2))


def _is_kept(verdict: Verdict) -> bool:
    """Whether the page by itself keeps the block."""
    if verdict.decision == "keep":
        return True
    evidence = verdict.evidence
    if verdict.decision == "aside" or not any(e.source.startswith("site:") for e in evidence):
        return False
    if any(e.weight <= _SETTLED and not e.source.startswith("site:") for e in evidence):
        return False
    return sum(e.weight for e in evidence if e.source == "classifier" or e.source.startswith(_HEARD)) > _BIAS


@lru_cache(maxsize=8_000)
def _name(text: str, steps: tuple[str, ...]) -> bytes:
    """The hash of a text in its place; empty for a text that is too short or too long."""
    plain = _masked(text).encode("utf-8", "surrogatepass")
    if not _LEAST <= len(plain) <= _MOST:
        return b""
    return blake2b(plain + _place(steps), digest_size=8).digest()


def _masked(text: str) -> str:
    """The letters of a text as they are compared, a single 0 for each run of digits."""
    # in ASCII one pass does what the general form needs four for
    letters = text.translate(_ASCII) if text.isascii() else _DIGITS.sub("0", key(text))
    return _ZEROS.sub("0", letters) if "00" in letters else letters


def _seen_in(text: str) -> tuple[int, int]:
    """The flags that follow from a text, and the byte of its numbers."""
    size = len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
    flags = digits = 0
    if size <= _COUNTER_BYTES and text.count(" ") < _COUNTER_WORDS and _DIGITS.search(text):
        found = _DIGITS.findall(key(text))
        digits = blake2b(" ".join(found).encode(), digest_size=1).digest()[0]
        flags = _MAY_COUNT if len(found) <= _COUNTER_NUMBERS else 0
    if size >= _LONG_BYTES or (size >= _SENTENCE_BYTES and ends_sentence(text)):
        flags |= _IS_SENTENCE
    return flags, digits


@lru_cache(maxsize=4_000)
def _place(steps: tuple[str, ...]) -> bytes:
    """Where a text stands: its element with its classes, and the tags of the two around it, whose classes often name
    the page's subject."""
    own = _DIGITS.sub("0", _ID.sub("", steps[-1])) if steps else ""
    around = [step.partition(".")[0].partition("#")[0] for step in steps[:-1]]
    return "\n".join(["", *around, own]).encode("utf-8", "surrogatepass")
