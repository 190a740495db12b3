"""What a page is: an article of some kind, or one of the kinds of ``not-article``.

Precision goes first: a page that has an article beside a login, a notice about cookies or a prompt to subscribe is an
article. What speaks for a kind is added up; a page is of that kind where it is enough and there is no article.
"""

from collections.abc import Sequence

from newsclean.body.kinds_seen import LONG, Seen, seen
from newsclean.body.kinds_told import (
    INDEX_LINKS,
    LEAST_DECLARED,
    LEAST_STORY,
    LEAST_TEXT,
    MANY_LONG,
    Case,
    challenge,
    login,
    missing,
    parked,
)
from newsclean.body.kinds_words import kind_words
from newsclean.metadata import Metadata
from newsclean.model import PageKind, Verdict
from newsclean.page import Page

ARTICLE_KINDS = ("article", "live-blog", "video", "gallery")
_LEAST_INDEXED = 500
"""Characters of kept text that the teasers of a front page do not reach."""
_WALL_SHARE = 0.35
"""Share of a page's text about consent from which it is a wall, where the page is not declared an article."""
_MANY_NOTICES, _MANY_SHARE, _LEAST_WALLED = 5, 0.18, 2000
"""So many notices about consent make a wall of a page with little more than explanations of them: their share of its
characters, and how much prose an article has beside them."""
_LEAST_CARDS, _CARD_SHARE, _MOST_CARDS_SHARE = 5, 0.6, 0.85
"""Teasers of a list, and their share of its text: enough to speak for one, and almost all of it."""
_STUB = 700
"""Characters of prose that the part of an article before a prompt to subscribe does not exceed."""
_LITTLE = 600
"""Characters of text that a video or a gallery has at most."""
_CAPTIONS = 4
_TIMES = 4
"""Times of day at the heads of blocks that make a live blog of a page that is called one."""
_HINT = 2.0
"""What must speak for a kind of page without text: more than one phrase."""
_LEAST_SAID = 20
"""Characters of text, captions or description that a video or a gallery is told by."""


def kind_of_page(page: Page, verdicts: Sequence[Verdict], metadata: Metadata, status: int) -> PageKind:
    """What a page is. ``status``: the HTTP status with which it came."""
    found = seen(page, verdicts, metadata, status)
    if found.long < MANY_LONG or found.prose < 2 * LEAST_STORY:  # most pages are articles, and need not be read again
        told = max(
            (missing(found), challenge(found), parked(found), login(found)), key=lambda case: case.score - case.need
        )
        if told.is_made:
            return told.found()
        return _wall_or_list(found) or _article(found) or _little(found, told)
    return _wall_or_list(found) or _article(found) or _little(found)


def is_article(kind: PageKind) -> bool:
    """Whether a page of that kind holds an article."""
    return kind.kind in ARTICLE_KINDS


def message_of(kind: PageKind) -> str:
    """Why a page of that kind is no article, and what to do next, in one line."""
    return kind_words(kind.kind).message


def _wall_or_list(found: Seen) -> PageKind | None:
    """A wall of consent, the head of an article before a prompt to subscribe, or a list of articles."""
    little = not found.declared and found.prose < LEAST_STORY
    walled = (
        not found.declared and found.notices >= _MANY_NOTICES and found.prose < _LEAST_WALLED and found.longest < LONG
    )
    share = found.consent / max(1, found.kept + found.refused["consent"])
    if (little or walled) and share > (_MANY_SHARE if walled else _WALL_SHARE):
        return _wall(found, share)
    if (stub := _stub(found)).is_made:
        return stub.found()
    if little and found.titles >= INDEX_LINKS and found.kept < _LEAST_INDEXED and not _is_seen(found):
        return _kind("index-page", 0.8, f"{found.titles} links to other pages", f"{found.kept} characters of text")
    if (listed := _list(found)).is_made:
        return listed.found()
    return None


def _wall(found: Seen, share: float) -> PageKind:
    title = found.titled("consent-wall") or found.headed("consent-wall")
    reasons = [f"{share:.0%} of the text is about consent"]
    if title:
        reasons.append(f"a title says “{title}”")
    return _kind("consent-wall", min(0.99, 0.6 + share / 3 + 0.1 * bool(title)), *reasons)


def _stub(found: Seen) -> Case:
    """The head of an article, and a prompt to subscribe behind it."""
    case = Case("paywall-stub", need=3.0)
    if found.prose >= _STUB or found.long >= MANY_LONG or found.titles >= 3 * INDEX_LINKS:
        return case
    if found.has_paywall:
        case.add(1.0, "it asks to subscribe")
    said = found.said(case.kind)
    if said:
        case.add(1.5, f"the text says “{next(iter(said.values()))[0]}”")
    if not case.score:
        return case
    free = found.metadata.values.get("is_accessible_for_free")
    if free is False:
        case.add(1.5, "its data say that it is not free")
    elif free:
        case.add(-3.0, "its data say that it is free")
    if found.is_cut:
        case.add(1.0, "its text ends in dots")
    if found.has_paywall and found.after_paywall:
        case.add(-2.0, "there is text behind the prompt")
    if not found.has_paywall or (free is None and not found.is_cut and found.prose >= LEAST_DECLARED):
        case.add(-0.5, "nothing says that the text is cut")
    if found.prose < LEAST_DECLARED:
        case.add(0.5, "there is little text")
    return case


def _list(found: Seen) -> Case:
    """A list of articles with teasers."""
    case = Case("index-page", need=3.0)
    if found.declared or found.cards < _LEAST_CARDS or found.longest >= 2 * LONG or found.is_signed:
        return case
    share = found.card_chars / max(1, found.kept)
    if share < _CARD_SHARE:
        return case
    case.add(1.5 + (share >= _MOST_CARDS_SHARE), f"{found.cards} teasers behind links, {share:.0%} of the text")
    if found.is_front:
        case.add(1.0, "it is the front page of its host")
    if found.named(case.kind):
        case.add(1.0, "its address is that of a list")
    if found.typed(case.kind):
        case.add(1.0, "its data call it a list")
    return case


def _is_seen(found: Seen) -> bool:
    """Whether the page is a video or a gallery with something said about it."""
    told = found.kept + found.standfirst + found.caption_chars
    told += sum(map(len, found.metadata.descriptions[:1]))
    if told < _LEAST_SAID or found.is_front or not found.metadata.values.get("headline"):
        return False
    declared = found.outside.metas.get("og:type", "").lower().startswith("video")
    listed = found.typed("index-page")
    if declared or (found.typed("video") and not listed and (found.declared or found.named("video"))):
        return True
    return found.captions >= _CAPTIONS and (found.typed("gallery") or found.named("gallery") or found.declared)


def _article(found: Seen) -> PageKind | None:
    """An article of some kind; None where there is too little text for one."""
    prose = found.prose >= LEAST_TEXT or found.kept >= 4 * LEAST_TEXT
    if not (found.kept >= LEAST_TEXT and prose) and not _is_seen(found):
        return None
    reasons = [f"{found.prose} characters of prose"]
    if found.declared:
        reasons.append("its data call it an article")
    if found.is_signed:
        reasons.append("it names an author and a day")
    sure = min(0.99, 0.5 + 0.3 * min(1.0, found.prose / 1200) + 0.1 * found.declared + 0.1 * found.is_signed)
    kind = "article"
    if _is_live(found):
        kind = "live-blog"
        reasons.append("it is called a live blog")
    elif found.kept < _LITTLE and _is_seen(found):
        of_pictures = found.captions >= _CAPTIONS or (found.typed("gallery") and not found.typed("video"))
        kind = "gallery" if of_pictures else "video"
        reasons.append(
            f"{found.captions} captions" if of_pictures else "its data have a video, and there is little text"
        )
    elif found.captions >= _CAPTIONS and found.caption_chars > found.kept and _is_seen(found):
        kind = "gallery"
        reasons.append(f"{found.captions} captions are longer than the text")
    return _kind(kind, sure, *reasons)


def _is_live(found: Seen) -> bool:
    if found.typed("live-blog") and not found.typed("index-page"):
        return True
    named = any(word in step for step in found.address for word in kind_words("live-blog").names)
    called = named or (found.times >= _TIMES and -1 in found.said("live-blog"))
    return called and found.times >= _TIMES


def _little(found: Seen, told: Case | None = None) -> PageKind:
    """What a page with too little text is. ``told``: what its words speak for most, which need not be much, since there
    is no article to lose."""
    most = max(found.kept, found.refused["related"])
    if found.refused["consent"] > most:
        return _kind("consent-wall", 0.7, "most of the text is about consent")
    if found.refused["paywall"] > most:
        return _kind("paywall-stub", 0.7, "most of the text asks to subscribe")
    if told is not None and told.score >= _HINT:
        return told.found()
    if found.titles >= INDEX_LINKS:
        return _kind("index-page", 0.7, f"{found.titles} links to other pages", f"{found.kept} characters of text")
    reasons = [f"{found.kept} characters of text"]
    if found.outside.scripts:
        reasons.append(f"{found.outside.scripts} scripts")
    waits = next((of[0] for of in found.said("empty-shell").values()), "")
    if waits:
        reasons.append(f"the text says “{waits}”")
    return _kind("empty-shell", 0.6 + 0.2 * bool(waits) + 0.1 * (found.outside.scripts > 0), *reasons)


def _kind(kind: str, sure: float, *reasons: str) -> PageKind:
    return PageKind(kind=kind, confidence=round(sure, 2), reasons=reasons)
