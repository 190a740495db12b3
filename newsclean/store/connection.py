"""Opening the catalogue's file, and sqlite3's errors in our words."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newsclean.errors import ArchiveBusyError, ArchiveError, DiskFullError, NewerSchemaError, NoArchiveError
from newsclean.store import schema

_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_NO_DATABASE = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
_SPACE = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)


@contextmanager
def translated(file: Path) -> Iterator[None]:
    """Raise ArchiveBusyError, DiskFullError, NoArchiveError or ArchiveError instead of sqlite3's errors."""
    try:
        yield
    except sqlite3.Error as problem:
        code = getattr(problem, "sqlite_errorcode", 0) & 0xFF
        again = f"`newsclean reindex {file.parent}` rebuilds it from warc/"
        if code in _BUSY:
            raise ArchiveBusyError(
                f"{file}: another process holds the catalogue; wait until it is done and run the same command again"
            ) from problem
        if code in _SPACE:
            raise DiskFullError(
                f"{file}: no space left, or the disk refused to write ({problem}); what was reported done is stored: "
                "free some space and run the same command again"
            ) from problem
        if code in _NO_DATABASE:
            raise NoArchiveError(f"{file}: no catalogue, or a damaged one ({problem}); {again}") from problem
        if code == sqlite3.SQLITE_CANTOPEN:
            raise NoArchiveError(f"{file}: cannot be opened ({problem}); {again}") from problem
        if code == sqlite3.SQLITE_READONLY:
            raise ArchiveError(f"{file}: may not be written; check the rights of the folder") from problem
        raise ArchiveError(f"{file}: the catalogue failed ({problem}); {again}") from problem


def connect(file: Path, *, create: bool, write: bool, busy_timeout: float) -> sqlite3.Connection:
    """Open the catalogue; with ``create``, make it where it is missing. ``busy_timeout`` is in seconds.

    Raises NoArchiveError for a file that is missing or no catalogue of ours, NewerSchemaError, ArchiveBusyError.
    """
    if not create and not file.exists():
        raise NoArchiveError(
            f"{file}: no such catalogue; `newsclean reindex {file.parent}` builds it from the WARC files in warc/"
        )
    with translated(file):
        uri = file.absolute().as_uri()
        mode = "rwc" if create else "rw"
        if not write and not os.access(file.parent, os.W_OK):
            mode = "ro&immutable=1"  # the write-ahead log cannot be made there, and nobody else can write either
        connection = sqlite3.connect(
            f"{uri}?mode={mode}", uri=True, timeout=busy_timeout, isolation_level=None, check_same_thread=False
        )
        try:
            _prepare(connection, file, write)
        except BaseException:
            connection.close()
            raise
    return connection


def _prepare(connection: sqlite3.Connection, file: Path, write: bool) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    version = _number(connection, "user_version")
    application = _number(connection, "application_id")
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if (application != schema.APPLICATION_ID and tables) or (not tables and not write):
        raise NoArchiveError(
            f"{file}: no newsclean catalogue; move it away and run `newsclean reindex {file.parent}` to build one"
        )
    if version > schema.SCHEMA:
        raise NewerSchemaError(
            f"{file}: written by a newer newsclean (catalogue layout {version}, this one reads up to {schema.SCHEMA}); "
            "upgrade with `pip install -U newsclean`"
        )
    try:
        if not tables:
            connection.execute("PRAGMA journal_mode = WAL")
            schema.create(connection)
        elif version < schema.SCHEMA:
            schema.migrate(connection, version)
    except sqlite3.OperationalError:
        # another process has done it in the meantime
        if _number(connection, "user_version") != schema.SCHEMA:
            raise
    # The WARC files are the truth and are synced before the catalogue: losing the last transactions of the
    # catalogue to a power cut costs nothing, the next start reads them from the WARC files.
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA cache_size = -4000")
    if not write:
        connection.execute("PRAGMA query_only = ON")


def _number(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
