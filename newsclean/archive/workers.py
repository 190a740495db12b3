"""Processes that extract, each given one page at a time over a pipe.

Not concurrent.futures: there, one process that dies takes all pages under way with it and nobody knows which page it
was, a page that never ends cannot be ended, a script without a ``__main__`` guard is run again by each process, and
each process loads rules and language model for itself.
"""

import asyncio
import contextlib
import os
import pickle
import signal
import socket
import sys
from typing import Any

from newsclean.archive.process import LENGTH
from newsclean.clutter.site import SiteMemory
from newsclean.errors import NewscleanError
from newsclean.model import Capture, Extraction, Versions
from newsclean.settings import Settings, cores
from newsclean.version import __version__

EXTRACT = "newsclean.extraction:extract_capture"
"""``module:function`` that a process calls with a Capture and the Settings."""
CRASHED = "extraction-crashed"
"""Outcome of a page whose extraction ended its process."""
TIMED_OUT = "extraction-timeout"
"""Outcome of a page whose extraction did not end in time."""

_TASKS = 10
"""Pages after which a process is replaced: as it works it comes to copy what it shared, and the allocator never gives
all memory back. A new one costs milliseconds; 16 instead of 400 take 30 MB off two processes for 4 % more CPU."""
_LARGE = 48 * 1024
"""Bytes, as they came over the wire, of a page from which on it is extracted one at a time: its tree takes many
times as much for a moment."""
_OWN_MEMORY = 24 * 1024 * 1024
"""Bytes beyond what it shares with the others, from which on a process is replaced after its page."""


class Pool:
    """As many extraction processes as asked for; started when first needed."""

    def __init__(self, settings: Settings, *, function: str = EXTRACT, seconds: float = 180.0) -> None:
        self.size = settings.workers or cores()
        """How many pages are extracted at once."""
        self._settings = settings
        self._function = function
        self._seconds = seconds
        self._idle: asyncio.LifoQueue[_Worker | None] = asyncio.LifoQueue()
        for _ in range(self.size):
            self._idle.put_nowait(None)
        self._all: set[_Worker] = set()
        self._template: _Template | None = None
        self._starting = asyncio.Lock()
        self._large = asyncio.Lock()

    async def extract(self, capture: Capture, site: SiteMemory | None = None) -> Extraction:
        """Extract one page; waits until a process is free. ``site``: what is remembered of its site.

        A page that crashes its process or takes longer than the limit gives an Extraction with the outcome
        ``extraction-crashed`` or ``extraction-timeout``. Raises NewscleanError where no process can be started.
        """
        async with self._large if len(capture.body) > _LARGE else contextlib.nullcontext():
            return await self._extract(capture, site)

    async def _extract(self, capture: Capture, site: SiteMemory | None) -> Extraction:
        worker = await self._idle.get()
        try:
            if worker is None:
                worker = await self._started()
            try:
                # not wait_for: before Python 3.12 it loses a cancellation that comes together with the answer
                async with asyncio.timeout(self._seconds):
                    extraction, own = await worker.extract(capture, site)
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
            if worker.tasks >= _TASKS or own > _OWN_MEMORY:
                await self._end(worker)
                worker = None
            return extraction
        finally:
            self._idle.put_nowait(worker)

    async def close(self) -> None:
        """End all processes."""
        for worker in list(self._all):
            await self._end(worker)
        if self._template is not None:
            await self._template.end()
            self._template = None

    async def _started(self) -> "_Worker":
        async with self._starting:
            if self._template is None or not self._template.alive:
                self._template = await _Template.start(self._settings, self._function)
            worker = await self._template.fork()
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


class _Template:
    """The process that has everything loaded and forks the others."""

    def __init__(self, process: asyncio.subprocess.Process, control: socket.socket) -> None:
        self._process = process
        self._control = control
        self._endings: dict[int, asyncio.Future[int]] = {}
        self._listener = asyncio.create_task(self._listen())

    @classmethod
    async def start(cls, settings: Settings, function: str) -> "_Template":
        """Start it and wait until it is ready. Raises NewscleanError."""
        path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)
        ours, theirs = socket.socketpair()
        with theirs:
            process = await asyncio.create_subprocess_exec(
                *[sys.executable, "-P", "-m", "newsclean.archive.process", str(theirs.fileno())],
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env=os.environ | {"PYTHONPATH": path, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # a Ctrl-C on the terminal is for the main process alone
            )
        template = cls(process, ours)
        line = _Line(*await asyncio.open_unix_connection(sock=ours.dup()))
        try:
            await line.send((settings.with_values(origins={}), function))
            await line.receive()
        except _CrashedError as crash:
            status = await process.wait()
            await template.end()
            why = str(crash) or f"it ended with status {status}"
            raise NewscleanError(f"the extraction process does not start: {why}") from None
        finally:
            await line.close()
        return template

    async def fork(self) -> "_Worker":
        """A new process. Raises NewscleanError where the template is gone."""
        ours, theirs = socket.socketpair()
        line = _Line(*await asyncio.open_unix_connection(sock=ours))
        try:
            with theirs:
                self._control.setblocking(True)
                socket.send_fds(self._control, [b"+"], [theirs.fileno()])
            pid = await line.receive()
        except (OSError, _CrashedError):
            await line.close()
            raise NewscleanError("the extraction process does not start: its template has ended") from None
        self._endings[pid] = asyncio.get_running_loop().create_future()
        return _Worker(self, line, pid)

    @property
    def alive(self) -> bool:
        """Whether it can fork."""
        return self._process.returncode is None

    async def ending(self, pid: int) -> str:
        """How a process ended that is gone, in words."""
        try:
            async with asyncio.timeout(5):
                status = await self._endings[pid]
        except TimeoutError:
            return "the process is gone"
        finally:
            del self._endings[pid]
        return f"the process was ended by signal {-status}" if status < 0 else f"the process ended with status {status}"

    async def end(self) -> None:
        """End it; the processes that it forked are ended before."""
        self._control.close()
        await self._process.wait()
        await self._listener

    async def _listen(self) -> None:
        assert self._process.stdout is not None
        async for report in self._process.stdout:
            pid, status = map(int, report.split())
            ending = self._endings.get(pid)
            if ending is not None and not ending.done():
                ending.set_result(status)

    def forget(self, pid: int) -> None:
        """How that process ends, nobody will ask."""
        self._endings.pop(pid, None)


class _Line:
    """Messages over a socket; see ``process``."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def send(self, value: Any) -> None:
        data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        try:
            self._writer.write(LENGTH.pack(len(data)))
            self._writer.write(data)
            await self._writer.drain()
        except (BrokenPipeError, ConnectionResetError):
            raise _CrashedError from None

    async def receive(self) -> Any:
        """The next message. Raises _CrashedError with the last words, or none, where there is no more."""
        try:
            (length,) = LENGTH.unpack(await self._reader.readexactly(LENGTH.size))
            ok, value = pickle.loads(await self._reader.readexactly(length))
        except (asyncio.IncompleteReadError, ConnectionResetError):
            raise _CrashedError from None
        if not ok:
            raise _CrashedError(value)
        return value

    async def close(self) -> None:
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()


class _Worker:
    def __init__(self, template: _Template, line: _Line, pid: int) -> None:
        self._template = template
        self._line = line
        self._pid = pid
        self._gone = False
        self.tasks = 0

    async def extract(self, capture: Capture, site: SiteMemory | None) -> tuple[Extraction, int]:
        """The extraction, and the memory that the process has for itself now, in bytes."""
        self.tasks += 1
        try:
            await self._line.send((capture, site))
            answer: tuple[Extraction, int] = await self._line.receive()
        except _CrashedError as crash:
            self._gone = True
            raise _CrashedError(str(crash) or await self._template.ending(self._pid)) from None
        return answer

    async def end(self) -> None:
        """End the process, whatever it does."""
        if not self._gone:
            self._gone = True
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
        self._template.forget(self._pid)
        await self._line.close()
