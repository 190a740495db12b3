"""What the catalogue takes in and gives back. Frozen; the SQL stays inside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from newsclean.exchange import Earlier
from newsclean.model import Article, Capture, Extraction, RecordRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What became of the lines of a list."""

    new: int = 0
    """Inputs that the catalogue did not know."""
    known: int = 0
    """Duplicates inside the list, and inputs of earlier runs that are not fetched again; by canonical form."""
    bad: int = 0
    """Lines that are no http(s) URL, new ones only; each is an input with the outcome ``bad-url``."""
    again: int = 0
    """Inputs of earlier runs that were queued again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """An input that waits for its turn."""

    id: int
    url: str
    """As it was given."""
    host: str
    """Lower case, with the port where it is not the scheme's own."""
    earlier: Earlier | None = None
    """The latest whole page of it that is stored; absent where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """One input whose last exchange is over and on disk."""

    url: str
    """The input as it was given."""
    origin: str = ""
    """Where it came from; kept only for inputs that the catalogue does not know yet."""
    capture: Capture | None = None
    """What is stored of it; absent where no answer came. Its body is not looked at beyond its length."""
    outcome: str | None = None
    """An error's code; absent where the page waits for its extraction."""
    status: int | None = None
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A capture that was extracted."""

    capture_id: int
    record_id: str
    url: str
    """Final URL."""
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A capture that is stored and waits for its extraction."""

    capture_id: int
    url: str
    """The input's URL."""
    redirects: tuple[str, ...]
    record: RecordRef

    @classmethod
    def of(cls, capture_id: int, url: str, capture: Capture) -> Self:
        """The row of a capture that was just stored."""
        assert capture.record is not None
        return cls(capture_id=capture_id, url=url, redirects=capture.redirects, record=capture.record)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """An article of the archive."""

    id: int
    """Its number: the one of its capture. A rebuilt catalogue gives the same numbers."""
    url: str
    """The URL that the input named."""
    extraction: Extraction
    """With article, versions, record and capture time; without blocks and verdicts, which ``explain`` loads."""

    @property
    def article(self) -> Article:
        """The article itself."""
        return self.extraction.article


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """One article that a search found."""

    article_id: int
    url: str
    """Final URL of the page."""
    headline: str | None
    date_published: str | None
    in_language: str | None
    snippet: str
    """The stretch of the text with most of the words; ``…`` where it was cut."""
    spans: tuple[tuple[int, int], ...]
    """Where in the snippet the words stand."""
    rank: float
    """Okapi BM25 as SQLite gives it, headline words counting four times: the lower, the better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One article of a story that the archive has more than once."""

    id: int
    """The article's number: the latest version's."""
    url: str
    """Final URL of the page."""
    host: str
    headline: str | None
    date_published: str | None
    captured_at: str | None
    """When its input was first captured, ISO 8601 in UTC; absent where the WARC file does not say."""
    likeness: float
    """Share of the text that it has in common with the story's first article, or with the one that was asked for: an
    estimate of the Jaccard index of their shingles, 0 to 1, see :mod:`newsclean.near`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Articles that are copies of one text."""

    first: Copy
    """The one that was captured first, which need not be the one that was published first."""
    copies: tuple[Copy, ...]
    """The others, one or more, in the order of their first captures. One can be alike with another of them and less so
    with the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """What is in an archive, counted."""

    inputs: int
    waiting: int
    """Inputs without an outcome yet."""
    outcomes: Mapping[str, int]
    """By outcome, the most frequent first."""
    articles: int
    languages: Mapping[str, int]
    """Articles by language; ``""`` where it is unknown."""
    hosts: Mapping[str, int]
    """Articles by host."""
    days: Mapping[str, int]
    """Articles by day of publication, in order; ``""`` where it is unknown."""
    captures: int
    body_bytes: int
    """Bytes of the captured pages as they came, content coding on."""
    warc_files: Mapping[str, int] = field(default_factory=dict)
    """Bytes of each WARC file that the catalogue accounts for, by name."""
    catalogue_bytes: int = 0
    stories: int = 0
    """Stories that the archive has more than once, see :class:`Story`."""
    copies: int = 0
    """Articles that are copies of one that was captured earlier."""

    @property
    def warc_bytes(self) -> int:
        """Bytes of all WARC files."""
        return sum(self.warc_files.values())
