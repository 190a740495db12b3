"""Takes exchanges that another crawler had into an archive, while that crawler runs."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from newsclean.archive import indexing, rebuild
from newsclean.archive.archive import CATALOGUE, WARC, Archive
from newsclean.archive.disk import disk_error
from newsclean.archive.lock import Lock
from newsclean.exchange import Fetch
from newsclean.model import Capture
from newsclean.settings import Settings
from newsclean.store import Catalogue, Ended
from newsclean.warc import Writer, capture_of

_ROUND = 64
"""Inputs recorded with one fsync, at most."""
_ROUND_SECONDS = 1.0
"""Longest time between two fsyncs while exchanges come in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed(Fetch):
    """A fetch whose redirects came, and were stored, one by one."""

    hops: tuple[str, ...] = ()
    """URLs of the hops before the exchange, the first asked first."""

    @property
    def redirects(self) -> tuple[str, ...]:
        """The hops."""
        return self.hops


class Recorder:
    """An archive that is open for exchanges from outside. A context manager; for one thread.

    It holds the archive's lock. Each exchange is written at once, so that it outlives the process; forced to the disk
    and recorded in the catalogue it is together with those of the same second. The pages wait there for their
    extraction, which the archive's next run makes. What a killed process left is taken in by the next one.

    Raises NoArchiveError for a folder that holds other things, ArchiveBusyError where another process writes to the
    archive, DiskFullError; and so does :meth:`add`.
    """

    def __init__(
        self, folder: str | Path, settings: Settings | None = None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """``folder``: an archive, or a folder that is new or empty. ``clock``: seconds, for the rounds."""
        self.folder = Path(folder)
        self._clock = clock
        self._settings = settings or Settings()
        Archive.create_or_open(self.folder, self._settings).close()
        with ExitStack() as stack:
            lock = Lock(self.folder)
            lock.take()
            stack.callback(lock.drop)
            self._catalogue = stack.enter_context(Catalogue.open(self.folder / CATALOGUE))
            warc = self.folder / WARC
            try:
                rebuild.repair(warc, self._catalogue)
                rebuild.catch_up(warc, self._catalogue)
            except OSError as problem:
                raise disk_error(problem, self.folder) from problem
            self._writer = stack.enter_context(
                Writer(
                    warc,
                    self._settings,
                    find=self._catalogue.original,
                    on_close=partial(indexing.add_file, self.folder),
                )
            )
            self._closing = stack.pop_all()
        self._waiting: list[Ended] = []
        self._ends: dict[str, int] = {}
        self._began = self._clock()
        self._open = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def add(self, fetch: Fetch) -> Capture | None:
        """Write the records of one exchange. Returns its capture; None where no answer came."""
        written = self._writer.write(fetch)
        self._ends[written.file] = written.end
        capture = None
        if written.response is not None:
            capture = replace(
                capture_of(fetch, written.response),
                payload_digest=written.payload_digest,
                revisit_of=written.revisit_of,
            )
        if fetch.purpose == "page":
            outcome, message = (fetch.error.code, str(fetch.error)) if fetch.error else (None, "")
            self._waiting.append(Ended(url=fetch.url, capture=capture, outcome=outcome, message=message))
        if len(self._waiting) >= _ROUND or self._clock() - self._began >= _ROUND_SECONDS:
            self.flush()
        return capture

    def flush(self) -> None:
        """Bring all that was added to the disk, and record it in the catalogue."""
        self._writer.flush()
        ended, self._waiting = self._waiting, []
        ends, self._ends = self._ends, {}
        if ends:
            self._catalogue.store(ended, ends)
        self._began = self._clock()

    def close(self) -> None:
        """Flush, close the WARC file and give the lock back. Closing it twice does no harm."""
        with self._closing:
            if self._open:
                self._open = False
                self.flush()
