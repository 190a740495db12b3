"""The same bytes give the same answer: no order, no clock, no hash seed, no time zone, nothing kept."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

import newsclean
from newsclean.metadata import read_metadata
from newsclean.model import Capture, Extraction
from newsclean.page import read_page
from tests.body.pages import PARAGRAPHS, URL, p, page

BOX = "<div><h3>Related Articles</h3><ul><li><a href='/a'>Wall raised</a><li><a href='/b'>Fish return</a></ul></div>"
HEAD = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "x", "author": "Ann Cole"}</script>'
PAGES = (
    page(p(*PARAGRAPHS), BOX, "<p>Published on 3 May 2024</p>"),
    page(p(*PARAGRAPHS[:4]), BOX, p("This news has been read 8,399 times!", *PARAGRAPHS[4:]), head=HEAD),
    page(p(*PARAGRAPHS), p(*PARAGRAPHS), headline="Two times the same"),
    "<html><body><p>Nothing",
    "",
)
DEMO = sorted(Path(newsclean.__file__).parent.glob("demo/pages/*.html"))


def as_json(found: Extraction) -> bytes:
    return msgspec.json.encode(found)


def test_two_calls_are_equal() -> None:
    for source in PAGES:
        assert as_json(newsclean.extract(source, url=URL)) == as_json(newsclean.extract(source, url=URL))


def test_order_of_the_pages_does_not_matter() -> None:
    forward = [as_json(newsclean.extract(source, url=URL)) for source in PAGES]
    backward = [as_json(newsclean.extract(source, url=URL)) for source in reversed(PAGES)]
    assert forward == backward[::-1]


def test_order_of_real_looking_pages_does_not_matter() -> None:
    sources = [path.read_bytes() for path in DEMO]
    assert sources
    forward = [as_json(newsclean.extract(source, url=URL)) for source in sources]
    backward = [as_json(newsclean.extract(source, url=URL)) for source in reversed(sources)]
    assert forward == backward[::-1]


def test_metadata_only_look_at_the_tree() -> None:
    from lxml import etree

    found = read_page(Capture(url=URL, final_url=URL, body=PAGES[1].encode()), limit=10**7)
    before = etree.tostring(found.tree)
    read_metadata(found, None)
    assert etree.tostring(found.tree) == before


CODE = """
import hashlib, pathlib, sys
import msgspec, newsclean
pages = [path.read_bytes() for path in sorted(pathlib.Path(newsclean.__file__).parent.glob("demo/pages/*.html"))]
if sys.argv[1] == "backward":
    pages.reverse()
found = [msgspec.json.encode(newsclean.extract(page, url="https://news.wendlow.example/a")) for page in pages]
if sys.argv[1] == "backward":
    found.reverse()
print(len(found), hashlib.sha256(b"".join(found)).hexdigest())
"""


@pytest.mark.parametrize("order", ["forward", "backward"])
def test_another_process_gives_the_same(order: str) -> None:
    """Hash seed, time zone and locale of the process do not show."""
    here = [as_json(newsclean.extract(path.read_bytes(), url="https://news.wendlow.example/a")) for path in DEMO]
    seed, zone, locale = ("1", "Asia/Tokyo", "C") if order == "forward" else ("2", "America/Los_Angeles", "C.UTF-8")
    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale}
    done = subprocess.run(
        [sys.executable, "-c", CODE, order], env=environment, capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.split() == [str(len(here)), hashlib.sha256(b"".join(here)).hexdigest()]


CLOCK = """
import datetime, sys, time
import msgspec, newsclean

pages = sys.stdin.read().split("\\0")
shift = float(sys.argv[1]) * 86400
if shift:
    real = datetime.datetime

    class Moved(real):
        @classmethod
        def now(cls, tz=None):
            return real.now(tz) + datetime.timedelta(seconds=shift)

        @classmethod
        def today(cls):
            return cls.now()

        @classmethod
        def utcnow(cls):
            return cls.now()

    class MovedDate(datetime.date):
        @classmethod
        def today(cls):
            return Moved.now().date()

    now = time.time
    time.time = lambda: now() + shift
    datetime.datetime = Moved
    datetime.date = MovedDate
for page in pages:
    found = newsclean.extract(page, url="https://news.wendlow.example/a")
    print(found.outcome, found.found and (found.found.date_published, found.found.date_modified, found.found.body))
"""


def test_the_clock_is_not_read() -> None:
    """A process whose clock is ten years behind sees the same dates as one of today."""
    dated = [
        page(p(*PARAGRAPHS), "<p class='date'>Published on 3 May 2023</p>"),
        page(p(*PARAGRAPHS), head='<meta property="article:published_time" content="2024-05-03T10:00:00Z">'),
        page(p(*PARAGRAPHS), "<time datetime='2024-05-03'>3 May</time>"),
    ]
    said = []
    for days in ("0", "-3650", "3650"):
        done = subprocess.run(
            [sys.executable, "-c", CLOCK, days],
            input="\0".join(dated),
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        said.append(done.stdout)
    assert said[0].count("2024-05-03") == 2
    assert said[0] == said[1] == said[2]
