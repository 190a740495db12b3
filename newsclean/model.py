"""The frozen types that the stages hand to each other. They hold data; the stages hold the behaviour.

Those of which a page has hundreds are msgspec's, which are made in a fifth of the time of dataclasses.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import msgspec

from newsclean.errors import (
    EmptyPageError,
    NewscleanError,
    NotAnArticleError,
    NotHtmlError,
    PageError,
    PageTooLargeError,
)

Kind = Literal["heading", "paragraph", "item", "quote", "caption", "cell"]
Decision = Literal["keep", "aside", "drop"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRef:
    """Where a record lies: enough to read it back without an index."""

    file: str
    """File name, relative to the archive's ``warc/`` folder; for other people's files the path as it was given."""
    offset: int
    """First byte of the record's gzip member (or of the record itself in a plain file)."""
    length: int
    """Bytes that the record takes in the file."""
    record_id: str
    """WARC-Record-ID, ``<urn:uuid:…>`` with its angle brackets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One archived exchange: what was asked, what the server sent, and where it is stored."""

    url: str
    """The URL that the input named, before any redirect; equals ``final_url`` where there was none."""
    final_url: str
    """The URL of this exchange (WARC-Target-URI)."""
    redirects: tuple[str, ...] = ()
    """URLs of the hops before this one, the first asked first."""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    """Header fields in their order and spelling, decoded as latin-1."""
    body: bytes = b""
    """The entity body: transfer coding removed, content coding (gzip, br) still on."""
    fetched_at: str = ""
    """WARC-Date: when the capture began, ISO 8601 in UTC; empty for a page that was only handed over."""
    payload_digest: str | None = None
    """``sha1:`` and Base32 over ``body``; absent where the source has none."""
    truncated: str | None = None
    """WARC-Truncated: ``length``, ``time`` or ``disconnect`` where the body was cut; absent where it is whole."""
    record: RecordRef | None = None
    """Absent for a page that is in no WARC file."""
    revisit_of: str | None = None
    """WARC-Record-ID of the response whose payload this is, where the record is a revisit; absent for a response."""

    def header(self, name: str) -> str | None:
        """The first field of that name, in any case; None where there is none."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


class Block(msgspec.Struct, frozen=True, kw_only=True, gc=False, eq=False):
    """The smallest unit of text that is judged."""

    index: int
    """Place on the page, from 0, in reading order."""
    text: str
    """Visible text, white space folded to single spaces."""
    path: tuple[str, ...] = ()
    """Tags from ``body`` down, each with its id and, after dots, its classes, role and the like:
    ``div#main.story.wide``."""
    kind: Kind = "paragraph"
    level: int = 0
    """1 to 6 for a heading, 0 otherwise."""
    link_chars: int = 0
    """How many characters of ``text`` are inside links."""
    hrefs: tuple[str, ...] = ()
    """Link targets inside the block, as written."""
    nodes: tuple[int, ...] = ()
    """A number for each element of ``path``, the same for the same element: blocks with a common prefix lie
    inside the same element."""
    hidden: bool = False
    """The page hides it by an attribute or an inline style."""
    menu: bool = False
    """It is inside of a nav or footer element; only known while the page is read."""
    mark: str = ""
    """What a site rule says of its element: ``body`` or ``strip``; only known while the page is read."""
    em_chars: int = 0
    """How many characters are emphasised or set small; only known while the page is read."""
    strong_chars: int = 0
    """How many characters are bold; only known while the page is read."""

    def __eq__(self, other: object) -> bool:
        """Whether all is the same but what is only known while a page is read."""
        return isinstance(other, Block) and self._said() == other._said()

    def __hash__(self) -> int:
        return hash((self.index, self.text))

    def _said(self) -> tuple[object, ...]:
        return (
            self.index,
            self.text,
            self.path,
            self.kind,
            self.level,
            self.link_chars,
            self.hrefs,
            self.nodes,
            self.hidden,
        )


class Evidence(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What one voice says about one block."""

    source: str
    """``rule:<rule id>``, ``engine:<name>``, ``structure:<what>``, ``section:<rule id>``, ``metadata:<field>``."""
    label: str
    """One of LABELS."""
    weight: float
    """Above 0 speaks for the block being article text, below 0 against; 1 is a clear word, 10 a verdict."""
    span: tuple[int, int] | None = None
    """The characters of the block that matched; absent where the voice is about the whole block."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What became of one block, and why."""

    block: int
    """Index of the block."""
    decision: Decision
    """``keep``: body. ``aside``: caption, standfirst, headline, byline: the user's choice. ``drop``: clutter."""
    label: str
    confidence: float
    """0 to 1: how far the evidence is from the border between keep and drop."""
    evidence: tuple[Evidence, ...] = ()
    text: str | None = None
    """What stays of the block's text where a rule cut something out of it; absent where the text is whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a metadata field comes from."""

    source: str
    """``json-ld``, ``meta:<name>``, ``html:<tag>``, ``html:lang``, ``url``, ``htmldate``, ``langid``, ``site-rule``,
    ``authors``, ``body``, ``block:<index>``."""
    raw: str
    """The value as the page has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article; the names are those of schema.org/NewsArticle in snake_case."""

    url: str | None
    """Final URL of the page; absent for a page that came without one."""
    headline: str | None = None
    alternative_headline: str | None = None
    """A second headline or kicker, where the page shows one."""
    description: str | None = None
    """The summary of the page's metadata."""
    authors: tuple[str, ...] = ()
    """Names without "by", in the page's order; empty where none is sure."""
    publisher: str | None = None
    section: str | None = None
    keywords: tuple[str, ...] = ()
    date_published: str | None = None
    """ISO 8601: date, or date and time to the minute or the second, as precise as the page gives it, with the offset
    where it gives one. Never after the capture."""
    date_modified: str | None = None
    """As ``date_published``; absent where the page names a day before that one."""
    in_language: str | None = None
    """BCP 47 primary language (``en``), by the text; by the page's own word where the text is too short."""
    canonical_url: str | None = None
    main_image: str | None = None
    """Absolute URL of the lead image."""
    is_accessible_for_free: bool | None = None
    """As the page's structured data says it; absent where it does not."""
    dateline: str | None = None
    """Place and date at the head of the text (``BEIRUT, Sept 23``), as they are printed, without agency and dash; they
    stay in ``body`` where the page has them in the text. Absent where there is none."""
    agency: str | None = None
    """News agency that the text is from, where the page names one: ``Reuters``; several are parted by ``/``."""
    word_count: int = 0
    """Words of ``body``; in scripts that write no spaces, every second character counts as one. 0 where nobody counted:
    for a text without a page, and in archives of older versions."""
    view_count: int | None = None
    """How often the article was read, as the page printed it when it was captured; absent where it prints none."""
    reading_minutes: int | None = None
    """How long reading takes, as the page prints it; absent where it prints none."""
    standfirst: str | None = None
    """The lead paragraph or teaser that the page shows above the body."""
    body: tuple[str, ...] = ()
    """The body's paragraphs, sub-headings, list items and quotes in order."""
    captions: tuple[str, ...] = ()
    """Captions and photo credits, which are not part of ``text``."""
    sources: Mapping[str, Source] = field(default_factory=dict)
    """For each field that has a value: the raw value and where it was found."""

    @property
    def text(self) -> str:
        """The standfirst and the body, one paragraph a line; no headline, byline or captions."""
        return "\n".join([self.standfirst, *self.body] if self.standfirst else self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """What made an extraction; the same versions and the same bytes give the same extraction."""

    newsclean: str
    rules: str
    """First 16 hexadecimal digits of the SHA-256 over the rule files."""
    engine: str
    """Body engine and its version: ``newsclean 1f3a…``."""
    settings: str
    """First 16 hexadecimal digits of the SHA-256 over the settings that touch extraction."""
    site: str = ""
    """Digest of what was remembered of the page's site; empty where nothing was heard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageKind:
    """What a page is, and what says so."""

    kind: str
    """Of an article: ``article``, ``live-blog``, ``video``, ``gallery``. Of others: ``index-page``, ``consent-wall``,
    ``paywall-stub``, ``login``, ``soft-404``, ``bot-challenge``, ``parked-domain``, ``empty-shell``."""
    confidence: float
    """0 to 1."""
    reasons: tuple[str, ...] = ()
    """What was seen, in plain words, the strongest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """One page, judged block by block. Made by :func:`newsclean.extract`."""

    outcome: str
    """``article``, ``not-article:<kind>``, or the code of the error that ended the extraction."""
    message: str = ""
    """Why it is no article; empty for one."""
    found: Article | None = None
    """The article; absent where ``outcome`` is not ``article``, but that the setting ``keep_all`` takes what is there
    from a page that is none. :attr:`article` raises where it is absent."""
    kind: PageKind | None = None
    """What the page is; absent where it could not be read, and for a text without a page."""
    blocks: tuple[Block, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    """One a block, in the same order."""
    diagnostics: tuple[str, ...] = ()
    """What was noticed on the way: a charset that lied, an engine that failed, a page that was cut."""
    versions: Versions
    record: RecordRef | None = None
    captured_at: str | None = None
    """WARC-Date of the capture; absent for a page that is in no WARC file."""

    @property
    def article(self) -> Article:
        """The article. Raises NotAnArticleError or a PageError, with the reason, where the page holds none."""
        if self.found is not None:
            return self.found
        message = self.message or f"no article: {self.outcome}"
        for error in (EmptyPageError, NotHtmlError, PageTooLargeError, PageError):
            if self.outcome == error.code:
                raise error(message)
        if self.outcome.startswith("not-article:"):
            raise NotAnArticleError(message, self.outcome.partition(":")[2])
        raise NewscleanError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one input ended. Every input has exactly one."""

    url: str
    """The input as it was given: a URL, or the text of a line that is none."""
    outcome: str
    """``article``, ``not-article:<kind>``, or an error's code."""
    origin: str = ""
    """Where the input came from: ``urls.txt:12``, ``-:3``, ``argument``."""
    status: int | None = None
    """HTTP status of the last exchange; absent where no answer came."""
    message: str = ""
    """Why, in one sentence; empty for an article."""
    record: RecordRef | None = None
    """The response that ended it; absent where no answer came."""
    article_id: int | None = None
    """Number of the article in the catalogue; absent where there is none. With ``keep_all``, a page that is no article
    has a number too."""
    revisit: bool = False
    """Whether the answer was one that the archive had already, so that only the visit was stored."""

    @property
    def ok(self) -> bool:
        """Whether the input became an article."""
        return self.outcome == "article"
