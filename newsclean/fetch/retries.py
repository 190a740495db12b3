"""Which failures may pass, and when to ask again: stamina's backoff, or as the server says."""

import logging
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC
from email.utils import parsedate_to_datetime

from newsclean.errors import (
    BadHttpError,
    ConnectError,
    DnsError,
    FetchError,
    FetchTimeoutError,
    HttpStatusError,
    ProxyError,
    RobotsError,
    TlsError,
)
from newsclean.exchange import Exchange, Fetch
from newsclean.settings import Settings

STATUSES = frozenset([408, 425, 429, 500, 502, 503, 504])
"""Answers that a server gives when it is unwell or busy."""
_TWICE = (DnsError, FetchTimeoutError)
"""Failures that seldom pass: asked for twice at most."""
_FIRST_WAIT = 1.0
_LONGEST_WAIT = 30.0
_JITTER = 1.0
"""Seconds, at random, on top of each wait, so that what failed together does not come again together."""

# stamina's warnings go where the user's logging sends them, not to stderr by default.
logging.getLogger("stamina").addHandler(logging.NullHandler())


class AgainError(Exception):
    """The attempt failed in a way that may pass. ``wait``: seconds that the server asks for; None for the backoff."""

    def __init__(self, fetch: Fetch, wait: float | None) -> None:
        super().__init__(fetch.url)
        self.fetch = fetch
        self.wait = wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt at a URL."""

    number: int
    made: AbstractContextManager[None]
    """In it the attempt is made; it takes the AgainError that leads to the next one."""
    settings: Settings
    began: float
    backoff: float

    def check(self, fetch: Fetch) -> Fetch:
        """What came, where it is final. Raises AgainError where it may be better the next time."""
        if not may_pass(fetch) or (self.number >= 2 and isinstance(fetch.error, _TWICE)):
            return fetch
        asked = retry_after(fetch.last)
        if asked is not None and asked > self.settings.max_retry_after:
            said = f"it asks to wait {asked:,.0f} s, longer than max_retry_after"
            return replace(fetch, error=_with(fetch.error, said))
        wait = max(asked or 0.0, self.backoff)
        if time.monotonic() - self.began + wait > self.settings.retry_time:
            return fetch
        raise AgainError(fetch, None if asked is None else wait)


async def attempts(settings: Settings, count: int, began: float, on_wait: Callable[[], None]) -> AsyncIterator[Attempt]:
    """Attempts, at most so many, with a wait between each two; ``on_wait`` is called before each wait.

    ``began``: when the first began, by the monotonic clock. It was made already, and only what came of it is checked:
    most fetches never come here.
    """
    import stamina

    def wait(problem: Exception) -> float | bool:
        if not isinstance(problem, AgainError):
            return False
        on_wait()
        return True if problem.wait is None else problem.wait + random.uniform(0, _JITTER)

    async for attempt in stamina.retry_context(
        on=wait, attempts=count, timeout=None, wait_initial=_FIRST_WAIT, wait_max=_LONGEST_WAIT, wait_jitter=_JITTER
    ):
        yield Attempt(
            number=attempt.num, made=attempt, settings=settings, began=began, backoff=float(attempt.next_wait)
        )


def may_pass(fetch: Fetch) -> bool:
    """Whether a fetch failed in a way that may pass."""
    error, last = fetch.error, fetch.last
    if isinstance(error, HttpStatusError):
        return error.status in STATUSES
    if isinstance(
        error, BadHttpError
    ):  # a message that broke off may come whole, one that is broken will not be mended
        return last is not None and last.truncated in ("disconnect", "time")
    if isinstance(error, FetchTimeoutError) and last is not None and last.request_bytes:
        return False  # the server has the request, and may still be at work on it
    return isinstance(error, FetchError) and error.transient and not isinstance(error, RobotsError)


def unreachable(fetch: Fetch) -> bool:
    """Whether the host could not be reached at all."""
    return isinstance(fetch.error, DnsError | ConnectError | TlsError | ProxyError)


def retry_after(exchange: Exchange | None) -> float | None:
    """Seconds that the answer asks to wait (RFC 9110, 10.2.3): given as such, or as a date. None where it does not."""
    value = ((exchange.header("Retry-After") if exchange else None) or "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:12])
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        return max(0.0, moment.timestamp() - time.time())
    except (ValueError, OverflowError, OSError):
        return None


def _with(error: Exception | None, said: str) -> FetchError:
    assert isinstance(error, FetchError)
    if isinstance(error, HttpStatusError):
        return HttpStatusError(f"{error}; {said}", error.status)
    return type(error)(f"{error}; {said}")
