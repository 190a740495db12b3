"""The command as a process: started, its tree of processes watched and ended."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

COMMAND = (str(Path(sys.executable).parent / "newsclean"),)


def start(
    arguments: list[str], out: BinaryIO, environment: Mapping[str, str] = MappingProxyType({})
) -> "subprocess.Popen[bytes]":
    """Start newsclean in a session of its own, with no settings but these (``NEWSCLEAN_…``) and no proxy."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("NEWSCLEAN_") and not k.lower().endswith("_proxy")}
    return subprocess.Popen(
        [*COMMAND, *arguments],
        env={**kept, **environment},
        stdin=subprocess.DEVNULL,
        stdout=out,
        start_new_session=True,
    )


def descendants(pid: int) -> list[int]:
    """All processes that come from one and are alive, as far as /proc tells."""
    try:
        found = [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return [*found, *(deeper for child in found for deeper in descendants(child))]


def kill_tree(process: "subprocess.Popen[bytes]") -> None:
    """SIGKILL for a process of :func:`start`, and for all that came from it."""
    with suppress(ProcessLookupError):
        os.kill(process.pid, signal.SIGSTOP)  # so that it starts none while they are looked for
    for pid in [process.pid, *descendants(process.pid)]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()


def gone(pids: list[int], seconds: float = 20.0) -> bool:
    """Whether processes end by themselves within that time."""
    until = time.monotonic() + seconds
    while any(_alive(pid) for pid in pids):
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


class Sampler(threading.Thread):
    """Watches the memory of a process and all that come from it, ten times a second, until it is stopped.

    RSS counts a page of memory once for each process that has it, PSS shares it among them: the sum of PSS is what
    the job takes from the machine.
    """

    def __init__(self, pid: int) -> None:
        super().__init__()
        self.main = self.rss = self.pss = 0
        """Peaks in bytes: RSS of the first process; sums of RSS and of PSS over the tree."""
        self._pid = pid
        self._done = threading.Event()

    def run(self) -> None:
        while not self._done.wait(0.1):
            memory = [_rolled(pid) for pid in [self._pid, *descendants(self._pid)]]
            self.main = max(self.main, memory[0][0])
            self.rss = max(self.rss, sum(rss for rss, _ in memory))
            self.pss = max(self.pss, sum(pss for _, pss in memory))

    def stop(self) -> None:
        """End the watch."""
        self._done.set()
        self.join()


def _rolled(pid: int) -> tuple[int, int]:
    """RSS and PSS of a process, in bytes; zeros where it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0, 0
    values = {line.split(":")[0]: line.split() for line in lines[1:]}
    if "Rss" not in values:
        return 0, 0
    return 1024 * int(values["Rss"][1]), 1024 * int(values["Pss"][1])
