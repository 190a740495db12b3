"""Where stories are looked for, what is found there, and what is asked of the client for it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from newsclean.errors import NewscleanError
from newsclean.exchange import Fetch, Purpose
from newsclean.fetch.filters import Filters


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where to look for stories, and which of them to take."""

    feeds: tuple[str, ...] = ()
    """URLs of feeds."""
    sitemaps: tuple[str, ...] = ()
    """URLs of sitemaps and indexes of sitemaps."""
    hosts: tuple[str, ...] = ()
    """Hosts, ``news.example``, or URLs of home pages: their feeds and sitemaps are looked for."""
    filters: Filters = field(default_factory=Filters)

    def __bool__(self) -> bool:
        return bool(self.feeds or self.sitemaps or self.hosts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A story that a source names and the filters take."""

    url: str
    """Absolute http(s) URI."""
    origin: str
    """The document that names it: ``feed:https://…`` or ``sitemap:https://…``."""
    published: datetime | None = None
    """In UTC, see :class:`~newsclean.fetch.listed.Listed`."""
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A source that could not be had or read, or not all of it; what could be read was found all the same."""

    url: str
    """The feed or sitemap, or the host as it was given."""
    origin: str
    """``feed:…``, ``sitemap:…`` or ``discover:…``, and the same again."""
    error: NewscleanError


class Rules(Protocol):
    """What a host's robots.txt says."""

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The sitemaps that it names, as it has them."""

    @property
    def error(self) -> NewscleanError | None:
        """Why nothing may be asked for; None where the rules decide."""

    def allowed(self, url: str) -> bool:
        """Whether the URL may be asked for."""


class RobotsReader(Protocol):
    """What is asked of a client that only looks at robots.txt."""

    async def robots(self, url: str) -> Rules:
        """The rules of the URL's host."""


class Fetcher(RobotsReader, Protocol):
    """What is asked of a client that finds stories; newsclean's own has it."""

    async def fetch(self, url: str, *, purpose: Purpose = "page") -> Fetch:
        """Fetch a document. Never raises for what a server does: see ``Fetch.error``."""


OnFetch = Callable[[Fetch], Awaitable[None]]
"""Gets every feed, sitemap and home page that was fetched, one at a time."""
