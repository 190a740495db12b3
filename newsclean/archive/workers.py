"""Processes that extract, each given one page at a time over a pipe.

Not concurrent.futures: there, one process that dies takes all pages under way with it and nobody knows which page it
was, a page that never ends cannot be ended, and a script without a ``__main__`` guard is run again by each process.
"""

import asyncio
import contextlib
import os
import pickle
import sys
from typing import Any

from newsclean.archive.process import LENGTH
from newsclean.errors import NewscleanError
from newsclean.model import Capture, Extraction, Versions
from newsclean.settings import Settings
from newsclean.version import __version__

EXTRACT = "newsclean.extraction:extract_capture"
"""``module:function`` that a process calls with a Capture and the Settings."""
CRASHED = "extraction-crashed"
"""Outcome of a page whose extraction ended its process."""
TIMED_OUT = "extraction-timeout"
"""Outcome of a page whose extraction did not end in time."""

_TASKS = 400  # lxml and the allocator never give all memory back; a fresh process does
_MAX_MEMORY = 320 * 1024 * 1024


class Pool:
    """As many extraction processes as asked for; started when first needed."""

    def __init__(self, settings: Settings, *, function: str = EXTRACT, seconds: float = 180.0) -> None:
        self.size = settings.workers or min(4, os.cpu_count() or 1)
        """How many pages are extracted at once."""
        self._settings = settings
        self._function = function
        self._seconds = seconds
        self._idle: asyncio.LifoQueue[_Worker | None] = asyncio.LifoQueue()
        for _ in range(self.size):
            self._idle.put_nowait(None)
        self._all: set[_Worker] = set()

    async def extract(self, capture: Capture) -> Extraction:
        """Extract one page; waits until a process is free.

        A page that crashes its process or takes longer than the limit gives an Extraction with the outcome
        ``extraction-crashed`` or ``extraction-timeout``. Raises NewscleanError where no process can be started.
        """
        worker = await self._idle.get()
        try:
            if worker is None:
                worker = await self._started()
            try:
                extraction, used = await asyncio.wait_for(worker.extract(capture), self._seconds)
            except TimeoutError:
                await self._end(worker)
                worker = None
                return self._failed(capture, TIMED_OUT, f"not done after {self._seconds:g} s")
            except _CrashedError as crash:
                await self._end(worker)
                worker = None
                return self._failed(capture, CRASHED, str(crash))
            except asyncio.CancelledError:  # its answer would be taken for the next page's
                await asyncio.shield(self._end(worker))
                worker = None
                raise
            if worker.tasks >= _TASKS or used > _MAX_MEMORY:
                await self._end(worker)
                worker = None
            return extraction
        finally:
            self._idle.put_nowait(worker)

    async def close(self) -> None:
        """End all processes."""
        for worker in list(self._all):
            await self._end(worker)

    async def _started(self) -> "_Worker":
        worker = await _Worker.start(self._settings, self._function)
        self._all.add(worker)
        return worker

    async def _end(self, worker: "_Worker") -> None:
        await worker.end()
        self._all.discard(worker)

    def _failed(self, capture: Capture, outcome: str, why: str) -> Extraction:
        record = capture.record
        where = f"; the page is stored at {record.file}@{record.offset}" if record else ""
        return failed(self._settings, capture, outcome, f"{capture.final_url}: the extraction failed: {why}{where}")


def failed(settings: Settings, capture: Capture, outcome: str, message: str) -> Extraction:
    """What is recorded of a page whose extraction could not be made."""
    versions = Versions(newsclean=__version__, rules="", engine=settings.engine, settings=settings.extraction_digest())
    return Extraction(
        outcome=outcome,
        message=message,
        versions=versions,
        record=capture.record,
        captured_at=capture.fetched_at or None,
    )


class _CrashedError(Exception):
    """The process is gone, or says that it goes."""


class _Worker:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.tasks = 0

    @classmethod
    async def start(cls, settings: Settings, function: str) -> "_Worker":
        path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)
        process = await asyncio.create_subprocess_exec(
            *[sys.executable, "-P", "-m", "newsclean.archive.process"],
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": path, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            start_new_session=True,  # a Ctrl-C on the terminal is for the main process alone
        )
        worker = cls(process)
        try:
            await worker._send((settings.with_values(origins={}), function))
            await worker._receive()
        except _CrashedError as crash:
            await worker.end()
            raise NewscleanError(f"the extraction process does not start: {crash}") from None
        return worker

    async def extract(self, capture: Capture) -> tuple[Extraction, int]:
        """The extraction, and the memory that the process uses now, in bytes."""
        self.tasks += 1
        await self._send(capture)
        answer: tuple[Extraction, int] = await self._receive()
        return answer

    async def end(self) -> None:
        """End the process, whatever it does."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.communicate()

    async def _send(self, value: Any) -> None:
        assert self._process.stdin is not None
        data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        try:
            self._process.stdin.write(LENGTH.pack(len(data)))
            self._process.stdin.write(data)
            await self._process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError):
            raise _CrashedError(await self._ending()) from None

    async def _receive(self) -> Any:
        assert self._process.stdout is not None
        try:
            (length,) = LENGTH.unpack(await self._process.stdout.readexactly(LENGTH.size))
            ok, value = pickle.loads(await self._process.stdout.readexactly(length))
        except asyncio.IncompleteReadError:
            raise _CrashedError(await self._ending()) from None
        if not ok:
            raise _CrashedError(value)
        return value

    async def _ending(self) -> str:
        status = await self._process.wait()
        return f"the process was ended by signal {-status}" if status < 0 else f"the process ended with status {status}"
