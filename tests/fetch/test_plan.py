import asyncio
from collections.abc import Iterable, Iterator

import pytest

from newsclean.fetch import plan as module
from newsclean.fetch.plan import Planned, plan
from tests.fetch.web import Web, answer

SITE = "http://news.example"
RULES = answer(b"User-agent: *\nDisallow: /private/\n", "text/plain")


def planned(answers: dict[str, bytes], urls: Iterable[tuple[str, str]]) -> tuple[list[Planned], list[str]]:
    async def run() -> tuple[list[Planned], list[str]]:
        async with Web(answers) as web:
            return [item async for item in plan(web.client, urls)], web.asked

    return asyncio.run(run())


def test_verdicts() -> None:
    answers = {
        f"{SITE}/robots.txt": RULES,
        "http://down.example/robots.txt": answer(status=503),
        f"{SITE}/1": answer(b"<html>"),
    }
    urls = [f"{SITE}/1", f"{SITE}/private/2", "news.example", "http://down.example/3", "http://free.example/4"]
    items, asked = planned(answers, [(url, f"urls.txt:{line}") for line, url in enumerate(urls, 1)])
    assert [(item.url, item.origin) for item in items] == [(url, f"urls.txt:{n}") for n, url in enumerate(urls, 1)]
    assert [item.verdict for item in items] == ["fetch", "robots", "bad-url", "robots-unavailable", "fetch"]
    assert [bool(item.message) for item in items] == [False, True, True, True, False]
    assert sorted(asked) == [f"http://{name}.example/robots.txt" for name in ("down", "free", "news")]


def test_robots_txt_is_asked_for_once_a_host_and_nothing_else() -> None:
    urls = [(f"http://n{number % 50}.example/private/{number}", "x") for number in range(2_000)]
    items, asked = planned({f"http://n{number}.example/robots.txt": RULES for number in range(50)}, urls)
    assert [item.url for item in items] == [url for url, _origin in urls]
    assert {item.verdict for item in items} == {"robots"}
    assert sorted(asked) == sorted({f"http://n{number}.example/robots.txt" for number in range(50)})


def test_the_list_is_a_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_AHEAD", 10)
    monkeypatch.setattr(module, "_HOSTS_KEPT", 5)
    read = 0

    def urls() -> Iterator[tuple[str, str]]:
        nonlocal read
        while True:
            read += 1
            yield f"http://n{read % 20}.example/{read}", "x"

    async def run() -> None:
        async with Web({}) as web:
            stream = plan(web.client, urls())
            for count in range(1, 500):
                assert (await anext(stream)).verdict == "fetch"
                assert read <= count + 11
            await stream.aclose()

    asyncio.run(run())


def test_many_hosts_at_once_but_not_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HOSTS_AT_ONCE", 3)
    under_way: list[str] = []
    most = 0

    class Rules:
        sitemaps = ()
        error = None

        def allowed(self, url: str) -> bool:
            return url.endswith("1")

    class Client:
        async def robots(self, url: str) -> Rules:
            nonlocal most
            under_way.append(url)
            most = max(most, len(under_way))
            await asyncio.sleep(0.001)
            under_way.remove(url)
            return Rules()

    async def run() -> list[Planned]:
        return [item async for item in plan(Client(), ((f"http://n{n}.example/1", "x") for n in range(100)))]

    assert {item.verdict for item in asyncio.run(run())} == {"fetch"}
    assert most == 3
