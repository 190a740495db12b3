"""Which pages of a WARC file are extracted; the others are passed over, most of them unread."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from newsclean.bulk.schema import moment
from newsclean.errors import UsageError
from newsclean.model import Capture
from newsclean.urls import host_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is taken; an empty tuple or None takes all. By default answers of status 2xx that may be HTML."""

    hosts: tuple[str, ...] = ()
    """Host names; each with all below it: ``news.example`` takes ``www.news.example``, too."""
    languages: tuple[str, ...] = ()
    """BCP 47 primary languages (``en``); what is no article has none and is left out."""
    since: str | None = None
    """ISO 8601; captures before it are left out. A date means its first moment in UTC."""
    until: str | None = None
    """ISO 8601; captures from this moment on are left out."""
    statuses: tuple[int, ...] = ()
    """HTTP status codes."""
    mimes: tuple[str, ...] = ()
    """Media types, without parameters."""

    def __post_init__(self) -> None:
        for name in ("since", "until"):
            value = getattr(self, name)
            if value is not None and moment(value) is None:
                raise UsageError(f"{name}: no date {value!r}; write 2026-11-23 or 2026-11-23T10:00:00Z")

    def takes(self, capture: Capture) -> bool:
        """Whether a capture is extracted."""
        if capture.status not in self.statuses if self.statuses else not 200 <= capture.status < 300:
            return False
        kind = (capture.header("Content-Type") or "").partition(";")[0].strip().lower()
        if kind not in self.mimes if self.mimes else kind and "html" not in kind and "/" in kind:
            return False
        if self.hosts:
            host = host_of(capture.final_url).partition(":")[0]
            if not any(host == own or host.endswith(f".{own}") for own in self.hosts):
                return False
        if self.since is None and self.until is None:
            return True
        when = moment(capture.fetched_at)
        since, until = (moment(text) if text else None for text in (self.since, self.until))
        return when is not None and not (since and when < since) and not (until and when >= until)

    def keeps(self, record: Mapping[str, Any]) -> bool:
        """Whether a row is written, once it is known what is in it."""
        return not self.languages or record.get("in_language") in self.languages


ALL = Wanted()
"""Every answer of status 2xx that may be HTML."""
