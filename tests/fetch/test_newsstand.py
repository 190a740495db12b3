"""Real pages through a forward proxy, where ../shared has them."""

import asyncio
import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsclean.exchange import Fetch
from newsclean.fetch import Client, Job, crawl, read_list
from newsclean.settings import Settings

SHARED = Path(__file__).parents[3] / "shared"
STAND = SHARED / "newsstand" / "newsstand.py"
PAGES = SHARED / "bench" / "data" / "fundus-dev"

pytestmark = pytest.mark.skipif(
    not (STAND.exists() and PAGES.exists()), reason="../shared/newsstand or ../shared/bench is not there"
)


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The proxy's address and the list of its pages."""
    urls = tmp_path / "urls.txt"
    command = [sys.executable, str(STAND), "--pages", str(PAGES), "--port", "0", "--list", str(urls)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        port = process.stdout.readline().split()[1]
        yield f"http://127.0.0.1:{port}", urls
        process.terminate()


def test_the_pages_come_as_they_were_served(stand: tuple[str, Path]) -> None:
    proxy, urls = stand
    settings = Settings(host_delay=0)
    jobs = [Job(url=entry.text, key=entry.line) for entry in read_list(urls)]
    left = list(jobs)
    fetched: dict[int, Fetch] = {}

    def pull(count: int, _full: object) -> list[Job[int]]:
        given, left[:count] = left[:count], []
        return given

    async def on_done(job: Job[int], fetch: Fetch) -> None:
        fetched[job.key] = fetch

    async def run() -> None:
        async with Client(settings, proxy=proxy) as client:
            await crawl(pull, client, on_done)

    asyncio.run(run())
    assert sorted(fetched) == [job.key for job in jobs]
    assert not [fetch.error for fetch in fetched.values() if fetch.error]
    rows = [json.loads(line) for line in (PAGES / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    served = {gzip.decompress((PAGES / "pages" / f"{row['id']}.html.gz").read_bytes()) for row in rows}
    for fetch in fetched.values():
        assert fetch.last
        body = fetch.last.entity_body
        assert (gzip.decompress(body) if fetch.last.header("Content-Encoding") == "gzip" else body) in served
