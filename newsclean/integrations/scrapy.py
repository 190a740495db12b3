"""newsclean inside a Scrapy project: an item pipeline that makes article items of responses, and a downloader
middleware that keeps what the servers sent in a newsclean archive. Needs the extra ``scrapy``.

In the project's settings::

    ADDONS = {"newsclean.integrations.scrapy.Addon": 500}
    NEWSCLEAN_ARCHIVE = "my-archive"

Settings, all of them optional:

``NEWSCLEAN_ARCHIVE``
    Folder of the archive; without it, nothing is stored.
``NEWSCLEAN_FIELD``
    Field of an item that carries the response; ``response`` where it is not set.
``NEWSCLEAN_ARTICLES_ONLY``
    Whether items whose page is no article are dropped; they are not where it is not set.
``NEWSCLEAN_SETTINGS``
    Settings of newsclean by their names, such as ``{"focus": "precision"}``.
"""

import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from newsclean.errors import HttpStatusError, NewscleanError
from newsclean.exchange import Fetch, Purpose
from newsclean.extraction import extract_capture
from newsclean.integrations.recorder import Followed, Recorder
from newsclean.integrations.scrapy_exchange import exchange_of, failed_exchange, headers_of, is_followed
from newsclean.model import Article, Capture, RecordRef
from newsclean.settings import Settings
from newsclean.store import article_record
from newsclean.warc.compose import warc_date

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response
    from scrapy.settings import BaseSettings

PRIORITY = 950
"""Of the middleware: next to the downloader, behind Scrapy's HttpCompressionMiddleware (590), which takes the content
coding off, and behind those that complete the request (up to 900)."""
PIPELINE_PRIORITY = 300
"""Of the pipeline, in Scrapy's usual range from 0 to 1000."""

_RECORD = "newsclean_record"
"""Key of ``request.meta``: where the response is stored."""
_HEADERS_AT = "newsclean_headers_at"
"""Key of ``request.meta``: when the response's head was there, in seconds since 1970."""

logger = logging.getLogger(__name__)


class Addon:
    """Puts middleware and pipeline in their places: ``ADDONS = {"newsclean.integrations.scrapy.Addon": 500}``."""

    def update_settings(self, settings: "BaseSettings") -> None:
        """Called by Scrapy before a crawl. A place that the project's settings name stays."""
        from scrapy.utils.misc import load_object

        places = (
            ("DOWNLOADER_MIDDLEWARES", ArchiveMiddleware, PRIORITY),
            ("ITEM_PIPELINES", ArticlePipeline, PIPELINE_PRIORITY),
        )
        for name, component, priority in places:
            known = settings.getdict(name)
            if component not in map(load_object, known):
                settings.set(name, known | {component: priority}, settings.getpriority(name) or 0)


class ArticlePipeline:
    """Item pipeline: an item that carries a response becomes an article item.

    The item may be anything that Scrapy takes for one (dict, dataclass, attrs, ``scrapy.Item``); its field
    ``NEWSCLEAN_FIELD`` holds the response. An item without one passes unchanged. What comes out is what
    :func:`article_item` makes, with the item's other fields, which win where both have one.
    """

    def __init__(self, crawler: "Crawler") -> None:
        """Raises SettingsError for NEWSCLEAN_SETTINGS that are none."""
        self._crawler = crawler
        self._field = crawler.settings.get("NEWSCLEAN_FIELD") or "response"
        self._articles_only = crawler.settings.getbool("NEWSCLEAN_ARTICLES_ONLY")
        self._settings = _settings(crawler.settings)

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Called by Scrapy."""
        return cls(crawler)

    def process_item(self, item: Any, spider: "Spider | None" = None) -> Any:  # noqa: ARG002
        """Called by Scrapy for each item. Raises DropItem as ``NEWSCLEAN_ARTICLES_ONLY`` says."""
        from itemadapter import ItemAdapter
        from scrapy.exceptions import DropItem
        from scrapy.http import Response

        given = ItemAdapter(item)
        response = given.get(self._field)
        if not isinstance(response, Response):
            return item
        made = article_item(response, self._settings)
        if self._crawler.stats is not None:
            self._crawler.stats.inc_value(f"newsclean/outcome/{made['outcome']}")
        if self._articles_only and made["outcome"] != "article":
            raise DropItem(f"{response.url}: {made['outcome']}: {made['message']}")
        return made | {name: given[name] for name in given if name != self._field}


def article_item(response: "Response", settings: Settings | None = None) -> dict[str, Any]:
    """The article of a response, or why there is none, as a plain dict for Scrapy's feeds.

    Keys and values are those of the records of ``newsclean extract`` (docs/archive-format.md, "Article records"): the
    fields of :class:`newsclean.Article`, ``text``, ``outcome``, ``message``, ``record``, ``versions`` and so on. All
    keys are always there, so that CSV feeds have all columns: where ``outcome`` is not ``article``, those of the
    article are None, or empty where they are lists. ``record`` is None for a response that was not archived in this
    crawl; ``captured_at`` is then the moment of this call, by which dates such as "two hours ago" are read.
    """
    meta: Mapping[str, Any] = response.request.meta if response.request is not None else {}
    stored = meta.get(_RECORD) or {}
    capture = Capture(
        url=(meta.get("redirect_urls") or [response.url])[0],
        final_url=response.url,
        redirects=tuple(meta.get("redirect_urls") or ()),
        status=response.status,
        headers=headers_of(response.headers),
        body=response.body,
        fetched_at=stored.get("fetched_at") or warc_date(datetime.now(UTC)),
        record=RecordRef(**stored["record"]) if stored else None,
    )
    return _BLANK | article_record(extract_capture(capture, settings or Settings()), response.url)


_BLANK: dict[str, Any] = dict.fromkeys(
    ("schema_version", "url", "outcome", "message", "kind", "captured_at", "record", "versions", "diagnostics")
) | {
    field.name: [] if field.default == () else {} if field.name == "sources" else None
    for field in fields(Article)
    if field.name != "url"
}
_BLANK["text"] = None


class ArchiveMiddleware:
    """Downloader middleware: writes each exchange to the archive ``NEWSCLEAN_ARCHIVE``.

    Its place is :data:`PRIORITY`: there, the body still has its content coding, and redirects and robots.txt pass by.
    A request that failed is kept with its reason, one that robots.txt forbids, too. Answers of Scrapy's own cache are
    not stored again. Robots, delays and retries are Scrapy's.
    """

    def __init__(self, crawler: "Crawler") -> None:
        """Raises NotConfigured where no archive is named, SettingsError, and what Recorder raises."""
        from scrapy import signals
        from scrapy.exceptions import NotConfigured

        folder = crawler.settings.get("NEWSCLEAN_ARCHIVE")
        if not folder:
            raise NotConfigured("NEWSCLEAN_ARCHIVE names no folder: nothing is archived")
        self._crawler = crawler
        self._recorder = Recorder(folder, _settings(crawler.settings))
        crawler.signals.connect(self._on_headers, signals.headers_received)
        crawler.signals.connect(self._on_idle, signals.spider_idle)
        crawler.signals.connect(self._on_closed, signals.engine_stopped)

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Called by Scrapy."""
        return cls(crawler)

    def process_response(
        self,
        request: "Request",
        response: "Response",
        spider: "Spider | None" = None,  # noqa: ARG002
    ) -> "Response":
        """Store an exchange; called by Scrapy. The response goes on as it is."""
        request.meta.pop(_RECORD, None)
        if "cached" not in response.flags and response.url.startswith(("http://", "https://")):
            exchange = exchange_of(request, response, request.meta.pop(_HEADERS_AT, None))
            error = None
            if not 200 <= response.status < 300:
                error = HttpStatusError(f"{response.url}: the server answered {response.status}", response.status)
            purpose = _purpose(request, response, self._crawler)
            capture = self._store(Followed(exchanges=(exchange,), error=error, **_input(request, purpose)))
            if capture is not None and capture.record is not None:
                ref = capture.record
                request.meta[_RECORD] = {
                    "record": {field.name: getattr(ref, field.name) for field in fields(ref)},
                    "fetched_at": capture.fetched_at,
                }
        return response

    def process_exception(
        self,
        request: "Request",
        exception: Exception,
        spider: "Spider | None" = None,  # noqa: ARG002
    ) -> None:
        """Store that a request failed, and why; called by Scrapy."""
        request.meta.pop(_RECORD, None)
        exchange = failed_exchange(request, exception)
        if exchange is not None:
            self._store(
                Followed(exchanges=(exchange,), error=exchange.error, **_input(request, _purpose_asked(request)))
            )

    def _store(self, fetch: Fetch) -> Capture | None:
        """Write it. A disk that refuses ends the crawl: what would come could not be kept."""
        try:
            return self._recorder.add(fetch)
        except NewscleanError as problem:
            logger.error("newsclean: %s", problem)
            _end(self._crawler, problem.code)
            return None

    def _on_headers(self, request: "Request", **_: Any) -> None:
        request.meta[_HEADERS_AT] = datetime.now(UTC).timestamp()

    def _on_idle(self, **_: Any) -> None:
        with suppress(NewscleanError):  # it is said when the next exchange is stored, or at the end
            self._recorder.flush()

    def _on_closed(self, **_: Any) -> None:
        try:
            self._recorder.close()
        except NewscleanError as problem:
            logger.error("newsclean: %s", problem)
        else:
            folder = self._recorder.folder
            logger.info("newsclean: archived in %s; `newsclean archive -o %s` extracts its pages", folder, folder)


def _end(crawler: "Crawler", reason: str) -> None:
    """Let Scrapy close the spider."""
    from scrapy.utils.defer import deferred_from_coro

    engine = crawler.engine
    if engine is None or crawler.spider is None:
        return
    if hasattr(engine, "close_spider_async"):
        deferred_from_coro(engine.close_spider_async(reason=f"newsclean-{reason}"))
    else:  # Scrapy before 2.14
        engine.close_spider(crawler.spider, f"newsclean-{reason}")


def _settings(given: "BaseSettings") -> Settings:
    """newsclean's settings for a crawl; what the WARC files say of robots.txt and User-Agent is Scrapy's."""
    values = {
        "user_agent": given.get("USER_AGENT") or "Scrapy",
        "robots": "obey" if given.getbool("ROBOTSTXT_OBEY") else "ignore",
    }
    return Settings.load(flags=values | given.getdict("NEWSCLEAN_SETTINGS"))


def _input(request: "Request", purpose: Purpose) -> dict[str, Any]:
    """The input that a request answers, and the way to it."""
    hops = tuple(request.meta.get("redirect_urls") or ())
    return {"url": hops[0] if hops else request.url, "hops": hops, "purpose": purpose}


def _purpose(request: "Request", response: "Response", crawler: "Crawler") -> Purpose:
    """What an answer was for. One that is followed to another address, or says that the cache is still good, ends no
    input."""
    if response.status == 304 or is_followed(request, response, crawler):
        return "attempt"
    return _purpose_asked(request)


def _purpose_asked(request: "Request") -> Purpose:
    if request.url.partition("://")[2].partition("/")[2] == "robots.txt":
        return "robots"
    return "page" if request.method == "GET" else "attempt"
