"""A new catalogue from the WARC files alone."""

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from newsclean.archive import indexing, job, rebuild
from newsclean.archive.disk import disk_error
from newsclean.archive.progress import Progress, Summary
from newsclean.errors import ArchiveBusyError, NoArchiveError
from newsclean.settings import Settings
from newsclean.store import Catalogue

_LOGS = ("-wal", "-shm")


async def reindex(
    folder: Path,
    catalogue: Path,
    settings: Settings,
    *,
    on_progress: Callable[[Progress], None] | None = None,
    stop: job.Stop | None = None,
) -> Summary:
    """Build it beside the old one and put it in its place once it is whole. See Archive.reindex."""
    new = catalogue.with_name(f"{catalogue.name}.new")
    _remove(new)
    try:
        with Catalogue.open(new, create=True) as made:
            _adopt(made, catalogue)
            summary = await job.run(
                folder, made, settings, fetching=False, learning_first=True, on_progress=on_progress, stop=stop
            )
        if not summary.interrupted:
            indexing.rebuild(folder, rebuild.warc_files(folder / "warc"))
            _swap(new, catalogue)
    except OSError as problem:
        raise disk_error(problem, folder) from problem
    finally:
        _remove(new)
    return summary


def _adopt(made: Catalogue, old: Path) -> None:
    """Inputs that are in no WARC file, and the order and origin of all: from the old catalogue, if it can be read."""
    with suppress(NoArchiveError):
        Catalogue.open(old, write=False).close()
        made.adopt_inputs(old)


def _swap(new: Path, old: Path) -> None:
    """Put the new file in the place of the old one. The old one's write-ahead log must not be read into the new."""
    if old.exists():
        try:
            connection = sqlite3.connect(old, timeout=10)
            try:
                connection.execute("PRAGMA journal_mode = DELETE")
            finally:
                connection.close()
        except sqlite3.OperationalError as problem:
            raise ArchiveBusyError(
                f"{old}: another process reads the catalogue; end it and run the same command again"
            ) from problem
        except sqlite3.DatabaseError:
            pass  # damaged: that is why it is rebuilt
    for suffix in _LOGS:
        old.with_name(old.name + suffix).unlink(missing_ok=True)
    new.replace(old)


def _remove(file: Path) -> None:
    for suffix in ("", *_LOGS):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
