"""The lines of the library guide, one for each kind of response. requests, httpx, aiohttp and urllib are asked for a
page of the newsstand; Playwright's page is a stand-in with the same attributes, since no browser is run here.
"""

import asyncio
import inspect
import re
import urllib.request
from pathlib import Path
from typing import Any

import httpx
import pytest

import newsclean
from newsclean.demo.newsstand import Newsstand

GUIDE = (Path(__file__).parents[2] / "docs" / "library.md").read_text(encoding="utf-8")
ONE_LINERS, WITH_HEADER = re.findall(r"^```py\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)
LINES = {line.split("# ")[1].split(",")[0].split(":")[0].split(";")[0]: line for line in ONE_LINERS.splitlines()}
HEADLINE = "How a city of half a million stopped losing its water"


def story(newsstand: Newsstand) -> str:
    """A page that is sent with gzip."""
    return next(page.url for page in newsstand.pages if page.coding == "gzip")


def run(line: str, **names: Any) -> newsclean.Extraction:
    """Run a line of the guide, inside a coroutine where it awaits."""
    names["newsclean"] = newsclean
    code = compile(line, "library.md", "exec", flags=__import__("ast").PyCF_ALLOW_TOP_LEVEL_AWAIT)
    made = eval(code, names)
    if inspect.iscoroutine(made):
        asyncio.run(made)
    result: newsclean.Extraction = names["result"]
    return result


def test_there_is_a_line_for_each() -> None:
    assert list(LINES) == ["requests", "httpx", "aiohttp", "Playwright", "Scrapy", "urllib.request"]


def test_requests(newsstand: Newsstand) -> None:
    requests = pytest.importorskip("requests")
    response = requests.get(story(newsstand), proxies={"http": newsstand.url}, timeout=30)
    assert run(LINES["requests"], response=response).article.headline == HEADLINE


def test_httpx(newsstand: Newsstand) -> None:
    with httpx.Client(proxy=newsstand.url) as client:
        response = client.get(story(newsstand))
    assert run(LINES["httpx"], response=response).article.headline == HEADLINE
    found = run(WITH_HEADER, response=response, asked=story(newsstand))
    assert found.article.headline == HEADLINE


def test_aiohttp(newsstand: Newsstand) -> None:
    aiohttp = pytest.importorskip("aiohttp")
    namespace: dict[str, Any] = {"newsclean": newsclean}
    body = f"    {LINES['aiohttp']}\n    return result"
    exec(f"async def read(response):\n{body}", namespace)

    async def ask() -> newsclean.Extraction:
        async with (
            aiohttp.ClientSession() as session,
            session.get(story(newsstand), proxy=newsstand.url) as response,
        ):
            found: newsclean.Extraction = await namespace["read"](response)
            return found

    assert asyncio.run(ask()).article.headline == HEADLINE


def test_playwright_by_a_stand_in(newsstand: Newsstand) -> None:
    class Page:
        url = story(newsstand)

        async def content(self) -> str:
            return next(page.html for page in newsstand.pages if page.url == self.url).decode()

    assert run(LINES["Playwright"], page=Page()).article.headline == HEADLINE


def test_scrapy(newsstand: Newsstand) -> None:
    http = pytest.importorskip("scrapy.http")
    page = next(page for page in newsstand.pages if page.coding == "gzip")
    assert run(LINES["Scrapy"], response=http.HtmlResponse(page.url, body=page.html)).article.headline == HEADLINE


def test_urllib(newsstand: Newsstand) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": newsstand.url}))
    with opener.open(story(newsstand)) as response:
        assert run(LINES["urllib.request"], response=response).article.headline == HEADLINE


def test_a_charset_that_only_the_header_names() -> None:
    paragraphs = "<p>Die Fähre fährt über den Fluß, sagt Jörg Müller am Mittwoch in Brückheim.</p>" * 6
    body = f"<html><body><article><h1>Überfahrt</h1>{paragraphs}</article></body></html>".encode("cp1252")
    headers = {"Content-Type": "text/html; charset=windows-1252"}
    response = httpx.Response(200, headers=headers, content=body, request=httpx.Request("GET", "http://x.example/"))
    result = run(WITH_HEADER, response=response, asked="http://x.example/")
    assert any("Fähre fährt" in block.text for block in result.blocks)
