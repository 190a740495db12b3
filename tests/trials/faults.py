"""A run over a newsstand that misbehaves: every URL ends as it should, and no host is hurried."""

import json
import subprocess
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from tests.trials import newsstand
from tests.trials.processes import Sampler, kill_tree, start

MB = 1024 * 1024
LIMIT = 400 * MB
"""Memory that the whole job may take."""
_EPSILON = 0.1
"""Share of the delay by which two requests may come closer at the server, which answers them one after another, than
they were sent."""

_QUIET = 1.0
"""Seconds in which nothing was written down after which the log is whole."""


@dataclass(kw_only=True)
class Result:
    """What a run showed."""

    status: int | None
    """Exit status; None where the run did not end in time."""
    seconds: float
    outcomes: list[dict[str, Any]]
    """The lines of stdout."""
    main: int
    pss: int
    """Peaks of memory in bytes: RSS of the main process, sum of PSS over the tree."""
    closest: float = 0.0
    """The least time between the starts of two requests to one host, in seconds, as the newsstand saw it."""
    problems: list[str] = field(default_factory=list)
    """What was not as it should be, one line each."""


def run(
    folder: Path,
    *,
    delay: float,
    seconds: float,
    sets: Iterable[Path] = newsstand.SETS,
    environment: Mapping[str, str] = MappingProxyType({}),
    arguments: Iterable[str] = (),
) -> Result:
    """Archive all URLs of a newsstand with faults into ``folder``/archive, and judge the run.

    ``delay``: seconds between two requests to one host. ``seconds``: time after which the run is ended.
    ``environment``: settings as ``NEWSCLEAN_…``. ``arguments``: further arguments of ``newsclean archive``.
    """
    sets = list(sets)
    dealt = newsstand.deal(sets)
    with newsstand.serving(folder, sets) as stand:
        command = ["archive", "-q", "-i", str(stand.listed), "-o", str(folder / "archive"), "--proxy", stand.proxy]
        began = time.monotonic()
        with (folder / "outcomes.jsonl").open("wb") as out:
            job = start([*command, "--host-delay", str(delay), *arguments], out, environment)
            memory = Sampler(job.pid)
            memory.start()
            try:
                status: int | None = job.wait(seconds)
            except subprocess.TimeoutExpired:
                status = None
            finally:
                memory.stop()
                kill_tree(job)
        result = Result(
            status=status,
            seconds=time.monotonic() - began,
            outcomes=[json.loads(line) for line in (folder / "outcomes.jsonl").read_text().splitlines()],
            main=memory.main,
            pss=memory.pss,
        )
        stats = stand.stats()
        asked = Counter(_page_of(row["url"], dealt) for row in _settled(stand))
    result.closest = min(stats["min_gap_s"].values(), default=0.0)
    result.problems = [
        *([f"no end within {seconds:g} s"] if status is None else []),
        *([f"exit status {status}, not 1 (some inputs failed)"] if status not in (1, None) else []),
        *wrong_outcomes(result.outcomes, dealt),
        *_impolite(stats, dealt, delay),
        *_wrong_requests(asked, dealt),
        *([f"{memory.main / MB:.0f} MB RSS of the main process"] if memory.main >= LIMIT else []),
        *([f"{memory.pss / MB:.0f} MB PSS of all processes"] if memory.pss >= LIMIT else []),
    ]
    return result


def _settled(stand: newsstand.Newsstand) -> list[dict[str, Any]]:
    """The log when it has stopped growing: the newsstand writes a request down some time after its last byte."""
    rows = stand.requests()
    while True:
        time.sleep(_QUIET)
        later = stand.requests()
        if len(later) == len(rows):
            return later
        rows = later


def wrong_outcomes(outcomes: Iterable[Mapping[str, Any]], dealt: Mapping[str, newsstand.Dealt]) -> list[str]:
    """URLs that have no outcome, more than one, or another than their behaviour calls for."""
    found: dict[str, list[str]] = {url: [] for url in dealt}
    wrong = []
    for outcome in outcomes:
        if outcome["url"] not in found:
            wrong.append(f"{outcome['url']}: an outcome, but it was not in the list")
        else:
            found[outcome["url"]].append(outcome["outcome"])
    for url, ends in found.items():
        if len(ends) != 1:
            wrong.append(f"{url} ({dealt[url].behaviour}): {len(ends)} outcomes {ends}")
        elif not dealt[url].calls_for(ends[0]):
            wrong.append(f"{url} ({dealt[url].behaviour}): {ends[0]} instead of {dealt[url].outcome}")
    return wrong


def _impolite(
    stats: Mapping[str, Mapping[str, float]], dealt: Mapping[str, newsstand.Dealt], delay: float
) -> list[str]:
    """Hosts that saw two requests at once, or two starts closer than the delay."""
    # The newsstand holds a request that it lets stall for ten minutes, also when its client has long gone.
    stalling = {urlsplit(d.url).netloc for d in dealt.values() if d.behaviour == "stall"}
    return [
        *(
            f"{host}: {peak:g} requests at once"
            for host, peak in stats["peak_in_flight"].items()
            if peak > 1 and host not in stalling
        ),
        *(
            f"{host}: two requests started {gap:.3f} s apart, the delay is {delay:g} s"
            for host, gap in stats["min_gap_s"].items()
            if gap < delay * (1 - _EPSILON)
        ),
    ]


def _wrong_requests(asked: Mapping[str, int], dealt: Mapping[str, newsstand.Dealt]) -> list[str]:
    """URLs that were asked for more or less often than it takes, and robots.txt that was asked for twice."""
    return [
        *(
            f"{page.url} ({page.behaviour}): asked for {asked.get(url, 0)} times instead of {page.requests}"
            for url, page in dealt.items()
            if page.requests is not None and asked.get(url, 0) != page.requests
        ),
        *(f"{url}: asked for {count} times" for url, count in asked.items() if url not in dealt and count > 1),
        *(
            f"{host}: its robots.txt was not asked for"
            for host in {urlsplit(url).netloc for url in dealt}
            if not asked.get(f"http://{host}/robots.txt")
        ),
    ]


def _page_of(url: str, dealt: Mapping[str, newsstand.Dealt]) -> str:
    """The listed URL that a request was for: a redirect's hops count as its own."""
    base, mark = url[:-5], url[-4:]
    return base if mark in ("to=1", "to=2") and base in dealt else url
