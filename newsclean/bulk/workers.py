"""Processes that extract whole WARC files or parts of them, each row handed over as a line of JSON.

A page that ends its process, or takes too long, is one row: the process is replaced, and the next one goes on behind
that page. What was handed over is never made again. Processes live long: what was learned of class names stays warm.
"""

import multiprocessing
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any, Literal

import msgspec

from newsclean.bulk.rows import CRASHED, Part, captures, failure, record_of
from newsclean.bulk.wanted import Wanted
from newsclean.errors import NewscleanError
from newsclean.extraction import extract
from newsclean.settings import Settings
from newsclean.warc import Damaged

TIMED_OUT = "extraction-timeout"
"""Outcome of a page that took longer than ``max_page_seconds``."""
_BATCH = 32
"""Rows that are handed over together; what a process holds when it ends is made again."""
_BATCH_BYTES = 512 * 1024
_MOST_DEATHS = 3
"""Processes in a row that end without a page, until the reason is taken to be the file."""


@dataclass(slots=True)
class Task:
    """One file here, or a part of it."""

    key: int
    path: str
    """Where it is here."""
    source: str
    """What it is called in messages."""
    part: Part | None = None
    passed: int = 0
    """Captures at its beginning whose rows were handed over; they are read and not extracted again."""
    failed: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Captures, by number, that are not to be tried again: outcome and reason."""
    deaths: int = 0
    """Processes that ended one after another without a page that could be why."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a worker has to say of a task."""

    task: Task
    kind: Literal["rows", "done", "failed"]
    rows: list[bytes] = field(default_factory=list)
    """Records as lines of JSON, without line feeds."""
    error: Exception | None = None


Extract = Callable[[Any, Settings, Wanted, str], dict[str, Any] | None]


class Workers:
    """Several processes, and the tasks that they are given. A context manager: they end with it."""

    def __init__(self, count: int, settings: Settings, wanted: Wanted, *, extract: Extract = record_of) -> None:
        self._count = count
        self._settings = settings.with_values(origins={})
        self._wanted = wanted
        self._extract = extract
        # forks of one process, which has loaded rules and classifier, share its memory
        self._context = multiprocessing.get_context("fork")
        self._idle: list[_Worker] = []
        self._running: dict[Connection, _Worker] = {}

    def __enter__(self) -> "Workers":
        warm(self._settings)
        # all at once, before this process has threads
        self._idle = [self._started() for _ in range(self._count)]
        return self

    def __exit__(self, *_: object) -> None:
        for worker in (*self._idle, *self._running.values()):
            worker.end()
        self._idle, self._running = [], {}

    @property
    def free(self) -> int:
        """How many tasks may be added before one is done."""
        return self._count - len(self._running)

    def add(self, task: Task) -> None:
        """Begin a task."""
        worker = self._idle.pop() if self._idle else self._started()
        worker.take(task)
        self._running[worker.connection] = worker

    def events(self) -> Iterator[Event]:
        """What comes within a second, of every task that has something to say; nothing where none is under way."""
        if not self._running:
            return
        limit = self._settings.max_page_seconds
        for connection in wait(list(self._running), timeout=min(1.0, limit)):
            yield from self._heard(self._running[connection])  # type: ignore[index]
        now = time.monotonic()
        for worker in [worker for worker in self._running.values() if now - worker.since > limit]:
            yield from self._lost(worker, TIMED_OUT, f"not done after {limit:g} s")

    def _started(self) -> "_Worker":
        ours, theirs = self._context.Pipe()
        others = [worker.connection for worker in (*self._idle, *self._running.values())]
        arguments = (theirs, [ours, *others], self._extract, self._settings, self._wanted)
        process = self._context.Process(target=_work, args=arguments, daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours)

    def _heard(self, worker: "_Worker") -> Iterator[Event]:
        try:
            kind, value = worker.connection.recv()
        except (EOFError, ConnectionError):
            worker.process.join()
            code = worker.process.exitcode or 0
            ended = signal.Signals(-code).name if code < 0 else f"status {code}"
            yield from self._lost(worker, CRASHED, f"its process ended with {ended}")
            return
        worker.since = time.monotonic()
        task = worker.task
        if kind == "at":
            worker.at = value
        elif kind == "rows":
            rows, task.passed = value
            task.deaths = 0
            yield Event(task, "rows", rows)
        else:
            del self._running[worker.connection]
            self._idle.append(worker)
            if kind == "last":
                yield Event(task, "rows", value)
                yield Event(task, "done")
            else:
                yield Event(task, "failed", error=value)

    def _lost(self, worker: "_Worker", outcome: str, reason: str) -> Iterator[Event]:
        """Go on behind the page that ended a process."""
        del self._running[worker.connection]
        worker.end()
        task = worker.task
        if worker.at is None or worker.at in task.failed:
            task.deaths += 1
        else:
            task.failed[worker.at] = (outcome, reason)
        if task.deaths >= _MOST_DEATHS:
            yield Event(task, "failed", error=RuntimeError(reason))
        else:
            self.add(task)


class _Worker:
    """A process, and how far it is."""

    def __init__(self, process: Any, connection: Connection) -> None:
        self.process = process
        self.connection = connection
        self.task = Task(key=-1, path="", source="")
        self.since = time.monotonic()
        self.at: int | None = None
        """Number of the capture that it is at."""

    def take(self, task: Task) -> None:
        """Begin a task; a process that is gone is noticed when it is listened to."""
        self.task, self.at, self.since = task, None, time.monotonic()
        with suppress(ConnectionError):
            self.connection.send(task)

    def end(self) -> None:
        """End the process, whatever it does."""
        self.connection.close()
        if self.process.is_alive():
            self.process.kill()
        self.process.join()


def _work(
    connection: Connection, others: Sequence[Connection], extract: Extract, settings: Settings, wanted: Wanted
) -> None:
    """What a process does: one task after another, until nobody is at the other end."""
    # Ctrl-C on the terminal is for the main process, which ends this one
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for other in others:
        other.close()
    with suppress(EOFError, ConnectionError):
        while True:
            task = connection.recv()
            try:
                _extracted(connection, extract, settings, wanted, task)
            except ConnectionError:
                raise
            except Exception as problem:  # noqa: BLE001 - told to the main process
                connection.send(("failed", _portable(problem)))


def _extracted(connection: Connection, extract: Extract, settings: Settings, wanted: Wanted, task: Task) -> None:
    """Hand over the rows of a task."""
    rows: list[bytes] = []
    held = 0
    for number, found in enumerate(captures(task.path, task.part)):
        if number < task.passed:
            continue
        if len(rows) >= _BATCH or held > _BATCH_BYTES:
            connection.send(("rows", (rows, number)))
            rows, held = [], 0
        connection.send(("at", number))
        if number in task.failed:
            outcome, reason = task.failed[number]
            offset = found.offset if isinstance(found, Damaged) else found.record.offset if found.record else 0
            message = f"{task.source}@{offset}: the extraction failed: {reason}"
            record: dict[str, Any] | None = failure(found, outcome, message, settings)
        else:
            record = extract(found, settings, wanted, task.source)
        if record is not None:
            rows.append(msgspec.json.encode(record))
            held += len(rows[-1])
    connection.send(("last", rows))


def _portable(problem: Exception) -> Exception:
    """An error that can be sent to another process."""
    return problem if isinstance(problem, NewscleanError) else RuntimeError(f"{type(problem).__name__}: {problem}")


def warm(settings: Settings) -> None:
    """Load rules, classifier and what else the first page loads."""
    extract(b"<html><body><article><h1>News</h1><p>Words of a page.</p></article></body></html>", settings=settings)
