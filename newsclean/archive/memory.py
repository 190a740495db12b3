"""The allocator of the C library, asked to give back what is free."""

import contextlib
import ctypes

_M_MMAP_THRESHOLD = -3
"""glibc's malloc.h."""
_LARGE = 256 * 1024


def give_back_large() -> None:
    """From now on, have each block above 256 kB go back to the system as soon as it is freed.

    glibc raises that limit by itself to the size of what was freed last, and then keeps bodies of many megabytes for
    later. For a process of our own: it holds for all of it. Nothing happens where there is no glibc.
    """
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE)


def trim() -> None:
    """Give all that is free back to the system, where there is glibc."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
