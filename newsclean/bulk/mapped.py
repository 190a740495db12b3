"""One call for each of many pages, by several processes: a stream of pages in, a stream of results out.

A page that ends its process or takes too long has a result that says so, and the process is replaced. A page goes
through a pipe once; at any time each process has one, so that a page that ended a process is known.
"""

import multiprocessing
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

from newsclean.bulk.rows import CRASHED
from newsclean.bulk.workers import TIMED_OUT

Label = TypeVar("Label")
Payload = TypeVar("Payload")
Result = TypeVar("Result")
_AHEAD = 64
"""Results for each process that may wait for an earlier one."""


@dataclass(slots=True)
class _Process(Generic[Label, Payload]):
    process: Any
    connection: Connection
    number: int = -1
    label: Label | None = None
    payload: Payload | None = None
    since: float = 0.0


class Mapped(Generic[Label, Payload, Result]):
    """The processes of one stream. A context manager: they end with it."""

    def __init__(
        self,
        call: Callable[[Payload], Result],
        failed: Callable[[Payload, str, str], Result],
        *,
        workers: int,
        seconds: float,
        ordered: bool = True,
    ) -> None:
        """``call`` runs in the processes, which are forks of this one at the time when they begin: what was loaded
        before is shared. ``failed`` makes the result of a page, an outcome and a reason. ``seconds``: longest time for
        a page. ``ordered``: whether results have the order of the pages.
        """
        self._call = call
        self._failed = failed
        self._seconds = seconds
        self._ordered = ordered
        self._context = multiprocessing.get_context("fork")
        self._idle: list[_Process[Label, Payload]] = []
        self._busy: dict[Connection, _Process[Label, Payload]] = {}
        self._window = _AHEAD * workers
        for _ in range(workers):
            self._idle.append(self._started())

    def __enter__(self) -> "Mapped[Label, Payload, Result]":
        return self

    def __exit__(self, *_: object) -> None:
        for one in (*self._idle, *self._busy.values()):
            _end(one)
        self._idle, self._busy = [], {}

    def over(self, pages: Iterable[tuple[Label, Payload]]) -> Iterator[tuple[Label, Result]]:
        """The results of pages, each with its label."""
        waiting = iter(enumerate(pages))
        held: dict[int, tuple[Label, Result]] = {}
        due = 0
        ended = False
        while True:
            while self._idle and not ended and (not held or max(held) - due < self._window):
                number, page = next(waiting, (-1, None))
                if page is None:
                    ended = True
                else:
                    self._give(number, *page)
            if not self._busy:
                return
            for number, label, result in self._heard():
                if not self._ordered:
                    yield label, result
                    continue
                held[number] = (label, result)
                while due in held:
                    yield held.pop(due)
                    due += 1

    def _give(self, number: int, label: Label, payload: Payload) -> None:
        one = self._idle.pop()
        one.number, one.label, one.payload, one.since = number, label, payload, time.monotonic()
        self._busy[one.connection] = one
        # one that is gone is noticed when it is listened to
        with suppress(ConnectionError):
            one.connection.send(payload)

    def _heard(self) -> Iterator[tuple[int, Label, Result]]:
        for connection in wait(list(self._busy), timeout=min(1.0, self._seconds)):
            one = self._busy[connection]  # type: ignore[index]
            try:
                result = one.connection.recv()
            except (EOFError, ConnectionError):
                one.process.join()
                code = one.process.exitcode or 0
                ended = signal.Signals(-code).name if code < 0 else f"status {code}"
                yield self._lost(one, CRASHED, f"its process ended with {ended}")
                continue
            del self._busy[one.connection]
            self._idle.append(one)
            assert one.label is not None
            yield one.number, one.label, result
        now = time.monotonic()
        for one in [one for one in self._busy.values() if now - one.since > self._seconds]:
            yield self._lost(one, TIMED_OUT, f"not done after {self._seconds:g} s")

    def _lost(self, one: _Process[Label, Payload], outcome: str, reason: str) -> tuple[int, Label, Result]:
        del self._busy[one.connection]
        _end(one)
        self._idle.append(self._started())
        assert one.label is not None
        assert one.payload is not None
        return one.number, one.label, self._failed(one.payload, outcome, reason)

    def _started(self) -> _Process[Label, Payload]:
        ours, theirs = self._context.Pipe()
        others = [one.connection for one in (*self._idle, *self._busy.values())]
        process = self._context.Process(target=_work, args=(theirs, [ours, *others], self._call), daemon=True)
        process.start()
        theirs.close()
        return _Process(process, ours)


def _work(connection: Connection, others: list[Connection], call: Callable[[Any], Any]) -> None:
    """What a process does, until nobody is at the other end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the main process, which ends this one
    for other in others:
        other.close()
    with suppress(EOFError, ConnectionError):
        while True:
            connection.send(call(connection.recv()))


def _end(one: _Process[Any, Any]) -> None:
    one.connection.close()
    if one.process.is_alive():
        one.process.kill()
    one.process.join()
