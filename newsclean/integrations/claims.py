"""Who may write to a folder on shared storage: the attempt of a task that holds its claim, and no other.

Two things keep a second writer out. A lock (``flock``) on ``<name>.lock``: the system drops it when its process ends,
however it ends; a second attempt waits for it. And a note of the attempt in ``<name>.claim``, for storage whose locks
do not reach from one machine to the next: the holder looks at it all the time, and stops when another has taken over,
while the other waits for that.
"""

import fcntl
import json
import os
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from newsclean.errors import ArchiveBusyError

LOOK_SECONDS = 1.0
"""How often the holder looks whether the claim is still its own."""
FENCE_SECONDS = 30.0
"""How long one who takes over from another machine waits until its processes have seen it, and have closed their
files: exchanges under way get 10 seconds there."""
_WAIT_SECONDS = 600.0
"""How long the lock is waited for: an attempt that Spark gave up ends long before."""


class Claim:
    """The right of one attempt to write to one folder. A context manager; entering waits until no other has it.

    It is also what asks a run to stop (:class:`newsclean.archive.Stop`): when another attempt has taken it.
    """

    def __init__(
        self,
        folder: Path,
        attempt: str,
        *,
        machine: str | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """``folder``: the one that is claimed; the files of the claim lie beside it. ``attempt``: a name that no other
        attempt has. ``machine``: host name of this one, where it is not the system's."""
        self.attempt = attempt
        self._folder = folder
        self._machine = machine or socket.gethostname()
        self._clock = clock
        self._sleep = sleep
        self._note = folder.with_name(folder.name + ".claim")
        self._descriptor: int | None = None
        self._looked = 0.0
        self._lost = False

    def __enter__(self) -> Self:
        """Take the claim. Raises ArchiveBusyError where another attempt, still at work, does not end in time."""
        self._descriptor = self._locked()
        before = self.holder()
        self._write({"attempt": self.attempt, "machine": self._machine, "pid": os.getpid(), "ended": False})
        if before and not before.get("ended") and before.get("machine") != self._machine:
            self._sleep(FENCE_SECONDS)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._is_lost():
            self._write({"attempt": self.attempt, "machine": self._machine, "pid": os.getpid(), "ended": True})
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def holder(self) -> dict[str, Any] | None:
        """What the note says: ``attempt``, ``machine``, ``pid``, ``ended``; None where none can be read."""
        with suppress(OSError, ValueError):
            said = json.loads(self._note.read_bytes())
            return said if isinstance(said, dict) else None
        return None

    def is_set(self) -> bool:
        """Whether another attempt has taken the claim, so that this one has to stop."""
        if not self._lost and self._clock() - self._looked >= LOOK_SECONDS:
            self._looked = self._clock()
            self._lost = self._is_lost()
        return self._lost

    def lost(self) -> ArchiveBusyError:
        """The error of an attempt whose claim another has taken."""
        holder = (self.holder() or {}).get("attempt", "unknown")
        return ArchiveBusyError(
            f"{self._folder}: attempt {self.attempt} gave way to attempt {holder}, which goes on with this partition"
        )

    def _is_lost(self) -> bool:
        """A note that is missing, or cannot be read just now, is nobody else's."""
        holder = self.holder()
        return holder is not None and holder.get("attempt") != self.attempt

    def _locked(self) -> int:
        path = self._folder.with_name(self._folder.name + ".lock")
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        until = self._clock() + _WAIT_SECONDS
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return descriptor
            except BlockingIOError:
                if self._clock() >= until:
                    os.close(descriptor)
                    holder = (self.holder() or {}).get("attempt", "unknown")
                    raise ArchiveBusyError(
                        f"{self._folder}: attempt {holder} still writes to it; when it has ended, run the job again"
                    ) from None
                self._sleep(0.2)

    def _write(self, said: dict[str, Any]) -> None:
        new = self._note.with_name(f"{self._note.name}.{os.getpid()}.new")
        new.write_bytes(json.dumps(said).encode() + b"\n")
        new.replace(self._note)
