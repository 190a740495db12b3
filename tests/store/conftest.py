from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from newsclean.model import Article, Block, Capture, Evidence, Extraction, RecordRef, Source, Verdict, Versions
from newsclean.store import Catalogue, Ended

VERSIONS = Versions(newsclean="1", rules="r", engine="e", settings="s")


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with Catalogue.open(tmp_path / "catalog.sqlite", create=True) as opened:
        yield opened


def make_article(url: str = "https://news.example/a", **values: object) -> Article:
    fields = {
        "headline": "Bridge reopens after repairs",
        "authors": ("Ada Quill", "Bo Ferry"),
        "keywords": ("bridge", "traffic"),
        "date_published": "2024-03-02T08:00:00+01:00",
        "in_language": "en",
        "is_accessible_for_free": True,
        "standfirst": "Cars cross again.",
        "body": ("The river bridge reopened on Monday.", "Café owners cheered."),
        "captions": ("The bridge. Photo: B. Ferry",),
        "sources": {"headline": Source(source="json-ld", raw=" Bridge reopens after repairs ")},
    }
    return Article(url=url, **(fields | values))  # type: ignore[arg-type]


def make_extraction(article: Article | None, outcome: str = "article", record: RecordRef | None = None) -> Extraction:
    blocks = tuple(Block(index=i, text=t, path=("div.story", "p")) for i, t in enumerate(["A text.", "Share this"]))
    verdicts = (
        Verdict(block=0, decision="keep", label="paragraph", confidence=0.9),
        Verdict(
            block=1,
            decision="drop",
            label="share",
            confidence=1.0,
            evidence=(Evidence(source="rule:en.share", label="share", weight=-10, span=(0, 10)),),
        ),
    )
    return Extraction(
        outcome=outcome,
        message="" if outcome == "article" else "no text",
        found=article,
        blocks=blocks,
        verdicts=verdicts,
        diagnostics=("charset: the page lied",),
        versions=VERSIONS,
        record=record,
        captured_at="2024-03-03T00:00:00Z",
    )


def make_capture(url: str = "https://news.example/a", number: int = 1, **values: object) -> Capture:
    record = RecordRef(file="one.warc.gz", offset=1000 * number, length=900, record_id=f"<urn:uuid:{number}>")
    fields = {"final_url": url, "body": b"<html>", "fetched_at": "2024-03-03T00:00:00Z", "record": record}
    return Capture(url=url, **(fields | values))  # type: ignore[arg-type]


AddArticle = Callable[..., int]


@pytest.fixture
def add_article(catalogue: Catalogue) -> AddArticle:
    numbers = iter(range(1, 1000))

    def add(url: str = "https://news.example/a", **values: object) -> int:
        number = next(numbers)
        capture = make_capture(url, number)
        (capture_id,) = catalogue.store([Ended(url=url, capture=capture)], {"one.warc.gz": 1000 * number + 900})
        assert capture_id is not None
        catalogue.store_extractions([(capture_id, make_extraction(make_article(url, **values), record=capture.record))])
        return capture_id

    return add
