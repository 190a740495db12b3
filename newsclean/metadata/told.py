"""All that a page says of each field, and what came of it: the answer to "why this author, why this date?"."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from newsclean.metadata.fields import read_candidates
from newsclean.model import Article
from newsclean.page import Page

_NO_SOURCE = frozenset(("url", "body", "captions", "sources"))
"""Attributes of an article that no source is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One value that a source has for a field."""

    field: str
    """As Article names it."""
    source: str
    """As ``Source.source`` names it."""
    value: Any
    """The parsed value; absent where it is not believed."""
    raw: str
    """The value as the page has it."""
    chosen: bool
    """Whether it is the field's value in the article."""
    reason: str
    """Why it was not chosen, in a few words; empty for the chosen one."""


def told(page: Page, captured_at: str | None, article: Article | None) -> Iterator[Told]:
    """Everything that any source of a page has for each field, the surest source first. ``article``: what was made of
    it; None where the page is none, so that nothing is chosen.
    """
    candidates = read_candidates(page, captured_at)
    names = [name for name in Article.__dataclass_fields__ if name not in _NO_SOURCE]
    for name in names:
        final = article.sources.get(name) if article is not None else None
        value = getattr(article, name) if final is not None else None
        seen = False
        for found in dict.fromkeys(candidates.get(name, ())):
            chosen = (
                not seen
                and final is not None
                and found.value == value
                and (found.source, str(found.raw)) == (final.source, final.raw)
            )
            seen = seen or chosen
            yield Told(
                field=name,
                source=found.source,
                value=found.value,
                raw=str(found.raw),
                chosen=chosen,
                reason="" if chosen else found.refused or _reason(article, value, found.value),
            )
        if final is not None and not seen:
            yield Told(field=name, source=final.source, value=value, raw=final.raw, chosen=True, reason="")


def _reason(article: Article | None, value: Any, other: Any) -> str:
    """Why a believed value was not chosen."""
    if article is None:
        return "the page is no article"
    if value is None:
        return "before the publication"
    return "the same" if value == other else "a surer source says otherwise"
