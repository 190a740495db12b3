"""robots.txt by RFC 9309: what a host allows, as protego reads it."""

import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from newsclean.codings import undo_codings
from newsclean.errors import (
    FetchError,
    HttpStatusError,
    NewscleanError,
    PageError,
    RedirectError,
    RobotsUnavailableError,
    TooLargeError,
)
from newsclean.exchange import Fetch

MAX_BYTES = 512 * 1024
"""Bytes of a robots.txt that are read; the standard (2.5) asks for 500 kibibytes at least."""
MAX_REDIRECTS = 5
"""Hops that are followed (2.3.1.2)."""
_MAX_DECODED = 16 * MAX_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Robots:
    """The rules of one host for one crawler."""

    crawl_delay: float | None = None
    """Seconds between two requests that the host asks for; absent where it does not."""
    sitemaps: tuple[str, ...] = ()
    """URLs of its sitemaps, as it has them."""
    error: NewscleanError | None = None
    """Why nothing is allowed; absent where the rules decide."""
    packed: bytes = b""
    """The text, packed: parsed, it takes many times as much. Empty where everything is allowed."""
    agent: str = ""
    """The crawler that they are for."""

    def allowed(self, url: str) -> bool:
        """Whether the URL may be asked for."""
        if self.error or not self.packed:
            return self.error is None
        rules = _small(self.packed) if len(self.packed) <= _SMALL else _large(self.packed)
        return bool(rules.can_fetch(url, self.agent))


_SMALL = 8 * 1024
"""Bytes of a packed robots.txt that is like most."""


@lru_cache(maxsize=512)
def _small(packed: bytes) -> Any:
    return _parsed(zlib.decompress(packed))


@lru_cache(maxsize=4)
def _large(packed: bytes) -> Any:
    return _parsed(zlib.decompress(packed))


def _parsed(text: bytes) -> Any:
    from protego import Protego

    return Protego.parse(text.decode())


def read_robots(fetch: Fetch, user_agent: str) -> Robots:
    """The rules from what came for a robots.txt, for the product that the User-Agent names.

    4xx, a redirect that leads nowhere, and what is no text allow everything (2.3.1.3); 5xx forbids everything
    (2.3.1.4), and so does a host that cannot be reached: there, ``error`` is why.
    """
    error = fetch.error
    if isinstance(error, HttpStatusError) and error.status >= 500:
        said = f"{fetch.url}: the server answered {error.status}, which forbids everything"
        return Robots(error=RobotsUnavailableError(f"{said}; try again later, or use --ignore-robots"))
    if isinstance(error, FetchError) and not isinstance(error, HttpStatusError | RedirectError | TooLargeError):
        why = type(error)(f"{error} (asking for robots.txt)")
        return Robots(error=why)
    last = fetch.last
    if last is None or not last.answered or (error and not isinstance(error, TooLargeError)):
        return Robots()
    try:
        body = undo_codings(last.entity_body, last.header("Content-Encoding") or "", _MAX_DECODED, [])
    except PageError:
        return Robots()
    text = body[:MAX_BYTES].decode("utf-8", "replace").lstrip("\ufeff")
    if "\0" in text or not text.strip():
        return Robots()
    agent = user_agent.partition("/")[0].strip()
    packed = zlib.compress(text.encode())
    rules = _small(packed) if len(packed) <= _SMALL else _large(packed)
    delay = rules.crawl_delay(agent)
    return Robots(
        crawl_delay=float(delay) if delay is not None else None,
        sitemaps=tuple(rules.sitemaps),
        packed=packed,
        agent=agent,
    )
