"""Finding the stories of a newsstand, through a forward proxy, where ../shared has it."""

import asyncio
from collections import defaultdict
from pathlib import Path
from urllib.parse import urlsplit

from newsclean.exchange import Fetch
from newsclean.fetch import Client, read_list
from newsclean.fetch.discover import Failed, Found, Sources, discover
from newsclean.fetch.plan import plan
from newsclean.settings import Settings
from newsclean.urls import canonical
from tests.fetch.test_newsstand import pytestmark, stand  # noqa: F401

SETTINGS = Settings(host_delay=0, max_attempts=1)


def search(proxy: str, sources: Sources) -> tuple[list[Found], list[Failed], list[Fetch]]:
    found: list[Found] = []
    failed: list[Failed] = []
    fetches: list[Fetch] = []

    async def on_fetch(fetch: Fetch) -> None:
        fetches.append(fetch)

    async def run() -> None:
        async with Client(SETTINGS, proxy=proxy) as client:
            async for item in discover(client, sources, on_fetch):
                if isinstance(item, Found):
                    found.append(item)
                else:
                    failed.append(item)

    asyncio.run(run())
    return found, failed, fetches


def test_all_stories_of_all_hosts(stand: tuple[str, Path]) -> None:  # noqa: F811
    proxy, path = stand
    urls = [entry.text for entry in read_list(path)]
    by_host: dict[str, set[str]] = defaultdict(set)
    for url in urls:
        by_host[urlsplit(url).netloc].add(canonical(url))
    found, failed, fetches = search(proxy, Sources(hosts=tuple(by_host)))
    assert not failed
    assert {canonical(item.url) for item in found} == set.union(*by_host.values())
    assert all(item.origin == f"sitemap:http://{urlsplit(item.url).netloc}/sitemap.xml" for item in found)
    assert sorted(fetch.url for fetch in fetches) == sorted(f"http://{host}/sitemap.xml" for host in by_host)

    host = max(by_host, key=lambda name: len(by_host[name]))
    found, failed, fetches = search(proxy, Sources(feeds=(f"http://{host}/feed.xml",)))
    assert not failed
    assert {canonical(item.url) for item in found} == by_host[host]
    assert all(item.published and item.title for item in found)

    async def run() -> set[str]:
        async with Client(SETTINGS, proxy=proxy) as client:
            asked = [(f"http://{name}{path}", "x") for name in by_host for path in ("/private/1", "/open")]
            return {item.verdict + urlsplit(item.url).path async for item in plan(client, asked)}

    assert asyncio.run(run()) == {"robots/private/1", "fetch/open"}
