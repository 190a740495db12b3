"""What an extraction process does: read the settings, then a page, answer, and so on until the pipe is closed.

Run as ``python -m newsclean.archive.process``; imports nothing that the extraction does not need.
"""

import os
import pickle
import signal
import struct
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

LENGTH = struct.Struct("!Q")
"""Stands before each message: its length in bytes."""


def main() -> None:
    """Answer pages until there are no more. What ends it early is said in a last answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pages = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints stays out of the answers

    def receive() -> Any:
        head = pages.read(LENGTH.size)
        if len(head) < LENGTH.size:
            return None
        return pickle.loads(pages.read(*LENGTH.unpack(head)))

    def send(ok: bool, value: Any) -> None:
        data = pickle.dumps((ok, value), pickle.HIGHEST_PROTOCOL)
        answers.write(LENGTH.pack(len(data)) + data)
        answers.flush()

    def last_words(kind: type[BaseException], problem: BaseException, _trace: Any) -> None:
        send(False, " ".join(f"{kind.__name__}: {problem}".split())[:500])

    sys.excepthook = last_words
    settings, function = receive()
    module, _, name = function.partition(":")
    extract: Callable[[Any, Any], Any] = getattr(import_module(module), name)
    send(True, None)
    while (capture := receive()) is not None:
        extraction = extract(capture, settings)
        del capture
        send(True, (extraction, _memory()))
        del extraction


def _memory() -> int:
    """Bytes of memory that this process has resident; on systems without /proc, the most that it ever had."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        import resource

        return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()
