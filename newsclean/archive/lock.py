"""One writer at a time: the lock file of an archive."""

import fcntl
import os
from pathlib import Path

from newsclean.errors import ArchiveBusyError


class Lock:
    """An advisory lock on ``<archive>/lock``; the system drops it when the process ends, however it ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._descriptor: int | None = None

    def take(self) -> None:
        """Take the lock, or keep it. Raises ArchiveBusyError, naming the process that holds it."""
        if self._descriptor is not None:
            return
        descriptor = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 20).decode("ascii", "replace").strip() or "unknown"
            os.close(descriptor)
            raise ArchiveBusyError(
                f"{self._folder}: process {holder} is writing to this archive; wait until it is done, "
                "or use another folder"
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._descriptor = descriptor

    def drop(self) -> None:
        """Give the lock back; nothing happens where it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
