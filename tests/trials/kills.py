"""Runs that are killed again and again, on one archive: nothing that was reported is lost, all ends as it should."""

import json
import random
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from newsclean.archive import Archive
from newsclean.errors import NewscleanError
from newsclean.model import RecordRef
from newsclean.settings import Settings
from tests.trials import newsstand
from tests.trials.faults import wrong_outcomes
from tests.trials.processes import COMMAND, descendants, gone, kill_tree, start

_EARLY = 0.25
"""Share of the kills that hit within the first seconds of a run: its imports, its repairs, its first pages."""
_EARLY_SECONDS = 1.5
_PATIENCE = 15.0
"""Seconds after which a run is killed that reports nothing."""


@dataclass(kw_only=True)
class Result:
    """What the runs showed."""

    kills: int = 0
    """Runs that were killed while they were at work."""
    early: int = 0
    """Kills before the run had reported anything."""
    seconds: float = 0.0
    outcomes: list[dict[str, Any]] = field(default_factory=list)
    """The lines of stdout of all runs."""
    torn: int = 0
    """WARC files that a kill left open."""
    problems: list[str] = field(default_factory=list)
    """What was not as it should be, one line each."""


def run(
    folder: Path,
    *,
    kills: int,
    seed: int,
    delay: float,
    seconds: float,
    sets: Iterable[Path] = newsstand.SETS,
    environment: Mapping[str, str] = MappingProxyType({}),
) -> Result:
    """Archive all URLs of a newsstand with faults into ``folder``/archive, killed so often on the way, and judge it.

    The moments are drawn at random: within the first seconds of a run, or shortly after it has reported so many
    outcomes that the kills are spread over the list. Half of them hit all processes at once, half the main process
    alone. ``seconds``: time after which the last run, which is not killed, is ended.
    """
    sets = list(sets)
    dealt = newsstand.deal(sets)
    dice = random.Random(seed)
    result = Result()
    began = time.monotonic()
    archive = folder / "archive"
    with newsstand.serving(folder, sets) as stand:
        command = ["archive", "-q", "-i", str(stand.listed), "-o", str(archive), "--proxy", stand.proxy]
        command += ["--host-delay", str(delay)]
        ends: dict[str, float] = {}
        for number in range(kills):
            share = 2 * (len(dealt) - _done(archive)) / (kills - number)
            reported = folder / f"outcomes-{number}.jsonl"
            with reported.open("wb") as out:
                job = start(command, out, environment)
                try:
                    killed, orphans = _kill(job, reported, dice, share)
                finally:
                    kill_tree(job)
            killed_at = time.time()
            if not gone(orphans):
                result.problems.append(f"kill {number}: the processes {orphans} outlive their main process")
            lines = _lines(reported)
            if not killed and job.returncode not in (0, 1, 3):
                result.problems.append(f"run {number} ended by itself, with status {job.returncode}")
            result.kills += killed
            result.early += killed and not lines
            result.torn += len(list((archive / "warc").glob("*.open")))
            for line in lines:
                ends.setdefault(line["url"], killed_at)
            result.outcomes += lines
        last = folder / "outcomes-last.jsonl"
        with last.open("wb") as out:
            job = start(command, out, environment)
            try:
                job.wait(seconds)
            except subprocess.TimeoutExpired:
                result.problems.append(f"no end within {seconds:g} s after the last kill")
            finally:
                kill_tree(job)
        result.outcomes += _lines(last)
        result.problems += [
            f"{row['url']}: asked for again after it was reported done"
            for row in stand.requests()
            # the row of a request that stalls is written ten minutes after its client has gone
            if row["time"] > ends.get(row["url"], row["time"]) and row["behaviour"] != "stall"
        ]
    result.seconds = time.monotonic() - began
    # What was recorded but not yet reported when the kill came is not reported later: the archive has the last word.
    with Archive.open(archive) as opened:
        result.problems += wrong_outcomes([asdict(outcome) for outcome in opened.outcomes()], dealt)
    twice = Counter(line["url"] for line in result.outcomes)
    result.problems += [f"{url}: reported {times} times" for url, times in twice.items() if times > 1]
    result.problems += problems_of(archive, result.outcomes, len(dealt))
    return result


def _kill(job: "subprocess.Popen[bytes]", reported: Path, dice: random.Random, share: float) -> tuple[bool, list[int]]:
    """Wait for the moment, and kill. Whether it came before the run ended; processes that are to end by themselves."""
    began = time.monotonic()
    alone = dice.random() < 0.5
    if dice.random() < _EARLY:
        moment, count = dice.uniform(0, _EARLY_SECONDS), None
    else:
        moment, count = dice.uniform(0, 0.3), dice.randint(0, max(1, round(share)))
    while count is not None and job.poll() is None and time.monotonic() - began < _PATIENCE:
        if len(_lines(reported)) >= count and (count or time.monotonic() - began > _EARLY_SECONDS):
            break
        time.sleep(0.01)
    try:
        job.wait(moment)
    except subprocess.TimeoutExpired:
        if alone:
            others = descendants(job.pid)
            job.kill()
            return True, others
        kill_tree(job)
        return True, []
    return False, []


def _done(folder: Path) -> int:
    """How many inputs of an archive have ended."""
    if not (folder / "catalog.sqlite").exists():
        return 0
    with Archive.open(folder) as archive:
        return sum(1 for _ in archive.outcomes())


def _lines(reported: Path) -> list[dict[str, Any]]:
    """The whole lines that a run has written."""
    data = reported.read_bytes()
    return [json.loads(line) for line in data[: data.rfind(b"\n") + 1].splitlines()]


def problems_of(folder: Path, reported: Iterable[Mapping[str, Any]], count: int) -> list[str]:
    """What is wrong with an archive of ``count`` inputs, of which its runs reported these outcomes."""
    files = sorted((folder / "warc").iterdir())
    problems = [f"{path.name}: not closed" for path in files if not path.name.endswith(".warc.gz")]
    for path in files:
        tested = subprocess.run(["gunzip", "-t", path], capture_output=True, check=False)
        problems += [f"{path.name}: gunzip -t: {tested.stderr.decode()}"] if tested.returncode else []
    if can_check():
        checked = subprocess.run([*COMMAND, "warc", "check", *files], capture_output=True, check=False)
        problems += [f"newsclean warc check: {checked.stdout.decode()[-2000:]}"] if checked.returncode else []
    if (folder / "index.cdxj").exists():
        indexed = subprocess.run([*COMMAND, "warc", "index", *files], capture_output=True, check=True)
        if (folder / "index.cdxj").read_bytes() != indexed.stdout:
            problems.append("index.cdxj is not what newsclean warc index makes of the files")
    return [*problems, *_lost(folder, reported, count), *_unlike(folder), *_double(files)]


def can_check() -> bool:
    """Whether there is a ``newsclean warc check``."""
    return not subprocess.run([*COMMAND, "warc", "check", "--help"], capture_output=True, check=False).returncode


def _lost(folder: Path, reported: Iterable[Mapping[str, Any]], count: int) -> Iterator[str]:
    """Outcomes that are not in the archive as they were reported, and records of them that cannot be read."""
    with Archive.open(folder) as archive:
        known = {outcome.url: outcome for outcome in archive.outcomes()}
        if len(known) != count:
            yield f"{len(known)} inputs have an outcome, not {count}"
        for line in reported:
            found = known.get(line["url"])
            ref = RecordRef(**line["record"]) if line["record"] else None
            if found is None:
                yield f"{line['url']}: reported as {line['outcome']}, but it has no outcome"
            elif (found.outcome, found.record, found.status) != (line["outcome"], ref, line["status"]):
                yield f"{line['url']}: reported as {line['outcome']} at {ref}, now {found.outcome} at {found.record}"
            elif ref is not None:
                try:
                    capture = archive.capture(ref)
                except NewscleanError as problem:
                    yield f"{line['url']}: its record cannot be read: {problem}"
                else:
                    if capture.status != line["status"]:
                        yield f"{line['url']}: its record has the status {capture.status}, not {line['status']}"


def _unlike(folder: Path) -> Iterator[str]:
    """Rows of the catalogue that the WARC files do not bear out."""
    catalogue = sqlite3.connect(f"file:{folder / 'catalog.sqlite'}?mode=ro", uri=True)
    catalogue.row_factory = sqlite3.Row
    try:
        if waiting := catalogue.execute("SELECT count(*) FROM captures WHERE waits").fetchone()[0]:
            yield f"{waiting} captures wait for their extraction"
        sizes = dict(catalogue.execute("SELECT name, size FROM files").fetchall())
        rows = catalogue.execute("SELECT * FROM captures").fetchall()
    finally:
        catalogue.close()
    on_disk = {path.name: path.stat().st_size for path in (folder / "warc").iterdir()}
    if sizes != on_disk:
        yield f"the catalogue has the files {sizes}, the disk {on_disk}"
    with Archive.open(folder) as archive:
        for row in rows:
            where = RecordRef(file=row["file"], offset=row["offset"], length=row["length"], record_id=row["record_id"])
            try:
                capture = archive.capture(where)
            except NewscleanError as problem:
                yield f"{row['url']}: {problem}"
                continue
            size = 0 if row["revisit_of"] else len(capture.body)  # the catalogue counts no bytes for a revisit
            now = (capture.final_url, capture.status, capture.fetched_at, capture.payload_digest, size)
            then = tuple(row[n] for n in ("final_url", "status", "fetched_at", "payload_digest", "body_bytes"))
            if now != then:
                yield f"{row['url']}: the record has {now}, the catalogue {then}"


def _double(files: Iterable[Path]) -> Iterator[str]:
    """Record ids that more than one record has."""
    from warcio.archiveiterator import ArchiveIterator

    seen: set[str] = set()
    for path in files:
        with path.open("rb") as file:
            for record in ArchiveIterator(file, no_record_parse=True):
                record_id = record.rec_headers.get_header("WARC-Record-ID")
                if record_id in seen:
                    yield f"{path.name}: {record_id} is there twice"
                seen.add(record_id)


def rebuilt(folder: Path, settings: Settings) -> list[str]:
    """Inputs that end otherwise when the catalogue of the archive is built anew from its WARC files."""
    with Archive.open(folder) as archive:
        before = {outcome.url: (outcome.outcome, outcome.record) for outcome in archive.outcomes()}
    Archive.reindex(folder, settings)
    with Archive.open(folder) as archive:
        after = {outcome.url: (outcome.outcome, outcome.record) for outcome in archive.outcomes()}
    return [
        f"{url}: {before.get(url)} before, {after.get(url)} after the catalogue was built anew"
        for url in {*before, *after}
        if before.get(url) != after.get(url)
    ]
