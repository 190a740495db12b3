"""URL to exchanges: the HTTP client, the order of the requests, and the lists that the URLs come from.

The names load when they are asked for: the HTTP library takes long to import, and lists do not need it.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsclean.exchange import Exchange, Fetch
    from newsclean.fetch.client import Client
    from newsclean.fetch.scheduler import Job, Pull, crawl
    from newsclean.fetch.sources import Entry, read_list

__all__ = ["Client", "Entry", "Exchange", "Fetch", "Job", "Pull", "crawl", "read_list"]

_HOMES = {
    "Client": "newsclean.fetch.client",
    "Entry": "newsclean.fetch.sources",
    "Exchange": "newsclean.exchange",
    "Fetch": "newsclean.exchange",
    "Job": "newsclean.fetch.scheduler",
    "Pull": "newsclean.fetch.scheduler",
    "crawl": "newsclean.fetch.scheduler",
    "read_list": "newsclean.fetch.sources",
}


def __getattr__(name: str) -> object:
    from importlib import import_module

    try:
        return getattr(import_module(_HOMES[name]), name)
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
