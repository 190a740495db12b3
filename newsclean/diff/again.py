"""An archive's pages extracted again beside it: with other settings, or by another newsclean."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from newsclean.archive import Archive, Progress
from newsclean.archive.job import Stop
from newsclean.archive.rebuild import warc_files
from newsclean.diff.sides import Side, open_side
from newsclean.errors import EXIT_INTERRUPTED, InputError, NewscleanError
from newsclean.settings import Settings

_WARC, _CATALOGUE = "warc", "catalog.sqlite"


class InterruptedDiffError(NewscleanError):
    """The extraction was stopped; nothing was compared."""

    code = "interrupted"
    exit_code = EXIT_INTERRUPTED


@contextmanager
def extracted_again(
    archive: Path,
    settings: Settings,
    *,
    on_progress: Callable[[Progress], None] | None = None,
    stop: Stop | None = None,
) -> Iterator[Side]:
    """The side of an archive's WARC files as these settings and this version extract them. The archive is only read;
    the new catalogue lies in a temporary folder (TMPDIR names where).

    Raises InputError where there are no WARC files, and InterruptedDiffError where ``stop`` is set before the end.
    """
    with _beside(archive) as folder:
        summary = Archive.reindex(folder, settings, on_progress=on_progress, stop=stop)
        if summary.interrupted:
            raise InterruptedDiffError(f"{archive}: interrupted; nothing was compared, and the archive is as it was")
        with open_side(folder) as side:
            side.name = f"{archive} extracted again"
            yield side


@contextmanager
def extracted_by(archive: Path, command: str, options: tuple[str, ...] = ()) -> Iterator[Side]:
    """The same by another newsclean: ``command`` is its program, ``…/bin/newsclean`` of another environment.

    Raises InputError where it cannot be run or fails.
    """
    with _beside(archive) as folder:
        try:
            run = subprocess.run(
                [command, "reindex", str(folder), "-q", *options], capture_output=True, text=True, check=False
            )
        except OSError as problem:
            raise InputError(
                f"{command}: not to be run: {problem.strerror}; name the newsclean of an environment that has the"
                " other version, as old/bin/newsclean"
            ) from None
        if run.returncode > 1:
            said = run.stderr.strip().rpartition("\n")[2] or f"it ended with status {run.returncode}"
            raise InputError(f"{command}: it could not extract {archive}: {said}")
        with open_side(folder) as side:
            side.name = f"{archive} extracted by {command}"
            yield side


@contextmanager
def _beside(archive: Path) -> Iterator[Path]:
    """A folder with the archive's WARC files and a catalogue of its own."""
    warc = archive / _WARC
    if not warc.is_dir():
        raise InputError(f"{archive}: no WARC files to extract again: it has no folder {_WARC}/")
    with TemporaryDirectory(prefix="newsclean-diff-") as place:
        folder = Path(place)
        (folder / _WARC).mkdir()
        for file in warc_files(warc):
            os.symlink(file.resolve(), folder / _WARC / file.name)
        yield folder
