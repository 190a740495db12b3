"""Ctrl-C: the first finishes what is under way, the second stops at once."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def stop_on_signal(say: Callable[[str], None]) -> Iterator[threading.Event]:
    """An event that SIGINT and SIGTERM set; the second signal raises KeyboardInterrupt."""
    stop = threading.Event()

    def asked(_number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        say("stopping: what is under way is being finished; press Ctrl-C again to stop at once")

    if threading.current_thread() is not threading.main_thread():  # only the main thread hears signals
        yield stop
        return
    before = {number: signal.signal(number, asked) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
