"""One page -> Extraction: joins page, clutter, body and metadata. Pure: the same bytes, settings and rules give
the same answer; no clock is read and nothing is kept between calls but the loaded rules.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import cache

from newsclean.body import ENGINE_NAME, Hints, classifier_version, engine_version, judge_lines, judge_page
from newsclean.body.classifier import Classifier
from newsclean.body.columns import words_of
from newsclean.body.kinds import is_article, kind_of_page, message_of
from newsclean.body.tables import lines
from newsclean.clutter.evidence import RuleVoice
from newsclean.clutter.rules import load
from newsclean.clutter.site import SiteMemory
from newsclean.clutter.sites import SiteRule, site_fields, site_marks
from newsclean.errors import EmptyPageError, NewscleanError
from newsclean.metadata import Metadata, language_of, read_metadata
from newsclean.metadata.dates import not_before
from newsclean.metadata.printed import printed_facts
from newsclean.model import Article, Block, Capture, Extraction, Source, Verdict, Versions
from newsclean.page import Page, read_page
from newsclean.page.blocks import BODY, STRIP, blocks_of
from newsclean.page.islands import island_blocks
from newsclean.settings import Settings
from newsclean.urls import host_of
from newsclean.version import __version__

_NEWS = "NewsArticle"
"""schema.org's type, and the end of its kinds' names: ReportageNewsArticle and others."""
_MOST_HEADLINES = 8
"""Wordings of the headline that a block is compared with."""


def extract(html: bytes | str, url: str | None = None, settings: Settings | None = None) -> Extraction:
    """Judge one page. ``url`` is where it is from, for relative links and for finding its structured data.

    Never raises for what is on the page: ``outcome`` says how it ended, and ``article`` raises with the reason.
    Raises RulesError for a rule file of the settings that cannot be read.
    """
    body = html.encode("utf-8", "surrogatepass") if isinstance(html, str) else html
    headers = (("Content-Type", "text/html; charset=utf-8"),) if isinstance(html, str) else ()
    capture = Capture(url=url or "", final_url=url or "", headers=headers, body=body)
    return extract_capture(capture, settings or Settings())


def extract_capture(
    capture: Capture,
    settings: Settings,
    classifier: Classifier | None = None,
    *,
    site: SiteMemory | None = None,
    detail: bool = False,
) -> Extraction:
    """Judge the page of a capture. As :func:`extract`, with the record and the time that the capture has.

    ``classifier``: another one than newsclean brings, as cross-validation needs it. ``site``: what was seen on other
    pages of the site, heard where the setting ``site_memory`` is on. ``detail``: each verdict's evidence also says what
    the classifier looked at, which costs time.
    """
    if not settings.site_memory:
        site = None
    voice = _voice(settings.rules)
    blank = Extraction(
        outcome="page",
        versions=replace(_versions(settings, classifier), site=site.digest if site is not None else ""),
        record=capture.record,
        captured_at=capture.fetched_at or None,
    )
    try:
        page = read_page(capture, limit=settings.max_page_bytes, nodes=settings.max_page_nodes)
    except NewscleanError as problem:
        return replace(blank, outcome=problem.code, message=str(problem))
    notes = list(page.diagnostics)
    metadata = read_metadata(page, capture.fetched_at or None)
    sites = _site_rules(page, capture, voice)
    if sites:
        page, metadata = _by_site_rules(page, metadata, sites)
    page, added = _with_islands(page, metadata, notes)
    verdicts = judge_page(
        page.blocks,
        page.html,
        page.url,
        hints_of(page, metadata),
        voice,
        settings,
        notes,
        site.speak(page.blocks) if site is not None else (),
        classifier,
        islands=added,
        detail=detail,
    )
    kind = kind_of_page(page, verdicts, metadata, capture.status)
    found = replace(blank, blocks=page.blocks, verdicts=tuple(verdicts), diagnostics=tuple(notes), kind=kind)
    if is_article(kind):
        return replace(found, outcome="article", found=_article(page, metadata, verdicts))
    refused = replace(found, outcome=f"not-article:{kind.kind}", message=message_of(kind))
    return replace(refused, found=_article(page, metadata, verdicts)) if settings.keep_all else refused


def _site_rules(page: Page, capture: Capture, voice: RuleVoice) -> tuple[SiteRule, ...]:
    """The rules for the page's host on the day of its capture."""
    if not voice.rules.sites or not page.url:
        return ()
    with suppress(ValueError):
        return voice.sites.rules_for(host_of(page.url), date.fromisoformat(capture.fetched_at[:10]))
    return voice.sites.rules_for(host_of(page.url))


def _by_site_rules(page: Page, metadata: Metadata, rules: tuple[SiteRule, ...]) -> tuple[Page, Metadata]:
    """The page cut anew with what the rules say of its elements, and the fields that they find."""
    body, stripped = site_marks(page.tree, rules)
    marks = dict.fromkeys(body, BODY) | dict.fromkeys(stripped, STRIP)
    page = replace(page, blocks=blocks_of(page.tree, marks))
    fields: dict[str, object] = {}
    found = site_fields(page.tree, rules)
    if found.get("title"):
        fields["headline"] = found["title"][0]
    if found.get("author"):
        fields["authors"] = tuple(found["author"])
    sources = {name: Source(source="site-rule", raw=str(value)) for name, value in fields.items()}
    headlines = tuple(dict.fromkeys([*found.get("title", ())[:1], *metadata.headlines]))
    return page, replace(
        metadata,
        values={**metadata.values, **fields},
        sources={**metadata.sources, **sources},
        headlines=headlines,
    )


def _with_islands(page: Page, metadata: Metadata, notes: list[str]) -> tuple[Page, int]:
    """The page with the blocks of an article that only its scripts hold behind its own, and how many these are."""
    added = island_blocks(
        page.tree,
        page.html,
        page.blocks,
        url=page.url,
        headlines=metadata.headlines[:_MOST_HEADLINES],
        article_body=metadata.article_body,
    )
    if not added:
        return page, 0
    notes.append(f"the article stands in {added[0].path[0]} and not in the page's elements")
    return replace(page, blocks=page.blocks + added), len(added)


def hints_of(page: Page, metadata: Metadata) -> Hints:
    """What the page says about its body elsewhere than there."""
    declares = {"article"} if metadata.declared else set()
    if _NEWS in page.html:
        declares.add("news")
    return Hints(
        headlines=metadata.headlines[:_MOST_HEADLINES],
        descriptions=metadata.descriptions,
        article_body=metadata.article_body,
        authors=tuple(metadata.values.get("authors", ())),
        declares=frozenset(declares),
    )


def judge_text(text: str, settings: Settings | None = None) -> Extraction:
    """Judge a text that was already pulled out of a page, line by line.

    The article of the result has the kept lines as its body and no metadata. A text without any line is
    ``empty-page``; one of which nothing is kept is ``not-article:empty-shell``.
    """
    settings = settings or Settings()
    lines = [" ".join(line.split()) for line in text.splitlines()]
    blocks = tuple(Block(index=i, text=line) for i, line in enumerate(line for line in lines if line))
    blank = Extraction(outcome=EmptyPageError.code, versions=_versions(settings, None), blocks=blocks)
    if not blocks:
        return replace(blank, message="the text is empty")
    verdicts = judge_lines(blocks, _voice(settings.rules))
    body = _texts(blocks, verdicts, "keep")
    found = replace(blank, verdicts=tuple(verdicts))
    if not body:
        return replace(found, outcome="not-article:empty-shell", message="every line of the text is clutter")
    return replace(found, outcome="article", found=Article(url=None, body=body))


def clean_text(text: str, settings: Settings | None = None) -> str:
    """The text without its clutter: the kept lines in their order, an empty line between two.

    Returns an empty string where every line is clutter.
    """
    result = judge_text(text, settings)
    return "\n\n".join(result.found.body) if result.found else ""


def _article(page: Page, metadata: Metadata, verdicts: Sequence[Verdict]) -> Article:
    body = _texts(page.blocks, verdicts, "keep")
    lead = [v for v in verdicts if v.decision == "aside" and v.label == "standfirst"]
    standfirst = page.blocks[lead[0].block].text if lead else None
    sources = dict(metadata.sources)
    values = dict(metadata.values)
    if language := language_of("\n".join(body), metadata.declared_language):
        values["in_language"], source = language
        sources["in_language"] = Source(source=source, raw=metadata.declared_language or language[0])
    if standfirst is not None:
        sources["standfirst"] = Source(source=f"block:{lead[0].block}", raw=standfirst)
    captions = tuple(page.blocks[v.block].text for v in verdicts if v.decision == "aside" and v.label == "caption")
    printed = printed_facts(page.blocks, verdicts, values)
    values |= printed.values
    sources |= printed.sources
    if not not_before(values.get("date_modified"), values.get("date_published")):
        values.pop("date_modified", None)
        sources.pop("date_modified", None)
    words = sum(map(words_of, body))
    sources["word_count"] = Source(source="body", raw=str(words))
    return Article(
        url=page.url,
        word_count=words,
        standfirst=standfirst,
        body=body,
        captions=captions,
        sources=sources,
        **values,
    )


def _texts(blocks: Sequence[Block], verdicts: Sequence[Verdict], decision: str) -> tuple[str, ...]:
    return lines(blocks, (verdict for verdict in verdicts if verdict.decision == decision))


@cache
def _voice(rules: tuple[str, ...]) -> RuleVoice:
    return RuleVoice(load(rules))


@cache
def _versions(settings: Settings, classifier: Classifier | None) -> Versions:
    return Versions(
        newsclean=__version__,
        rules=load(settings.rules).digest,
        engine=_engine(settings, classifier),
        settings=settings.extraction_digest(),
    )


def _engine(settings: Settings, classifier: Classifier | None) -> str:
    """The body engine with its version: ``newsclean 91b2…``, ``trafilatura/2.3.1``."""
    if settings.engine == ENGINE_NAME:
        return engine_version()
    return f"newsclean {classifier.version if classifier is not None else classifier_version()}"
