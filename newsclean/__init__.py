"""newsclean: fetches news articles into WARC and saves each article alone.

The public names are those of ``__all__``; they are loaded when they are first used, so that importing newsclean
costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from newsclean.version import __version__

if TYPE_CHECKING:
    from newsclean.archive import Archive
    from newsclean.errors import NewscleanError
    from newsclean.extraction import clean_text, extract, extract_capture
    from newsclean.model import (
        Article,
        Block,
        Capture,
        Evidence,
        Extraction,
        Outcome,
        PageKind,
        RecordRef,
        Source,
        Verdict,
        Versions,
    )
    from newsclean.near import near_duplicates
    from newsclean.settings import Settings
    from newsclean.warc import read_warc

__all__ = [
    "Archive",
    "Article",
    "Block",
    "Capture",
    "Evidence",
    "Extraction",
    "NewscleanError",
    "Outcome",
    "PageKind",
    "RecordRef",
    "Settings",
    "Source",
    "Verdict",
    "Versions",
    "__version__",
    "clean_text",
    "extract",
    "extract_capture",
    "near_duplicates",
    "read_warc",
]

_HOMES = {
    "Archive": "archive",
    "NewscleanError": "errors",
    "Settings": "settings",
    "clean_text": "extraction",
    "extract": "extraction",
    "extract_capture": "extraction",
    "near_duplicates": "near",
    "read_warc": "warc",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"newsclean.{_HOMES.get(name, 'model')}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
