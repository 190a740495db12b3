"""The main job: what waits in the queue is fetched, stored as WARC, extracted and recorded, in that order.

Three stages run at once, with short queues between them, so that a slow stage holds up the ones before it instead of
filling the memory: fetchers (``connections`` of them) hand finished exchanges to one storer; the storer writes what has
come in since its last round to the WARC file, makes sure that it is on disk (one fsync for the whole round), and only
then records it in the catalogue; extraction processes judge the stored pages, and their results are recorded as they
come. Killed at any moment, the next start finds everything that was on disk.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from newsclean.archive import rebuild
from newsclean.archive.disk import disk_error
from newsclean.archive.frontier import Frontier
from newsclean.archive.progress import Progress, Summary, Tally
from newsclean.archive.workers import Pool
from newsclean.exchange import Fetch
from newsclean.fetch import Client
from newsclean.model import Capture, Outcome
from newsclean.settings import Settings
from newsclean.store import Catalogue, Ended, Queued
from newsclean.warc import Writer

_ROUND = 64
"""Exchanges stored with one fsync, at most."""
_GRACE = 10.0
"""Seconds that exchanges under way get when the run is stopped; what is not done by then stays in the queue."""
_TRANSIENT = ("dns", "connect", "timeout", "bad-http", "proxy", "fetch", "http-408", "http-425", "http-429")


class Stop(Protocol):
    """What asks a run to stop: a threading.Event or an asyncio.Event."""

    def is_set(self) -> bool:
        """Whether to stop."""


async def run(
    folder: Path,
    catalogue: Catalogue,
    settings: Settings,
    *,
    retry_failed: bool = False,
    on_progress: Callable[[Progress], None] | None = None,
    on_outcome: Callable[[Outcome], None] | None = None,
    stop: Stop | None = None,
) -> Summary:
    """Bring every input that waits to its end; the archive's lock must be held. See Archive.fetch_all."""
    began = time.monotonic()
    warc = folder / "warc"
    rebuild.repair(warc, catalogue)
    if retry_failed:
        failed = catalogue.outcome_counts()
        catalogue.requeue(code for code in failed if code in _TRANSIENT or code.startswith("http-5"))
    rebuild.catch_up(warc, catalogue)
    counts = catalogue.counts()
    tally = Tally(counts["queued"] + counts["fetched"], on_progress, on_outcome)
    tally.show()
    before = catalogue.file_sizes()
    job = _Job(folder, catalogue, settings, tally, stop)
    try:
        if tally.total:
            await job.run()
    except* OSError as group:
        raise disk_error(_first(group), folder) from group
    except* Exception as group:
        raise _first(group) from group
    after = catalogue.file_sizes()
    written = {name: size for name, size in after.items() if size != before.get(name)}
    counts = catalogue.counts()
    return Summary(
        outcomes=dict(tally.outcomes.most_common()),
        waiting=counts["queued"] + counts["fetched"],
        bytes_fetched=tally.bytes,
        bytes_warc=sum(size - before.get(name, 0) for name, size in written.items()),
        seconds=time.monotonic() - began,
        interrupted=job.stopped,
        folder=folder,
        warc_files=tuple(warc / name for name in written),
    )
