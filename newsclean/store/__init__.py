"""The catalogue of an archive: queue, captures, articles, blocks, search, export."""

from newsclean.store.catalogue import Catalogue
from newsclean.store.drift import Drift
from newsclean.store.export import FORMATS, export, write_records
from newsclean.store.records import SCHEMA_VERSION, article_record, json_line
from newsclean.store.rows import Added, Copy, Ended, Pending, Queued, SearchHit, Stats, StoredArticle, Story

__all__ = [
    "FORMATS",
    "SCHEMA_VERSION",
    "Added",
    "Catalogue",
    "Copy",
    "Drift",
    "Ended",
    "Pending",
    "Queued",
    "SearchHit",
    "Stats",
    "StoredArticle",
    "Story",
    "article_record",
    "export",
    "json_line",
    "write_records",
]
