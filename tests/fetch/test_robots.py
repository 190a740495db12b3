import asyncio
import gzip

import pytest

from newsclean.errors import RobotsUnavailableError
from newsclean.exchange import Earlier, Fetch
from newsclean.fetch import Client, Job, crawl, retries
from newsclean.fetch.robots import MAX_BYTES
from newsclean.settings import Settings
from tests.fetch.asking import PAGE, QUICK, Aside, asking, code, in_turn, status, targets
from tests.fetch.raw_server import RawServer, Say, for_ever, then_close, then_stall

OBEY = QUICK.with_values(robots="obey")
FORBIDS = b"User-agent: *\nDisallow: /\n"


def rules(text: bytes, *fields: str) -> bytes:
    return status(200, *fields, body=text)


def outcome(robots: bytes | Say, settings: Settings = OBEY, path: str = "/story") -> str | None:
    """How the page ends on a host with that robots.txt."""
    codes: list[str | None] = []

    async def work(server: RawServer, client: Client, _aside: Aside) -> None:
        fetch = await client.fetch(server.url(path))
        codes.append(code(fetch))
        assert (path in targets(server)) == (fetch.error is None)

    asking({"/robots.txt": robots, path: PAGE}, work, settings)
    return codes[0]


ALLOW = {
    "nothing-said": b"",
    "other-path": b"User-agent: *\nDisallow: /private\n",
    "other-crawler": b"User-agent: other\nDisallow: /\n",
    "own-group-before-star": FORBIDS + b"\nUser-agent: newsclean\nAllow: /\n",
    "longest-match": b"User-agent: *\nDisallow: /\nAllow: /story\n",
    "html": b"<!DOCTYPE html><html><body><h1>Not here</h1></body></html>",
    "binary": b"\x89PNG\r\n\x1a\n\x00\x00" + FORBIDS,
}
FORBID = {
    "star": FORBIDS,
    "own-group": b"User-agent: *\nAllow: /\n\nUser-agent: newsclean\nDisallow: /story\n",
    "own-group-any-case": b"User-agent: NewsClean\nDisallow: /\n",
    "byte-order-mark": b"\xef\xbb\xbf" + FORBIDS,
    "cr-lf": FORBIDS.replace(b"\n", b"\r\n"),
    "wildcard": b"User-agent: *\nDisallow: /*ory$\n",
    "no-colon": b"User-agent *\nDisallow /\n",
    "not-utf-8": b"# K\xf6ln\n" + FORBIDS,
}


@pytest.mark.parametrize("name", ALLOW)
def test_allowed(name: str) -> None:
    assert outcome(rules(ALLOW[name])) is None


@pytest.mark.parametrize("name", FORBID)
def test_forbidden(name: str) -> None:
    assert outcome(rules(FORBID[name])) == "robots"


@pytest.mark.parametrize("number", [400, 401, 403, 404, 410, 429])
def test_a_4xx_allows_everything(number: int) -> None:
    assert outcome(status(number, body=FORBIDS)) is None


@pytest.mark.parametrize("number", [500, 502, 503])
def test_a_5xx_forbids_everything(number: int) -> None:
    assert outcome(status(number)) == "robots-unavailable"


@pytest.mark.parametrize(
    ("robots", "expected"), [(then_close(b""), "connect"), (then_stall(b""), "timeout")], ids=["closed", "silent"]
)
def test_a_host_that_does_not_answer_ends_with_that(robots: Say, expected: str) -> None:
    assert outcome(robots, OBEY.with_values(read_timeout=0.2)) == expected


def test_the_user_agent_s_product_is_what_is_looked_for() -> None:
    settings = OBEY.with_values(user_agent="Keeper/2.0 (+https://keeper.example/)")
    assert outcome(rules(b"User-agent: keeper\nDisallow: /\n"), settings) == "robots"
    assert outcome(rules(b"User-agent: newsclean\nDisallow: /\n"), settings) is None


def test_content_coding_is_undone() -> None:
    assert outcome(rules(gzip.compress(FORBIDS), "Content-Encoding: gzip")) == "robots"


def test_a_bomb_allows_everything() -> None:
    assert outcome(rules(gzip.compress(b"\0" * 50_000_000), "Content-Encoding: gzip")) is None


def test_what_is_ignored_is_not_asked_for() -> None:
    async def work(server: RawServer, client: Client, aside: Aside) -> None:
        assert code(await client.fetch(server.url("/story"))) is None
        assert (await client.robots(server.url("/story"))).allowed(server.url("/story"))
        assert targets(server) == ["/story"]
        assert aside.fetches == []

    asking({"/robots.txt": rules(FORBIDS), "/story": PAGE}, work)


def test_an_endless_one_is_cut_and_its_beginning_holds() -> None:
    endless = for_ever(b"HTTP/1.1 200 OK\r\n\r\n" + FORBIDS, b"# and more\n" * 1000)

    async def work(server: RawServer, client: Client, aside: Aside) -> None:
        assert code(await client.fetch(server.url("/story"))) == "robots"
        (robots,) = aside.fetches
        assert robots.last
        assert robots.last.truncated == "length"
        assert len(robots.last.entity_body) == MAX_BYTES >= 500 * 1024

    asking({"/robots.txt": endless, "/story": PAGE}, work, OBEY)


def test_forbidden_names_the_way_out_and_asks_for_nothing() -> None:
    async def work(server: RawServer, client: Client, aside: Aside) -> None:
        fetch = await client.fetch(server.url("/story"))
        assert fetch.exchanges == ()
        assert "--ignore-robots" in str(fetch.error)
        assert server.url("/story") in str(fetch.error)
        (robots,) = aside.of("robots")
        assert robots.url == server.url("/robots.txt")
        assert robots.last
        assert robots.last.entity_body == FORBIDS

    asking({"/robots.txt": rules(FORBIDS)}, work, OBEY)


def test_a_redirect_into_what_is_forbidden_keeps_the_hops_before() -> None:
    async def work(server: RawServer, client: Client, _aside: Aside) -> None:
        fetch = await client.fetch(server.url("/start"))
        assert code(fetch) == "robots"
        assert [exchange.status for exchange in fetch.exchanges] == [302]
        assert targets(server) == ["/robots.txt", "/start"]

    answers: dict[str, bytes | Say] = {
        "/robots.txt": rules(b"User-agent: *\nDisallow: /private\n"),
        "/start": status(302, "Location: /private/story"),
    }
    asking(answers, work, OBEY)


def test_each_hop_by_its_own_host() -> None:
    async def work(server: RawServer, client: Client, _aside: Aside) -> None:
        async with RawServer({"/robots.txt": rules(FORBIDS), "/story": PAGE}) as other:
            server.answers["/start"] = status(302, f"Location: {other.url('/story')}")
            fetch = await client.fetch(server.url("/start"))
            assert code(fetch) == "robots"
            assert targets(other) == ["/robots.txt"]

    asking({}, work, OBEY)


def test_its_redirects_are_followed_to_other_hosts_too() -> None:
    async def work(server: RawServer, client: Client, aside: Aside) -> None:
        async with RawServer({"/rules": rules(FORBIDS)}) as other:
            server.answers["/robots.txt"] = status(301, "Location: /r")
            server.answers["/r"] = status(301, f"Location: {other.url('/rules')}")
            assert code(await client.fetch(server.url("/story"))) == "robots"
            assert targets(other) == ["/rules"]
            (robots,) = aside.fetches
            assert len(robots.exchanges) == 3

    asking({"/story": PAGE}, work, OBEY)


@pytest.mark.parametrize(("hops", "expected"), [(5, "robots"), (6, None)])
def test_five_redirects_and_no_more(hops: int, expected: str | None) -> None:
    async def work(server: RawServer, client: Client, _aside: Aside) -> None:
        assert code(await client.fetch(server.url("/story"))) == expected

    answers: dict[str, bytes | Say] = {f"/{n}": status(302, f"Location: /{n + 1}") for n in range(1, hops)}
    answers |= {"/robots.txt": status(302, "Location: /1"), f"/{hops}": rules(FORBIDS), "/story": PAGE}
    asking(answers, work, OBEY)


def test_many_at_once_share_one_request() -> None:
    async def work(server: RawServer, client: Client, aside: Aside) -> None:
        fetches = await asyncio.gather(*(client.fetch(server.url(f"/{number}")) for number in range(10)))
        assert [code(fetch) for fetch in fetches] == [None] * 10
        assert targets(server).count("/robots.txt") == 1
        assert targets(server)[0] == "/robots.txt"
        assert len(aside.fetches) == 1

    asking({f"/{number}": PAGE for number in range(10)}, work, OBEY)


def test_a_cancelled_page_does_not_take_the_rules_from_the_others() -> None:
    async def slowly(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.2)
        writer.write(rules(b""))
        await writer.drain()

    async def work(server: RawServer, client: Client, _aside: Aside) -> None:
        first = asyncio.create_task(client.fetch(server.url("/1")))
        second = asyncio.create_task(client.fetch(server.url("/2")))
        await asyncio.sleep(0.1)
        first.cancel()
        assert code(await second) is None
        with pytest.raises(asyncio.CancelledError):
            await first

    asking({"/robots.txt": slowly, "/2": PAGE}, work, OBEY)


def test_another_port_is_another_host() -> None:
    async def work(server: RawServer, client: Client, _aside: Aside) -> None:
        async with RawServer({"/story": PAGE}) as other:
            assert code(await client.fetch(server.url("/story"))) == "robots"
            assert code(await client.fetch(other.url("/story"))) is None

    asking({"/robots.txt": rules(FORBIDS)}, work, OBEY)


def test_what_a_caller_learns_from_them() -> None:
    text = b"User-agent: *\nCrawl-delay: 7\nSitemap: https://news.example/s.xml\nSitemap: /t.xml\nDisallow: /private\n"

    async def work(server: RawServer, client: Client, _aside: Aside) -> None:
        robots = await client.robots(server.url("/x"))
        assert robots.crawl_delay == 7.0
        assert robots.sitemaps == ("https://news.example/s.xml", "/t.xml")
        assert robots.error is None
        assert robots.allowed(server.url("/story"))
        assert not robots.allowed(server.url("/private/story"))

    asking({"/robots.txt": rules(text)}, work, OBEY.with_values(max_crawl_delay=0.1))


def test_why_everything_is_forbidden() -> None:
    async def work(server: RawServer, client: Client, _aside: Aside) -> None:
        robots = await client.robots(server.url("/x"))
        assert isinstance(robots.error, RobotsUnavailableError)
        assert not robots.allowed(server.url("/story"))

    asking({"/robots.txt": status(500)}, work, OBEY)


def test_a_failure_that_passes_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "_FIRST_WAIT", 0.01)
    monkeypatch.setattr(retries, "_JITTER", 0.01)

    async def work(server: RawServer, client: Client, aside: Aside) -> None:
        assert code(await client.fetch(server.url("/story"))) is None
        assert targets(server) == ["/robots.txt", "/robots.txt", "/story"]
        assert [code(fetch) for fetch in aside.of("attempt")] == ["http-500"]
        assert len(aside.of("robots")) == 1

    asking({"/robots.txt": in_turn([status(500), rules(b"")]), "/story": PAGE}, work, OBEY.with_values(max_attempts=3))


def test_crawl_delay_counts_up_to_the_cap() -> None:
    async def work(server: RawServer, client: Client, _aside: Aside) -> None:
        await asyncio.gather(*(client.fetch(server.url(f"/{number}")) for number in range(2)))
        gaps = [after - before for before, after in zip(server.starts, server.starts[1:], strict=False)]
        assert len(gaps) == 2
        assert min(gaps) > 0.25

    answers: dict[str, bytes | Say] = {"/robots.txt": rules(b"User-agent: newsclean\nCrawl-delay: 500\n")}
    asking({**answers, "/0": PAGE, "/1": PAGE}, work, OBEY.with_values(max_crawl_delay=0.3))


class Asked:
    """Jobs, and how they ended."""

    def __init__(self, urls: list[str]) -> None:
        self.left = [Job(url=url, key=number) for number, url in enumerate(urls)]
        self.ended: dict[int, Fetch] = {}

    def pull(self, count: int, _full: object) -> list[Job[int]]:
        given, self.left[:count] = self.left[:count], []
        return given

    async def on_done(self, job: Job[int], fetch: Fetch) -> None:
        self.ended[job.key] = fetch


def test_they_take_connections_like_pages_do() -> None:
    under_way = most = 0

    async def slowly(writer: asyncio.StreamWriter) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.02)
        under_way -= 1
        writer.write(rules(b""))
        await writer.drain()

    async def run() -> None:
        servers = [RawServer({"/robots.txt": slowly, "/story": PAGE}) for _ in range(12)]
        for server in servers:
            await server.__aenter__()
        asked = Asked([server.url("/story") for server in servers])
        async with Client(OBEY.with_values(connections=3), proxy="") as client:
            await crawl(asked.pull, client, asked.on_done)
        for server in servers:
            await server.__aexit__(None, None, None)
        assert [code(fetch) for fetch in asked.ended.values()] == [None] * 12

    asyncio.run(run())
    assert most == 3


def test_a_crawl_counts_right_where_they_are_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "_FIRST_WAIT", 0.01)
    monkeypatch.setattr(retries, "_JITTER", 0.01)

    async def work(server: RawServer, client: Client, _aside: Aside) -> None:
        asked = Asked([server.url(f"/{number}") for number in range(8)])
        at_once = most = 0
        real = client.fetch

        async def fetch(url: str, earlier: Earlier | None = None) -> Fetch:
            nonlocal at_once, most
            at_once += 1
            most = max(most, at_once)
            try:
                return await real(url, earlier)
            finally:
                at_once -= 1

        # Only the crawl's own jobs go through here; the client asks for robots.txt with the method itself.
        class Counted:
            settings, hosts, on_parked = client.settings, client.hosts, client.on_parked

            def __setattr__(self, name: str, value: object) -> None:
                setattr(client, name, value)

            async def fetch(self, url: str, earlier: Earlier | None = None) -> Fetch:
                return await fetch(url, earlier)

        await crawl(asked.pull, Counted(), asked.on_done)
        assert [code(fetch) for fetch in asked.ended.values()] == [None] * 8
        assert most == 1

    answers: dict[str, bytes | Say] = {f"/{number}": PAGE for number in range(8)}
    answers["/robots.txt"] = in_turn([status(500), status(500), status(404)])
    asking(answers, work, OBEY.with_values(max_attempts=4))
