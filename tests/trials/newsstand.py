"""The newsstand of ../shared: real pages behind a forward proxy on loopback, each URL with a behaviour of its own."""

import importlib.util
import json
import subprocess
import sys
import urllib.request
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from newsclean.urls import canonical

SHARED = Path(__file__).parents[3] / "shared"
SCRIPT = SHARED / "newsstand" / "newsstand.py"
SETS = tuple(SHARED / "bench" / "data" / name for name in ("fundus-dev", "wcxb-dev"))
MISSING = None if SCRIPT.exists() and all(path.exists() for path in SETS) else "../shared has no newsstand, or no pages"
"""Why there is no newsstand; None where there is one."""

PAGE = "page"
"""What is expected of a page that comes in the end: an article, or the reason why it is none."""
_ENDS = {
    "redirect-loop": "redirect",
    "gone": "http-410",
    "missing": "http-404",
    "forbidden": "robots",
    "stall": "timeout",
    "endless": "too-large",
    "bomb": "page-too-large",
    "not-html": "not-html",
}
_REQUESTS = {
    **dict.fromkeys(("well", "latin", "slow", "gone", "missing", "not-html"), 1),
    **dict.fromkeys(("unavailable-once", "too-many-once", "reset-once", "short-once"), 2),
    "redirect": 3,
    "forbidden": 0,
}
"""Requests that a URL takes, its redirects with it. The log has none of those that the client breaks off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dealt:
    """One URL of the newsstand."""

    url: str
    behaviour: str
    outcome: str
    """The outcome that it calls for; PAGE for one whose page comes."""
    requests: int | None
    """How often it is to be asked for; None where the log cannot say."""

    def calls_for(self, outcome: str) -> bool:
        """Whether an input may end so."""
        if self.outcome != PAGE:
            return outcome == self.outcome
        return outcome in ("article", "empty-page") or outcome.startswith("not-article:")


def deal(sets: Iterable[Path] = SETS) -> dict[str, Dealt]:
    """What each URL does when the newsstand serves these sets with faults, in the order of its list.

    Of URLs that differ in nothing but their spelling, the first stands for all, as newsclean has it.
    """
    module = _module()
    with warnings.catch_warnings(action="ignore", category=ResourceWarning):  # it leaves its files open
        pages = module.load(list(sets))
    module.deal_faults(pages)
    forbidden: dict[str, list[str]] = {}
    for url, page in pages.items():
        if page.behaviour == "forbidden":
            forbidden.setdefault(urlsplit(url).netloc, []).append(urlsplit(url).path)
    dealt, forms = {}, set()
    for url, page in pages.items():
        if canonical(url) in forms:
            continue
        forms.add(canonical(url))
        # A rule of robots.txt holds for all paths that begin so, also those of pages that would behave well.
        closed = any(urlsplit(url).path.startswith(path) for path in forbidden.get(urlsplit(url).netloc, ()))
        behaviour = "forbidden" if closed else page.behaviour
        dealt[url] = Dealt(
            url=url,
            behaviour=behaviour,
            outcome=_ENDS.get(behaviour, PAGE),
            requests=_REQUESTS.get(behaviour),
        )
    return dealt


def some(folder: Path, count: Callable[[str], int], sets: Iterable[Path] = SETS) -> Path:
    """Make a small set in ``folder``: of each behaviour so many URLs, as ``count`` says, those of small pages first.

    Two of them share a host where the sets have such a pair, so that politeness has something to do.
    """
    dealt = deal(sets)
    found: dict[str, list[tuple[int, str, dict[str, Any], Path]]] = {}
    http_form = _module().http_form
    for path in sets:
        for line in (path / "truth.jsonl").read_bytes().splitlines():
            row = json.loads(line)
            page = path / "pages" / f"{row['id']}.html.gz"
            url = http_form(row.get("url") or "")
            if url in dealt and page.exists():
                found.setdefault(dealt[url].behaviour, []).append((page.stat().st_size, url, row, page))
    hosts: dict[str, int] = {}
    for url in dealt:
        hosts[urlsplit(url).netloc] = hosts.get(urlsplit(url).netloc, 0) + 1
    (folder / "pages").mkdir(parents=True)
    with (folder / "truth.jsonl").open("w", encoding="utf-8") as out:
        for behaviour, rows in sorted(found.items()):
            rows.sort(key=lambda item: (-hosts[urlsplit(item[1]).netloc] if behaviour == "well" else 0, *item[:2]))
            for _, _, row, page in rows[: count(behaviour)]:
                (folder / "pages" / page.name).symlink_to(page)
                out.write(json.dumps(row) + "\n")
    return folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsstand:
    """One that serves."""

    proxy: str
    """Its address, as ``--proxy`` takes it."""
    listed: Path
    """The list of its URLs."""
    log: Path

    def stats(self) -> dict[str, dict[str, float]]:
        """``requests``, ``peak_in_flight`` and ``min_gap_s`` (seconds between two starts), each by host."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": self.proxy}))
        with opener.open("http://newsstand.invalid/__stats__", timeout=30) as answer:
            counted: dict[str, dict[str, float]] = json.load(answer)
        return {name: {h: n for h, n in by.items() if h != "newsstand.invalid"} for name, by in counted.items()}

    def requests(self) -> list[dict[str, Any]]:
        """The log: one row for each request that was answered, with ``url``, ``behaviour`` and ``time`` of its end."""
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]


@contextmanager
def serving(folder: Path, sets: Iterable[Path] = SETS) -> Iterator[Newsstand]:
    """Start the newsstand with faults; its list and its log lie in ``folder``."""
    stand_folder = folder / "newsstand"
    stand_folder.mkdir(parents=True)
    listed, log = stand_folder / "urls.txt", stand_folder / "log.jsonl"
    pages = [word for path in sets for word in ("--pages", str(path))]
    command = [sys.executable, str(SCRIPT), *pages, "--port", "0", "--list", str(listed), "--log", str(log), "--faults"]
    with (
        (stand_folder / "stderr.txt").open("wb") as said,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, text=True) as process,
    ):
        try:
            assert process.stdout is not None
            port = process.stdout.readline().split()[1]
            yield Newsstand(proxy=f"http://127.0.0.1:{port}", listed=listed, log=log)
        finally:
            process.kill()


def _module() -> Any:
    """The script, as a module."""
    spec = importlib.util.spec_from_file_location("newsstand", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
