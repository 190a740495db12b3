"""Two pages -> what is different: outcome, fields, paragraphs, each with the reason that the verdicts give."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from newsclean.diff.sides import ARTICLE, FIELDS, Page
from newsclean.model import Evidence, Extraction

State = Literal["unchanged", "changed", "gained", "lost"]
"""``gained``: an article on the second side only; ``lost``: on the first only."""
_MOST_ALIGNED = 1500
"""Paragraphs of a body above which they are compared as a heap: aligning takes time by the square of their number."""
_FIELD_SIZE = 40
"""Characters of text that a changed field counts as, where pages are sorted."""
UNKNOWN = "unknown"
"""Label of a paragraph of which neither side has a verdict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """A field that the sides have different values of; None where a side has none."""

    name: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph that one side has and the other has not."""

    mark: Literal["+", "-"]
    """``+`` on the second side only, ``-`` on the first only."""
    text: str
    label: str = UNKNOWN
    """What the side that leaves it out takes it for; ``unknown`` where that side has no verdicts."""
    source: str | None = None
    """The strongest voice against it on that side: ``rule:en.related-heading``; absent where that has none."""
    weight: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A page that the sides have otherwise."""

    url: str
    host: str
    state: State
    old_outcome: str | None
    """Absent where the first side does not have the page; so is ``new_outcome`` for the second."""
    new_outcome: str | None
    fields: tuple[FieldChange, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()

    @property
    def size(self) -> int:
        """How large the change is: characters of the paragraphs, and something for each field."""
        return sum(len(paragraph.text) for paragraph in self.paragraphs) + _FIELD_SIZE * len(self.fields)


def state_of(old: Page | None, new: Page | None) -> State:
    """How a page ended up."""
    was, is_ = (page is not None and page.outcome == ARTICLE for page in (old, new))
    if was != is_:
        return "gained" if is_ else "lost"
    if old is None or new is None:
        return "unchanged" if old is new else "changed"
    same = old.outcome == new.outcome and old.fields == new.fields and old.body == new.body
    return "unchanged" if same else "changed"


def changed_page(
    old: Page | None, new: Page | None, before: Extraction | None = None, after: Extraction | None = None
) -> Changed:
    """What is different. ``before``, ``after``: the verdicts of the sides, where they have any."""
    page = new or old
    assert page is not None
    was, is_ = (side.fields if side else {} for side in (old, new))
    fields = tuple(
        FieldChange(name=name, old=was.get(name), new=is_.get(name))
        for name in FIELDS
        if was.get(name) != is_.get(name)
    )
    lines = _lines(old.body if old else (), new.body if new else ())
    without = {"-": _reasons(after), "+": _reasons(before)}
    return Changed(
        url=page.url,
        host=page.host,
        state=state_of(old, new),
        old_outcome=old.outcome if old else None,
        new_outcome=new.outcome if new else None,
        fields=fields if old and new and old.outcome == new.outcome else (),
        paragraphs=tuple(_paragraph(mark, text, without[mark]) for mark, text in lines),
    )


def _lines(old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[tuple[Literal["+", "-"], str]]:
    if max(len(old), len(new)) > _MOST_ALIGNED:
        was, is_ = Counter(old), Counter(new)
        yield from (("-", text) for text in (was - is_).elements())
        yield from (("+", text) for text in (is_ - was).elements())
        return
    for kind, first, behind, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            yield from (("-", text) for text in old[first:behind])
            yield from (("+", text) for text in new[start:end])


_Reason = tuple[str, Evidence | None]


def _reasons(extraction: Extraction | None) -> dict[str, _Reason]:
    """For each text of a page that is not kept: its label and the strongest voice against it."""
    if extraction is None:
        return {}
    found: dict[str, _Reason] = {}
    for block, verdict in zip(extraction.blocks, extraction.verdicts, strict=False):
        if verdict.decision != "keep":
            against = [voice for voice in verdict.evidence if voice.weight < 0]
            found[block.text] = verdict.label, min(against, key=lambda voice: voice.weight, default=None)
        for voice in verdict.evidence if verdict.text is not None else ():
            if voice.span is not None:  # cut out of a block that is kept
                found.setdefault(block.text, (voice.label, voice))
    return found


def _paragraph(mark: Literal["+", "-"], text: str, reasons: dict[str, _Reason]) -> Paragraph:
    label, voice = reasons.get(text, (UNKNOWN, None))
    if voice is None:
        return Paragraph(mark=mark, text=text, label=label)
    return Paragraph(mark=mark, text=text, label=label, source=voice.source, weight=voice.weight)
