"""What repeats over the pages of a site: learned by one run, heard by the next, by a reindex and by two passes."""

import io
import json
import threading
from pathlib import Path
from typing import Any

import pytest

from newsclean.archive import Archive, Progress
from newsclean.archive.passes import Passes, site_of
from newsclean.archive.progress import LEARNING
from newsclean.clutter.site import SiteCounts
from newsclean.model import Capture
from newsclean.settings import Settings
from tests.archive.server import Site
from tests.clutter.paper import CREDIT, DISCLAIMER, counter, page, url

HTML = "text/html; charset=utf-8"


def papers(site: Site, numbers: range) -> list[str]:
    for number in numbers:
        site.pages[f"/paper-{number}"] = (200, HTML, page(number).encode())
    return [site.url(f"/paper-{number}") for number in numbers]


def run(folder: Path, settings: Settings, urls: list[str]) -> None:
    with Archive.create_or_open(folder, settings) as archive:
        archive.run(urls)


def bodies(folder: Path) -> dict[int, list[str]]:
    with Archive.open(folder) as archive:
        found = {int(a.url.rpartition("-")[2]): list(a.article.body) for a in archive.articles()}
    return dict(sorted(found.items()))


def exported(folder: Path) -> bytes:
    out = io.BytesIO()
    with Archive.open(folder) as archive:
        archive.export(out)
    return out.getvalue()


def records(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in exported(folder).splitlines()]


def with_counter(folder: Path) -> list[int]:
    """The pages whose counter is in their text; all others must differ in nothing else."""
    found = bodies(folder)
    for number, body in found.items():
        assert body[-2:] == [DISCLAIMER, CREDIT]
        assert len(body) == 8 + (counter(number) in body)
    return [number for number, body in found.items() if counter(number) in body]


def test_the_next_run_hears_what_this_one_saw(tmp_path: Path, site: Site, settings: Settings) -> None:
    folder = tmp_path / "a"
    run(folder, settings, papers(site, range(6)))
    assert with_counter(folder) == list(range(6))
    assert {record["versions"]["site"] for record in records(folder)} == {""}
    run(folder, settings, papers(site, range(6, 9)))
    assert with_counter(folder) == list(range(6))
    assert len({record["versions"]["site"] for record in records(folder)}) == 2
    with Archive.open(folder) as archive:
        found = archive.extraction(site.url("/paper-7"))
        (verdict,) = [v for v in found.verdicts if found.blocks[v.block].text == counter(7)]
    assert (verdict.decision, verdict.label) == ("drop", "counter")
    assert "site:6-of-6-pages" in {evidence.source for evidence in verdict.evidence}


def test_the_setting_turns_it_off(tmp_path: Path, site: Site, settings: Settings) -> None:
    off = settings.with_values(site_memory=False)
    run(tmp_path / "a", off, papers(site, range(6)))
    Archive.reindex(tmp_path / "a", off)
    assert with_counter(tmp_path / "a") == list(range(6))
    run(tmp_path / "a", settings, papers(site, range(6, 7)))
    assert with_counter(tmp_path / "a") == list(range(7))  # nothing was learned either


def test_a_reindex_learns_first_and_gives_the_same_each_time(tmp_path: Path, site: Site, settings: Settings) -> None:
    folder = tmp_path / "a"
    run(folder, settings, papers(site, range(6)))
    seen: list[Progress] = []
    summary = Archive.reindex(folder, settings, on_progress=seen.append)
    assert dict(summary.outcomes) == {"article": 6}
    assert with_counter(folder) == []
    learning = [(p.done, p.total) for p in seen if p.step == LEARNING]
    assert learning == [(done, 6) for done in range(7)]
    assert (seen[-1].step, seen[-1].done, seen[-1].total) == ("", 6, 6)
    first = exported(folder)
    (folder / "catalog.sqlite").unlink()
    Archive.reindex(folder, settings)
    assert exported(folder) == first
    run(folder, settings, papers(site, range(6, 7)))
    assert with_counter(folder) == []


def test_a_run_that_was_broken_off_goes_on_with_the_memory_that_it_had(
    tmp_path: Path, site: Site, settings: Settings
) -> None:
    folder = tmp_path / "a"
    stop = threading.Event()
    with Archive.create_or_open(folder, settings) as archive:
        archive.run(papers(site, range(24)), extracting=False)
        summary = archive.run(on_outcome=lambda _: stop.set(), stop=stop)
    assert summary.interrupted
    assert 1 <= summary.articles < 24
    run(folder, settings, [])
    assert with_counter(folder) == list(range(24))  # as the pages before the break
    run(folder, settings, papers(site, range(24, 25)))
    assert with_counter(folder) == list(range(24))


def test_whole_articles_that_differ_in_a_number_are_kept(tmp_path: Path, site: Site, settings: Settings) -> None:
    """Reports that a machine writes: they have the words of each other, and belong to their pages."""
    run(tmp_path / "a", settings, site.stories(8))
    before = bodies(tmp_path / "a")
    Archive.reindex(tmp_path / "a", settings)
    assert bodies(tmp_path / "a") == before


def capture(number: int, *, with_url: bool = True, head: str = "") -> Capture:
    address = url(number) if with_url else ""
    return Capture(url=address, final_url=address, body=page(number, head=head).encode())


def test_two_passes_over_pages_that_are_here() -> None:
    named = [(f"pages/{n}.html", capture(n, with_url=False)) for n in range(6)]
    counted: list[int] = []
    passes = Passes(Settings())
    passes.learn(lambda: named, counted.append)
    assert counted == [6]
    memory = passes.memory(*named[0])
    assert memory
    assert memory.pages == 6
    assert passes.memory("other/7.html", capture(7, with_url=False)) is None
    assert passes.memory("x", capture(7)) is None


def test_passes_learn_from_no_more_pages_than_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SiteCounts, "MOST_PAGES", 5)
    read: list[str] = []

    def pages() -> Any:
        for number in range(9):
            read.append(url(number))
            yield str(number), capture(number)

    passes = Passes(Settings())
    passes.learn(pages)
    assert len(read) == 9 + 5
    memory = passes.memory("8", capture(8))
    assert memory
    assert memory.pages == 5


@pytest.mark.parametrize("settings", [Settings(site_memory=False), Settings(engine="trafilatura")])
def test_passes_that_would_not_be_heard_are_not_made(settings: Settings) -> None:
    passes = Passes(settings)
    passes.learn(lambda: pytest.fail("read"))
    assert passes.memory("1", capture(1)) is None


def test_few_pages_are_read_once_and_not_judged() -> None:
    named = [(str(n), capture(n)) for n in range(3)]
    passes = Passes(Settings())
    passes.learn(lambda: named, lambda count: pytest.fail(f"{count}"))
    assert passes.memory(*named[0]) is None


@pytest.mark.parametrize(
    ("head", "site"),
    [
        ("<link rel='canonical' href='https://Paper.example/a?b=1'>", "paper.example"),
        ("<META content=https://paper.example:8080/ property=og:url>", "paper.example:8080"),
        ("<link rel=stylesheet href='https://cdn.example/a.css'>", "pages/"),
        ("<link rel=canonical href='/a'>", "pages/"),
    ],
)
def test_the_site_of_a_page_without_a_url(head: str, site: str) -> None:
    assert site_of("pages/1.html", capture(1, with_url=False, head=head), limit=10**6) == site
    assert site_of("pages/1.html", capture(1, head=head), limit=10**6) == "lorvi.example"
    assert site_of("pages/1.html", Capture(url="", final_url="", body=b"%PDF"), limit=10**6) == ""
