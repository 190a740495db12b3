"""The extraction processes' side: a template that loads everything once, and the processes that it forks.

Run as ``python -m newsclean.archive.process CONTROL-FD``. Over the control socket come the settings, then one end of
a socket for each process that is wanted. The processes share the template's memory (rules, language model, libraries:
more than 100 MB), and a new one costs milliseconds. The template says on stdout how each process ended: ``PID STATUS``,
below 0 for a signal. When the control socket is closed, it ends; a process ends when its own socket is closed.
"""

import contextlib
import gc
import os
import pickle
import signal
import socket
import struct
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any, BinaryIO

from newsclean.archive.memory import trim
from newsclean.model import Capture

LENGTH = struct.Struct("!Q")
"""Stands before each message: its length in bytes."""
_WARM_URL = "http://localhost/"
_WARM_WORDS = (
    "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore"
    " magna aliqua ut enim ad minim veniam quis nostrud exercitation ullamco laboris nisi ut aliquip"
).split()
_TRIM = 12 * 1024 * 1024
"""Bytes that a process has grown by, from which on it asks the allocator to give back what is free."""


def main() -> None:
    """Be the template; in a forked process, answer pages until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = socket.socket(fileno=int(sys.argv[1]))
    reports = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints stays out of the reports
    with control.makefile("rb") as stream:
        settings, function = receive(stream)
    sys.excepthook = lambda kind, problem, _: tell(control, False, _one_line(kind, problem))
    module, _, name = function.partition(":")
    extract: Callable[..., Any] = getattr(import_module(module), name)
    extract(Capture(url=_WARM_URL, final_url=_WARM_URL, body=_warm_page()), settings)
    gc.collect()
    trim()
    gc.freeze()  # the collector would write into pages of memory that are shared
    tell(control, True, None)
    connection = _forked(control, reports)
    if connection is not None:
        _answer(connection, extract, settings)


def _warm_page() -> bytes:
    """A page on which the usual parts of the extraction have to do, so that what they load is loaded before the forks.
    The largest date parser and the stop lists of the last resort stay out: one page in seventy and one in sixteen needs
    them, and they take 43 and 30 MB."""
    turned = [" ".join(_WARM_WORDS[i:] + _WARM_WORDS[:i]).capitalize() for i in range(12)]
    text = "".join(f"<p>{words}.</p>" for words in turned)
    return f"<html><body><article><h1>{turned[0]}</h1>{text}</article></body></html>".encode()


def receive(stream: BinaryIO) -> Any:
    """The next message; None where the other end is closed."""
    head = stream.read(LENGTH.size)
    return pickle.loads(stream.read(*LENGTH.unpack(head))) if len(head) == LENGTH.size else None


def tell(connection: socket.socket, ok: bool, value: Any) -> None:
    """Send a message; ``ok`` is false for last words."""
    data = pickle.dumps((ok, value), pickle.HIGHEST_PROTOCOL)
    connection.sendall(LENGTH.pack(len(data)) + data)


def _forked(control: socket.socket, reports: int) -> socket.socket | None:
    """Fork a process for each socket that comes. Returns its socket in the process, None at the template's end."""

    def report(*_: Any) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            os.write(reports, f"{pid} {os.waitstatus_to_exitcode(status)}\n".encode())

    signal.signal(signal.SIGCHLD, report)
    while True:
        _, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not descriptors:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            with contextlib.suppress(ChildProcessError):
                while True:  # so that their processor time is counted, and none is left behind
                    os.wait()
            return None
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            control.close()
            os.close(reports)
            return socket.socket(fileno=descriptors[0])
        os.close(descriptors[0])


def _answer(connection: socket.socket, extract: Callable[..., Any], settings: Any) -> None:
    sys.excepthook = lambda kind, problem, _: tell(connection, False, _one_line(kind, problem))
    tell(connection, True, os.getpid())
    shared = _memory()
    with connection.makefile("rb") as stream:
        while (task := receive(stream)) is not None:
            capture, site = task
            extraction = extract(capture, settings) if site is None else extract(capture, settings, site=site)
            del capture, task
            if (own := _memory() - shared) > _TRIM:
                trim()
                own = _memory() - shared
            tell(connection, True, (extraction, own))
            del extraction


def _one_line(kind: type[BaseException], problem: BaseException) -> str:
    return " ".join(f"{kind.__name__}: {problem}".split())[:500]


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
