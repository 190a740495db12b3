"""A proxy for the whole of one command."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

_NAMES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@contextmanager
def through_proxy(url: str | None) -> Iterator[None]:
    """Set the environment so that every URL is fetched through ``url``; None leaves it as it is."""
    if url is None:
        yield
        return
    # A lower-case name wins over the same in capitals, so the capitals can stay.
    before = {name: os.environ.get(name) for name in _NAMES}
    os.environ.update(http_proxy=url, https_proxy=url, all_proxy=url, no_proxy="")
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
