"""The spider of the guide, run by Scrapy against the newsstand; pipeline and middleware by themselves."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from newsclean import Archive, Settings, extract
from newsclean.archive.lock import Lock
from newsclean.cli import main
from newsclean.demo.newsstand import Newsstand
from newsclean.store import SCHEMA_VERSION
from newsclean.warc import read_warc

pytest.importorskip("scrapy", reason="the extra 'scrapy' is not installed")

GUIDE = (Path(__file__).parents[2] / "docs" / "scrapy.md").read_text(encoding="utf-8")
SPIDER = re.findall(r"^```py\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)[0]
STORY = "http://harbour-herald.example/2025/03/21/city-cookie-inspectors"
GZIPPED = "http://www.meridian-post.example/science/2025/04/02/water-meters-leak-detection-halden"
MOVED = "http://de-waterkant.example/?p=55021"
WALL = "http://www.morgenblick.example/politik/2025-03/haushalt-koalition-einigung"
FORBIDDEN = "http://harbour-herald.example/private/minutes"
MISSING = "http://harbour-herald.example/2025/02/28/lighthouse-auction-withdrawn"

LIST_SPIDER = """
import scrapy


class ListSpider(scrapy.Spider):
    name = "list"
    start_urls = {urls}
    custom_settings = {{
        "ADDONS": {{"newsclean.integrations.scrapy.Addon": 500}},
        "NEWSCLEAN_ARCHIVE": "my-archive",
        "ROBOTSTXT_OBEY": True,
        "RETRY_ENABLED": False,
    }} | {settings}

    def parse(self, response):
        yield {{"response": response, "headline": "by hand"}}
        yield {{"other": 1}}
"""

Crawl = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def crawl(newsstand: Newsstand, tmp_path: Path) -> Crawl:
    """Run a spider in an empty folder, with the newsstand for a network."""

    def run(spider: str, *options: str, status: int = 0) -> subprocess.CompletedProcess[str]:
        (tmp_path / "spider.py").write_text(spider, encoding="utf-8")
        quick = [*("-s", "DOWNLOAD_DELAY=0"), *("-s", "TELNETCONSOLE_ENABLED=False"), *("-s", "LOG_LEVEL=INFO")]
        done = subprocess.run(
            [sys.executable, "-m", "scrapy", "runspider", "spider.py", *quick, *options],
            cwd=tmp_path,
            env=os.environ | {"http_proxy": newsstand.url, "no_proxy": ""},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == status, done.stderr
        return done

    return run


def records(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "articles.jsonl").read_text(encoding="utf-8").splitlines()]


def check(archive: Path) -> None:
    """The files are good, by newsclean's own check and by fastwarc's and warcio's reading."""
    from click.testing import CliRunner
    from warcio.archiveiterator import ArchiveIterator

    result = CliRunner().invoke(main, ["warc", "check", str(archive)])
    assert result.exit_code == 0, result.output
    for file in (archive / "warc").iterdir():
        assert file.name.endswith(".warc.gz")
        with file.open("rb") as stream:
            kinds = [record.rec_type for record in ArchiveIterator(stream, check_digests="raise")]
        assert {"warcinfo", "request", "response", "metadata"} <= set(kinds)
        fastwarc = pytest.importorskip("fastwarc.warc")
        with file.open("rb") as stream:
            found = list(fastwarc.ArchiveIterator(stream, record_types=fastwarc.WarcRecordType.any_type))
            assert len(found) == len(kinds)


def test_the_spider_of_the_guide(crawl: Crawl, tmp_path: Path) -> None:
    done = crawl(SPIDER, "-o", "articles.jsonl")
    assert "'newsclean/outcome/article': 1" in done.stderr
    (item,) = records(tmp_path)
    assert item["schema_version"] == SCHEMA_VERSION
    assert item["url"] == STORY
    assert item["outcome"] == "article"
    assert item["headline"] == "City sends inspectors after cookie banners"
    assert item["found_on"] == "front page"
    check(tmp_path / "my-archive")
    with Archive.open(tmp_path / "my-archive", Settings(workers=1)) as archive:
        archive.run()
        stored = archive.article(STORY)
        assert item["record"]["record_id"] == stored.extraction.record.record_id  # type: ignore[union-attr]
        assert item["text"] == stored.article.text
        counts = archive.stats().outcomes
    assert counts["article"] == 1
    assert counts["not-article:index-page"] == 1


def test_what_is_stored_is_what_came(crawl: Crawl, tmp_path: Path, newsstand: Newsstand) -> None:
    urls = [GZIPPED, MOVED, WALL, FORBIDDEN, MISSING]
    crawl(LIST_SPIDER.format(urls=urls, settings={}), "-o", "articles.jsonl")
    check(tmp_path / "my-archive")
    (file,) = (tmp_path / "my-archive" / "warc").iterdir()
    captures = {capture.final_url: capture for capture in read_warc(file)}
    page = next(page for page in newsstand.pages if page.url == GZIPPED)
    assert captures[GZIPPED].header("Content-Encoding") == "gzip"
    assert captures[GZIPPED].body == page.entity(accept_gzip=True)
    with Archive.open(tmp_path / "my-archive") as archive:
        ends = {outcome.url: outcome.outcome for outcome in archive.outcomes()}
        assert ends == {FORBIDDEN: "robots", MISSING: "http-404"}
        assert archive.stats().waiting == 3  # for their extraction
        moved = next(page for page in newsstand.pages if page.moved_from == MOVED)
        archive.run()
        assert archive.article(MOVED).article.url == moved.url
        capture = archive.capture(archive.article(MOVED).extraction.record)  # type: ignore[arg-type]
        assert capture.redirects == (MOVED,)
    items = [item for item in records(tmp_path) if "outcome" in item]
    assert len(records(tmp_path)) == 2 * len(items)  # the others passed as they were
    by_url = {item["url"]: item for item in items}
    assert by_url.keys() == {GZIPPED, moved.url, WALL}
    assert by_url[GZIPPED]["headline"] == "by hand"
    assert by_url[GZIPPED]["text"] == extract(page.html, GZIPPED).article.text
    assert by_url[WALL]["outcome"] == "not-article:consent-wall"
    assert by_url[WALL]["text"] is None
    assert by_url[WALL]["body"] == []
    assert by_url[WALL].keys() == by_url[GZIPPED].keys()
    assert all(item["record"]["file"] == file.name for item in items)


def test_a_second_crawl_goes_on_in_the_same_archive(crawl: Crawl, tmp_path: Path) -> None:
    for _ in range(2):
        crawl(LIST_SPIDER.format(urls=[GZIPPED], settings={}))
    files = sorted((tmp_path / "my-archive" / "warc").iterdir())
    assert len(files) == 2
    index = (tmp_path / "my-archive" / "index.cdxj").read_text(encoding="utf-8")
    assert all(file.name in index for file in files)
    captures = [line for line in index.splitlines() if GZIPPED in line]
    assert ["warc/revisit" in line for line in captures] == [False, True]


def test_csv_has_all_columns_and_what_is_no_article_is_dropped(crawl: Crawl, tmp_path: Path) -> None:
    settings = {"NEWSCLEAN_ARTICLES_ONLY": True, "NEWSCLEAN_ARCHIVE": None}
    spider = LIST_SPIDER.format(urls=[WALL, GZIPPED], settings=settings)
    done = crawl(spider.replace('yield {"other": 1}', ""), "-O", "articles.csv")
    assert "not-article:consent-wall" in done.stderr
    assert not (tmp_path / "my-archive").exists()
    (row,) = csv.DictReader(io.StringIO((tmp_path / "articles.csv").read_text(encoding="utf-8")))
    assert row["url"] == GZIPPED
    assert row["record"] == ""


def test_a_busy_archive_ends_the_crawl_with_a_reason(crawl: Crawl, tmp_path: Path) -> None:
    Archive.create_or_open(tmp_path / "my-archive").close()
    lock = Lock(tmp_path / "my-archive")
    lock.take()
    done = crawl(LIST_SPIDER.format(urls=[GZIPPED], settings={}), status=1)
    lock.drop()
    assert "is writing to this archive" in done.stderr.splitlines()[-1]
    assert not list((tmp_path / "my-archive" / "warc").iterdir())


# In this process


@dataclass
class Page:
    page: Any
    topic: str = "ferries"


def response(body: bytes, **more: Any) -> Any:
    from scrapy.http import HtmlResponse, Request

    return HtmlResponse(STORY, body=body, request=Request(STORY), **more)


def pipeline(**settings: Any) -> Any:
    from scrapy import Spider
    from scrapy.utils.test import get_crawler

    from newsclean.integrations.scrapy import ArticlePipeline

    return ArticlePipeline.from_crawler(get_crawler(Spider, settings))


@pytest.fixture
def story(newsstand: Newsstand) -> bytes:
    return next(page.html for page in newsstand.pages if page.url == STORY)


def test_items_of_other_kinds_and_another_field(story: bytes) -> None:
    made = pipeline(NEWSCLEAN_FIELD="page").process_item(Page(response(story)))
    assert made["headline"] == "City sends inspectors after cookie banners"
    assert made["topic"] == "ferries"
    assert made["record"] is None
    assert "page" not in made


def test_the_charset_of_the_header_is_heard() -> None:
    from newsclean.integrations.scrapy import article_item

    told = "<html><body><article><h1>Überfahrt</h1>" + "<p>Die Fähre fährt über den Fluß, sagt Jörg Müller.</p>" * 8
    headers = {"Content-Type": "text/html; charset=iso-8859-1"}
    item = article_item(response(told.encode("iso-8859-1"), headers=headers), Settings(keep_all=True))
    assert "Fähre fährt" in item["text"]


def test_wrong_settings_are_told() -> None:
    from newsclean.errors import SettingsError

    with pytest.raises(SettingsError, match="did you mean 'focus'"):
        pipeline(NEWSCLEAN_SETTINGS={"focsu": "precision"})
