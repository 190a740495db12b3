"""Kinds of pages that are told by their words: no page, a check for robots, a domain without a paper, a login."""

from dataclasses import dataclass, field

from newsclean.body.kinds_seen import Seen
from newsclean.model import PageKind

LEAST_TEXT = 100
"""Characters. Shorter kept text is no article: a caption, a label, an error message."""
LEAST_STORY = 600
"""Characters of prose that neither a front page's teasers nor the small print of a wall reach together."""
LEAST_DECLARED = 300
"""The same for a page that declares itself an article."""
MANY_LONG = 3
"""Long paragraphs that only an article has."""
INDEX_LINKS = 12
"""Linked titles outside of the kept text that a front page has and an empty shell has not."""
_FEW_LINKS = 10
_REFUSED_STATUS = frozenset((401, 403, 405, 429, 503))
_GONE_STATUS = frozenset((404, 410))


@dataclass(slots=True)
class Case:
    """What speaks for a kind."""

    kind: str
    need: float
    """What must come together."""
    score: float = 0.0
    reasons: list[tuple[float, str]] = field(default_factory=list)

    def add(self, weight: float, reason: str) -> None:
        """Something that speaks for it, or against it where the weight is below 0."""
        self.score += weight
        self.reasons.append((weight, reason))

    @property
    def is_made(self) -> bool:
        """Whether it is enough."""
        return self.score >= self.need

    def found(self) -> PageKind:
        """The kind that it makes."""
        reasons = [reason for weight, reason in sorted(self.reasons, key=lambda item: -item[0]) if weight > 0]
        sure = min(0.99, max(0.5, 0.6 + 0.1 * (self.score - self.need)))
        return PageKind(kind=self.kind, confidence=round(sure, 2), reasons=tuple(reasons))


def missing(found: Seen) -> Case:
    """A page that says that there is none."""
    case = Case("soft-404", need=3.0)
    title, heading = found.titled(case.kind), found.headed(case.kind)
    said = found.said(case.kind) if title or heading or found.prose < LEAST_STORY else {}
    _tell(case, title, heading, said)
    if found.status in _GONE_STATUS:
        case.add(2.0, f"the server's status is {found.status}")
    if not case.score:
        return case
    prose, long = found.prose_without(said)
    if found.address and found.address[-1].partition(".")[0] in ("404", "notfound", "not-found"):
        case.add(1.0, "its address is that of an error page")
    if "noindex" in found.outside.metas.get("robots", "").lower():
        case.add(0.5, "search engines are asked not to list it")
    if prose < LEAST_TEXT:
        case.add(1.0, "there is next to no other text")
    if long >= MANY_LONG or (found.declared and prose >= LEAST_DECLARED) or (found.is_signed and prose):
        case.add(-4.0, "there is an article")
    elif prose >= LEAST_STORY and not (title and heading):
        case.add(-2.0, "there is other text")
    return case


def challenge(found: Seen) -> Case:
    """A check for robots."""
    case = Case("bot-challenge", need=3.0)
    if found.prose >= LEAST_STORY:
        return case
    title, heading = found.titled(case.kind), found.headed(case.kind)
    said = found.said(case.kind)
    _tell(case, title, heading, said)
    if not case.score:
        return case
    prose, _ = found.prose_without(said)
    if mark := found.marked(case.kind):
        case.add(1.0, f"its scripts have {mark}")
    if found.status in _REFUSED_STATUS:
        case.add(1.5, f"the server's status is {found.status}")
    if found.titles < 2 and sum(len(block.hrefs) for block in found.page.blocks) < _FEW_LINKS:
        case.add(0.5, "there are hardly any links")
    if prose < LEAST_TEXT:
        case.add(0.5, "there is next to no other text")
    if prose >= LEAST_DECLARED or (found.declared and prose >= LEAST_TEXT) or found.titles >= INDEX_LINKS:
        case.add(-4.0, "there is other text")
    return case


def parked(found: Seen) -> Case:
    """A domain without a paper."""
    case = Case("parked-domain", need=2.5)
    if found.prose >= LEAST_STORY or found.declared:
        return case
    title, heading = found.titled(case.kind), found.headed(case.kind)
    said = found.said(case.kind)
    _tell(case, title, heading, said)
    if mark := found.marked(case.kind):
        case.add(2.0, f"its scripts have {mark}")
    if not case.score:
        return case
    prose, _ = found.prose_without(said)
    if found.is_front:
        case.add(0.5, "it is the front page of its host")
    if prose < LEAST_TEXT:
        case.add(0.5, "there is next to no other text")
    if prose >= LEAST_DECLARED or found.is_signed:
        case.add(-3.0, "there is other text")
    return case


def login(found: Seen) -> Case:
    """A form to log in."""
    case = Case("login", need=3.5)
    title, heading = found.titled(case.kind), found.headed(case.kind)
    if found.long >= MANY_LONG or (not title and not heading and not found.outside.passwords):
        return case
    said = found.said(case.kind)
    _tell(case, title, heading, said)
    if found.outside.passwords:
        case.add(1.5, "it asks for a password")
    if found.address and any(word in step for step in found.address for word in ("login", "signin", "sign-in")):
        case.add(1.0, "its address is that of a login")
    if "noindex" in found.outside.metas.get("robots", "").lower():
        case.add(0.5, "search engines are asked not to list it")
    prose, _ = found.prose_without(said)
    if found.is_signed or (found.declared and prose >= LEAST_TEXT) or prose >= LEAST_STORY:
        case.add(-4.0, "there is an article")
    elif not title and not heading and (prose or found.has_paywall or found.titles >= INDEX_LINKS):
        case.add(-3.0, "there is more than the form")
    elif not found.outside.passwords and not said:
        case.add(-2.0, "nothing asks for a name or a password")
    return case


def _tell(case: Case, title: str, heading: str, said: dict[int, list[str]]) -> None:
    """Add what the words of a page tell."""
    if title:
        case.add(2.0, f"the title says “{title}”")
    if heading:
        case.add(1.5, f"a heading says “{heading}”")
    phrases = list(dict.fromkeys(phrase for of in said.values() for phrase in of))
    for phrase, weight in zip(phrases, (1.5, 1.0, 0.5), strict=False):
        case.add(weight, f"the text says “{phrase}”")
