"""The archive: the folder on disk, and the main job that fills it. The names load when they are asked for, so that an
extraction process, which starts inside this package, does not load the HTTP client and the catalogue.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsclean.archive.archive import Archive
    from newsclean.archive.job import Stop
    from newsclean.archive.progress import Progress, Summary

__all__ = ["Archive", "Progress", "Stop", "Summary"]

_HOMES = {"Archive": "archive", "Progress": "progress", "Stop": "job", "Summary": "progress"}


def __getattr__(name: str) -> object:
    from importlib import import_module

    try:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
