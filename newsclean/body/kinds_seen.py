"""What is looked at to tell what a page is: its blocks with their verdicts, and what stands outside of them."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import unquote, urlsplit

from lxml.etree import _Element

from newsclean.body.kinds_words import DENSE, flat, is_title, kind_words, said
from newsclean.metadata import Metadata
from newsclean.model import Block, Verdict
from newsclean.page import Page

LEAST_PROSE = 60
"""Characters of a paragraph; shorter ones are labels and prompts."""
LEAST_TITLE = 20
"""Characters of a link from which it is the title of another page."""
LONG = 200
"""Characters of a paragraph that walls do not have."""
_LINKED = 0.8
_DENSE = 2
"""What a character counts where each is a word or a syllable."""
_DENSE_SHARE = 0.3
_SAMPLE = 2_000
"""Characters of a page in which such characters are counted."""
_MOST_READ = 120
"""Blocks in which phrases are looked for, from the first; a page of a kind that phrases tell is short."""
_LONGEST = 700
"""Characters of a block in which they are looked for."""
_HEADINGS = 6
_LEVEL = 3
_LEAST_CARD, _MOST_CARD = 40, 400
"""Characters of a teaser."""
_CARD_REACH = 2
"""Blocks before a teaser in which its title stands: a date or a name may be between them."""
_INLINE = 3_000
"""Characters of a script that are looked at."""
_MOST_MARKS = 200_000
_SEEN = ("meta", "title", "script", "input")
_MARKED = ("script", "iframe", "form", "img")
_PARTS = re.compile(r"\s+[|•·–—»›>~-]\s+|\s*[|｜]\s*")
_TYPE = re.compile(r'"@type"\s*+:\s*+(?:\[\s*+)?+"(?:https?://schema\.org/)?+(\w{1,40})"')
_MOST_DATA = 500_000
"""Characters of a script of data in which types are looked for."""
_TIME = re.compile(r"(?:[01]?\d|2[0-3])\s?[:.h]\s?[0-5]\d(?!\d)")
_LAST_SIGNS = ("…", "...", "[…]", "[...]")


@dataclass(slots=True)
class Outside:
    """What stands outside of the blocks."""

    title: str = ""
    metas: dict[str, str] = field(default_factory=dict)
    """The first content of each meta element, by lower-case name."""
    types: set[str] = field(default_factory=set)
    """What the page's structured data name."""
    passwords: int = 0
    scripts: int = 0


def outside_of(tree: _Element) -> Outside:
    """One pass over the elements that tell something; the tree is only read."""
    found = Outside()
    for element in tree.iter(*_SEEN):
        tag = element.tag
        if tag == "meta":
            name = element.get("property") or element.get("name") or element.get("http-equiv")
            content = element.get("content")
            if name and content:
                found.metas.setdefault(name.strip().lower(), " ".join(content[:1000].split()))
        elif tag == "title":
            parent = element.getparent()
            if not found.title and parent is not None and parent.tag in ("head", "html", "body"):
                found.title = " ".join("".join(map(str, element.itertext()))[:1000].split())
        elif tag == "input":
            found.passwords += (element.get("type") or "").lower() == "password"
        else:
            found.scripts += 1
            if element.text and "ld+json" in (element.get("type") or ""):
                found.types.update(_TYPE.findall(element.text[:_MOST_DATA]))
    return found


def _marks_of(tree: _Element) -> str:
    """Addresses of scripts, frames, forms and images, and the heads of scripts, in lower case."""
    marks: list[str] = []
    left = _MOST_MARKS
    for element in tree.iter(*_MARKED):
        inline = element.text or "" if element.tag == "script" else ""
        marks.append(f"{element.get('src') or element.get('action') or ''} {inline[:_INLINE]}"[:left])
        left -= len(marks[-1])
        if not left:
            break
    return "\n".join(marks).lower()


@dataclass
class Seen:
    """What one page shows, counted. All sizes are characters; those of Chinese, Japanese and Korean count twice."""

    page: Page
    verdicts: Sequence[Verdict]
    metadata: Metadata
    status: int
    unit: int = 1
    """What a character counts."""
    kept: int = 0
    """Kept text outside of links."""
    prose: int = 0
    """Kept paragraphs that are no labels."""
    longest: int = 0
    long: int = 0
    """How many kept paragraphs are longer than those of walls."""
    refused: Counter[str] = field(default_factory=Counter)
    """What was dropped, by label."""
    consent: int = 0
    notices: int = 0
    """How many blocks speak of consent; ``consent`` is their size."""
    titles: int = 0
    """How many blocks are links with the title of another page."""
    cards: int = 0
    """How many kept paragraphs stand right behind such a title; ``card_chars`` is their size."""
    card_chars: int = 0
    captions: int = 0
    caption_chars: int = 0
    standfirst: int = 0
    after_paywall: int = 0
    """Kept prose behind the last prompt to subscribe."""
    has_paywall: bool = False
    is_cut: bool = False
    """Whether the last kept paragraph ends in dots."""

    @cached_property
    def outside(self) -> Outside:
        """What stands outside of the blocks."""
        return outside_of(self.page.tree)

    @property
    def declared(self) -> bool:
        """Whether the page declares itself an article."""
        return self.metadata.declared

    @property
    def is_signed(self) -> bool:
        """Whether it names an author and a day."""
        return bool(self.metadata.values.get("authors") and self.metadata.values.get("date_published"))

    @cached_property
    def title_parts(self) -> list[str]:
        """The parts of the page's title, flat; first the whole of it."""
        whole = self.outside.title
        return list(dict.fromkeys(part for text in (whole, *_PARTS.split(whole)) if (part := flat(text))))

    @cached_property
    def headings(self) -> list[str]:
        """The first headings, flat: those of the first level where there are any, since others are those of boxes, of
        a login that waits for a click, of a search that found nothing."""
        found = [b for b in self.page.blocks if b.kind == "heading" and b.level <= _LEVEL and not b.hidden]
        found = [block for block in found if block.level == 1] or found
        return [flat(block.text[:_LONGEST]) for block in found[:_HEADINGS]]

    @cached_property
    def texts(self) -> list[tuple[int, str]]:
        """The first blocks that are not too long, flat, by their number."""
        shown = [b for b in self.page.blocks if not b.menu and not b.hidden][:_MOST_READ]
        return [(block.index, flat(block.text)) for block in shown if len(block.text) <= _LONGEST]

    @cached_property
    def address(self) -> list[str]:
        """The words of the page's address between slashes, in lower case; none where it came without."""
        try:
            path = urlsplit(self.page.url or "").path
        except ValueError:
            return []
        return [step for step in unquote(path).lower().split("/") if step]

    @cached_property
    def _marks(self) -> str:
        return _marks_of(self.page.tree)

    @cached_property
    def times(self) -> int:
        """How many blocks begin with a time of day."""
        return sum(_TIME.match(block.text) is not None for block in self.page.blocks)

    @property
    def is_front(self) -> bool:
        """Whether it has the address of a front page."""
        url = self.page.url
        return bool(url) and not self.address and "?" not in (url or "")

    def named(self, kind: str) -> bool:
        """Whether a step of the address is a name of the kind."""
        return not kind_words(kind).names.isdisjoint(self.address)

    def typed(self, kind: str) -> bool:
        """Whether the page's data have a type of the kind."""
        types = kind_words(kind).types
        # most pages name none of them anywhere, and their elements need not be gone through
        return any(name in self.page.html for name in types) and not types.isdisjoint(self.outside.types)

    def titled(self, kind: str) -> str:
        """The part of the title that is one of the kind's; empty where none is."""
        return next((part.strip() for part in self.title_parts if is_title(kind, part)), "")

    def headed(self, kind: str) -> str:
        """The heading that is one of the kind's; empty where none is."""
        return next((text.strip() for text in self.headings if is_title(kind, text)), "")

    def said(self, kind: str) -> dict[int, list[str]]:
        """What blocks say of the kind's phrases, by their number; -1 is the title."""
        whole = self.title_parts[:1]
        found = {index: said(kind, text) for index, text in [*((-1, text) for text in whole), *self.texts]}
        return {index: phrases for index, phrases in found.items() if phrases}

    def marked(self, kind: str) -> str:
        """The first mark of the kind in the page's scripts; empty where there is none."""
        return next((mark for mark in kind_words(kind).marks if mark in self._marks), "")

    def prose_without(self, blocks: dict[int, list[str]]) -> tuple[int, int]:
        """Kept prose outside of those blocks, and how many of its paragraphs are long."""
        size = long = 0
        for block, verdict in zip(self.page.blocks, self.verdicts, strict=True):
            if self.is_prose(block, verdict) and block.index not in blocks:
                size += self.unit * len(block.text)
                long += self.unit * len(block.text) >= LONG
        return size, long

    def is_prose(self, block: Block, verdict: Verdict) -> bool:
        """Whether a block is a kept paragraph."""
        size = len(block.text)
        return verdict.decision == "keep" and self.unit * size >= LEAST_PROSE and block.link_chars < _LINKED * size


def seen(page: Page, verdicts: Sequence[Verdict], metadata: Metadata, status: int) -> Seen:
    """Count what a page shows."""
    found = Seen(page, verdicts, metadata, status, _unit(page.blocks))
    last_title = -_CARD_REACH - 1
    for block, verdict in zip(page.blocks, verdicts, strict=True):
        size = found.unit * len(block.text)
        linked = block.link_chars > _LINKED * len(block.text)
        if verdict.decision == "keep":
            found.kept += size - found.unit * block.link_chars
            found.longest = max(found.longest, size)
            if found.is_prose(block, verdict):
                found.prose += size
                found.long += size >= LONG
                found.after_paywall += size
                found.is_cut = block.text.endswith(_LAST_SIGNS)
            if _LEAST_CARD <= size <= _MOST_CARD and not linked and block.index - last_title <= _CARD_REACH:
                found.cards += 1
                found.card_chars += size
        elif verdict.decision == "drop":
            found.refused[verdict.label] += size
            if verdict.label == "paywall" and not block.hidden and not block.menu:
                found.has_paywall = True
                found.after_paywall = 0
        elif verdict.label == "caption":
            found.captions += 1
            found.caption_chars += size
        elif verdict.label == "standfirst":
            found.standfirst += size
        if size >= LEAST_TITLE and linked:
            found.titles += 1
            last_title = block.index
        if any(e.label == "consent" for e in verdict.evidence):
            found.consent += size
            found.notices += 1
    return found


def _unit(blocks: Sequence[Block]) -> int:
    sample = ""
    for block in blocks:
        if not block.text.isascii():
            sample += block.text
        if len(sample) > _SAMPLE:
            break
    return _DENSE if len(DENSE.findall(sample)) > _DENSE_SHARE * max(_SAMPLE // 10, len(sample)) else 1
