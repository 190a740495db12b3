"""The main job: what waits in the queue is fetched, stored as WARC, extracted and recorded, in that order.

Three stages run at once, with short queues between them, so that a slow stage holds up the ones before it instead of
filling the memory. The crawl hands finished exchanges to one storer; the storer writes what has come in since its
last round to the WARC file, makes sure that it is on disk (one fsync for the whole round), and only then records it in
the catalogue; extraction processes judge the stored pages, and their results are recorded as they come. Killed at any
moment, the next start finds everything that was on disk.
"""

import asyncio
import time
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Protocol

from newsclean.archive import indexing, rebuild
from newsclean.archive.disk import disk_error
from newsclean.archive.estimate import Estimate
from newsclean.archive.learning import Memories, is_heard, learn
from newsclean.archive.progress import STORED, Progress, Summary, Tally
from newsclean.archive.room import Room
from newsclean.archive.workers import Pool, failed
from newsclean.errors import InputError, WarcError
from newsclean.exchange import Fetch
from newsclean.fetch import Client, Job, crawl
from newsclean.fetch.discover import discover
from newsclean.fetch.found import Found, Sources
from newsclean.model import Capture, Extraction, Outcome
from newsclean.settings import Settings
from newsclean.store import Catalogue, Ended, Pending
from newsclean.urls import host_of
from newsclean.warc import Writer, Written, capture_of

_ROUND = 64
"""Fetches stored with one fsync, at most."""
_ROOM = 8 * 1024 * 1024
"""Bytes of fetched pages that may wait to be stored."""
_GRACE = 10.0
"""Seconds that exchanges under way get when the run is stopped; what is not done by then stays in the queue."""
_HOST_AT_ONCE = 64
"""Inputs of one host read from the queue in one go, so that a host with many leaves room for the others."""
_TRANSIENT = (
    *("dns", "connect", "timeout", "bad-http", "proxy", "fetch", "robots-unavailable"),
    *("http-408", "http-425", "http-429"),
    "not-article:bot-challenge",
)


class Stop(Protocol):
    """What asks a run to stop: a threading.Event or an asyncio.Event."""

    def is_set(self) -> bool:
        """Whether to stop."""


async def run(
    folder: Path,
    catalogue: Catalogue,
    settings: Settings,
    *,
    fetching: bool = True,
    extracting: bool = True,
    learning_first: bool = False,
    retry_failed: bool = False,
    sources: Sources | None = None,
    older_than: str | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    on_outcome: Callable[[Outcome], None] | None = None,
    stop: Stop | None = None,
) -> Summary:
    """Bring every input that waits to its end; the archive's lock must be held. See Archive.fetch_all.

    Without ``fetching``, what is stored is recorded and extracted, and nothing is asked for; without ``extracting``,
    pages are fetched and stored and wait for a later run. ``learning_first``: what repeats over the sites of the pages
    that wait is learned before they are extracted, otherwise it is heard by the run after this one.
    """
    began = time.monotonic()
    warc = folder / "warc"
    before = catalogue.file_sizes()
    try:
        rebuild.repair(warc, catalogue)
        known: list[str] = []
        rebuild.catch_up(warc, catalogue, known.append)
        if retry_failed:
            codes = catalogue.outcome_counts()
            catalogue.requeue(code for code in codes if code in _TRANSIENT or code.startswith("http-5"))
        counts = catalogue.counts()
        waiting = (counts["fetched"] if extracting else 0) + (counts["queued"] if fetching else 0)
        tally = Tally(waiting + len(known), on_progress, on_outcome)
        for url in known:
            tally.add(catalogue.outcome(url))
        tally.show()
        if learning_first:
            is_stopped = stop.is_set if stop is not None else lambda: False
            await learn(warc, catalogue, settings, on_progress=on_progress, is_stopped=is_stopped)
        if waiting or sources:
            finding = (sources, older_than) if sources else None
            job = _Run(folder, catalogue, settings, tally, stop, extracting=extracting, finding=finding)
            await job.run(fetching=fetching)
    except BaseExceptionGroup as group:
        raise _first(group, folder) from group
    except OSError as problem:
        raise disk_error(problem, folder) from problem
    after = catalogue.file_sizes()
    written = {name: size for name, size in after.items() if fetching and size > before.get(name, 0)}
    counts = catalogue.counts()
    waiting = counts["queued"] + (counts["fetched"] if extracting else 0)
    interrupted = stop is not None and stop.is_set() and waiting > 0
    if extracting and not interrupted:
        catalogue.settle_sites()
    return Summary(
        outcomes=dict(tally.outcomes.most_common()),
        waiting=waiting,
        revisits=tally.revisits,
        bytes_fetched=tally.bytes,
        bytes_warc=sum(size - before.get(name, 0) for name, size in written.items()),
        seconds=time.monotonic() - began,
        interrupted=interrupted,
        folder=folder,
        warc_files=tuple(warc / name for name in written),
    )


class _Run:
    """One run: the stages and the queues between them. None in a queue says that nothing more comes."""

    def __init__(
        self,
        folder: Path,
        catalogue: Catalogue,
        settings: Settings,
        tally: Tally,
        stop: Stop | None,
        *,
        extracting: bool,
        finding: tuple[Sources, str | None] | None,
    ) -> None:
        self._warc = folder / "warc"
        self._catalogue = catalogue
        self._settings = settings
        self._tally = tally
        self._stop_asked = stop
        self._finding = finding
        self._stop = asyncio.Event()
        self._pool = Pool(settings, seconds=settings.max_page_seconds) if extracting else None
        extractors = self._pool.size if self._pool else 0
        self._memories = Memories(catalogue, settings)
        self._learning = is_heard(settings)
        self._fetched: asyncio.Queue[Fetch | None] = asyncio.Queue()
        self._room = Room(_ROOM)
        self._stored: asyncio.Queue[tuple[int, Capture] | None] = asyncio.Queue(maxsize=extractors)
        self._thread = ThreadPoolExecutor(max_workers=1)  # each further thread would keep memory of its own
        self._writing: asyncio.Future[list[Written]] | None = None
        self._unread: dict[str, tuple[int, int]] = {}
        self._estimate: Estimate | None = None

    async def run(self, *, fetching: bool) -> None:
        """Run all stages to their end. Raises an exception group."""
        try:
            async with asyncio.TaskGroup() as group:
                watch = group.create_task(self._watch())
                extractors = [group.create_task(self._extract(self._pool)) for _ in range(self._stored.maxsize)]
                if self._pool:
                    await self._left_behind()
                if fetching:
                    storer = group.create_task(self._store())
                    await self._crawl()
                    await self._fetched.put(None)
                    await storer
                for _ in extractors:
                    await self._stored.put(None)
                await asyncio.gather(*extractors)
                watch.cancel()
        finally:  # behind the group: a process that ends under a page would be taken for a crash of that page
            if self._pool:
                await asyncio.shield(self._pool.close())

    # Fetching

    async def _crawl(self) -> None:
        async with Client(self._settings, on_side=self._put) as client:
            crawling = asyncio.create_task(self._find_and_fetch(client))
            stopping = asyncio.create_task(self._stop.wait())
            try:
                await asyncio.wait([crawling, stopping], return_when=asyncio.FIRST_COMPLETED)
                await asyncio.wait([crawling], timeout=_GRACE)
            finally:
                stopping.cancel()
                crawling.cancel()
                ended, _ = await asyncio.gather(crawling, stopping, return_exceptions=True)
            if isinstance(ended, Exception):
                raise ended

    async def _find_and_fetch(self, client: Client) -> None:
        if self._finding:
            await self._find(client, *self._finding)
        left = self._catalogue.queued_hosts()
        self._unread = {host: (count, 0) for host, count in left.items()}
        self._estimate = Estimate(left, client.pace)
        self._tally.estimate = self._estimate.seconds
        await crawl(self._pull, client, self._on_fetched, self._stop)

    async def _find(self, client: Client, sources: Sources, older_than: str | None) -> None:
        """Queue the stories that the sources name; a source that cannot be had or read is an outcome."""
        async with aclosing(discover(client, sources, self._put)) as findings:
            async for found in findings:
                if isinstance(found, Found):
                    added = self._catalogue.add_inputs([(found.url, found.origin)], older_than=older_than)
                    self._tally.total += added.new + added.again
                else:
                    message = str(found.error)
                    self._tally.total += 1
                    self._tally.add(
                        Outcome(url=found.url, outcome=found.error.code, origin=found.origin, message=message)
                    )
                if self._stop.is_set():
                    break

    def _pull(self, count: int, full: Collection[str]) -> list[Job[int]]:
        """The next inputs, a share of each host's."""
        jobs: list[Job[int]] = []
        hosts = [host for host in self._unread if host not in full]
        share = max(1, min(_HOST_AT_ONCE, count // max(1, len(hosts))))
        for host in hosts[:count]:
            left, after = self._unread.pop(host)
            found = self._catalogue.queued(limit=min(share, left), after=after, host=host)
            jobs += [Job(url=item.url, key=item.id, earlier=item.earlier) for item in found]
            if found and left > len(found):
                self._unread[host] = (left - len(found), found[-1].id)  # it goes to the end of the line
        return jobs

    async def _on_fetched(self, job: Job[int], fetch: Fetch) -> None:
        if self._estimate:
            self._estimate.done(host_of(job.url))
        await self._put(fetch)

    async def _put(self, fetch: Fetch) -> None:
        """Hand a fetch to the storer; waits while too much is on its way there."""
        await self._room.enter(_size(fetch))
        await self._fetched.put(fetch)

    async def _watch(self) -> None:
        """Pass the stop on, from whichever kind of event it comes."""
        while self._stop_asked is None or not self._stop_asked.is_set():
            await asyncio.sleep(0.1)
        self._stop.set()

    # Storing

    async def _store(self) -> None:
        """Write, sync, record, round after round, until the crawl is over; then close the file."""
        # The writer looks up in its own thread what is stored already.
        with Catalogue.open(self._catalogue.file, write=False) as known:
            writer = Writer(
                self._warc,
                self._settings,
                find=known.original,
                on_close=partial(indexing.add_file, self._warc.parent),
            )
            try:
                more = True
                while more:
                    fetches = []
                    item = await self._fetched.get()
                    while item is not None:
                        fetches.append(item)
                        if len(fetches) == _ROUND or self._fetched.empty():
                            break
                        item = self._fetched.get_nowait()
                    more = item is not None
                    if fetches:
                        await self._store_round(writer, fetches)
            finally:
                if self._writing is not None:  # cancelled, it goes on in its thread
                    await asyncio.wait([self._writing])
                self._thread.shutdown()
                writer.close()

    async def _store_round(self, writer: Writer, fetches: list[Fetch]) -> None:
        self._writing = asyncio.get_running_loop().run_in_executor(self._thread, _written, writer, fetches)
        written = await asyncio.shield(self._writing)
        ended = [_ended(fetch, place) for fetch, place in zip(fetches, written, strict=True) if fetch.purpose == "page"]
        ids = self._catalogue.store(ended, {place.file: place.end for place in written})
        for fetch in fetches:
            self._tally.bytes += _size(fetch)
            self._room.leave(_size(fetch))
        for end, capture_id in zip(ended, ids, strict=True):
            if capture_id is None or end.outcome is not None:
                self._tally.add(self._catalogue.outcome(end.url))
            elif end.capture is not None:
                await self._to_extract(capture_id, end)

    async def _to_extract(self, capture_id: int, end: Ended) -> None:
        """Pass a stored page on, unless its input has that page already."""
        capture = end.capture
        assert capture is not None
        if capture.revisit_of and not self._catalogue.waits(capture_id):
            self._tally.add(self._catalogue.capture_outcome(capture_id))
        elif self._pool is None:
            self._tally.add(Outcome(url=end.url, outcome=STORED, status=capture.status, record=capture.record))
        elif capture.revisit_of and not capture.body:
            await self._read_back(Pending.of(capture_id, end.url, capture))
        else:
            await self._stored.put((capture_id, capture))

    # Extracting

    async def _left_behind(self) -> None:
        """Extract what an earlier run stored and did not come to."""
        last = 0
        while not self._stop.is_set() and (batch := self._catalogue.pending(limit=100, after=last)):
            for item in batch:
                if self._stop.is_set():
                    break
                last = item.capture_id
                await self._read_back(item)

    async def _read_back(self, item: Pending) -> None:
        """Pass a page on that is not in memory."""
        try:
            capture = rebuild.pending_capture(self._warc, item, self._catalogue)
        except (WarcError, InputError) as problem:
            lost = Capture(url=item.url, final_url=item.url, record=item.record)
            self._record(item.capture_id, failed(self._settings, lost, problem.code, str(problem)))
        else:
            await self._stored.put((item.capture_id, capture))

    async def _extract(self, pool: Pool | None) -> None:
        while pool and (item := await self._stored.get()) is not None:
            capture_id, capture = item
            memory = self._memories.of(host_of(capture.final_url))
            self._record(capture_id, await pool.extract(capture, memory))

    def _record(self, capture_id: int, extraction: Extraction) -> None:
        self._catalogue.store_extractions([(capture_id, extraction)], learning=self._learning)
        self._tally.add(self._catalogue.capture_outcome(capture_id))


def _written(writer: Writer, fetches: list[Fetch]) -> list[Written]:
    """Write fetches, and wait until the disk has them."""
    written = [writer.write(fetch) for fetch in fetches]
    writer.flush()
    return written


def _ended(fetch: Fetch, place: Written) -> Ended:
    capture = capture_of(fetch, place.response) if place.response is not None else None
    if capture:
        capture = replace(capture, payload_digest=place.payload_digest, revisit_of=place.revisit_of)
    if fetch.error is None:
        return Ended(url=fetch.url, capture=capture)
    return Ended(url=fetch.url, capture=capture, outcome=fetch.error.code, message=str(fetch.error))


def _size(fetch: Fetch) -> int:
    return sum(len(exchange.response_bytes) for exchange in fetch.exchanges)


def _first(group: BaseExceptionGroup[BaseException], folder: Path) -> BaseException:
    """The error that ended the run, in our words."""
    problem = group.exceptions[0]
    if isinstance(problem, BaseExceptionGroup):
        return _first(problem, folder)
    return disk_error(problem, folder) if isinstance(problem, OSError) else problem
