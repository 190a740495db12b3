"""After a crash: files that were being written are checked, their torn ends cut off, and given their final names."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from newsclean.errors import ArchiveError
from newsclean.warc.members import whole_members
from newsclean.warc.names import OPEN
from newsclean.warc.writer import sync_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """What was done with one file."""

    file: str
    """Its final name; there is no such file where nothing of it could be kept."""
    records: int
    """Whole records that it has."""
    kept: int
    """Bytes of them."""
    cut: int
    """Bytes that were cut off its end."""
    reason: str
    """What was wrong with them; empty where nothing was."""

    @property
    def message(self) -> str:
        """What was done, in one line."""
        if not self.records:
            return f"{self.file}: removed, no record in it was whole ({self.cut:,} bytes)"
        if self.cut:
            return f"{self.file}: cut after {self.records:,} records, {self.cut:,} torn bytes removed: {self.reason}"
        return f"{self.file}: whole, {self.records:,} records; it was not closed"


def recover(
    folder: Path, before_rename: Callable[[Path, str], None] = lambda _path, _name: None
) -> tuple[Recovered, ...]:
    """Bring the files of ``folder`` that were not closed to order; what was done, in the order of their names.

    Each gzip member is checked by its CRC and length; from the first one that fails on, the file is cut. Nobody may be
    writing in the folder. A folder that is missing has nothing to recover. ``before_rename`` gets each file that is
    kept, cut to its sound part, and the final name that it is about to get. Raises ArchiveError where a file cannot be
    changed, or a file of the final name is there already.
    """
    done = []
    for path in sorted(folder.glob(f"*.warc.gz{OPEN}")):
        final = path.with_name(path.name.removesuffix(OPEN))
        if final.exists():
            raise ArchiveError(f"{path}: not closed, but {final.name} is there already; move one of them away")
        try:
            done.append(_recover(path, final, before_rename))
        except OSError as problem:
            raise ArchiveError(f"{path}: cannot be repaired: {problem.strerror}") from None
    return tuple(done)


def _recover(path: Path, final: Path, before_rename: Callable[[Path, str], None]) -> Recovered:
    size = path.stat().st_size
    kept, count, reason = whole_members(path)
    if count:
        if kept < size:
            with path.open("r+b") as file:
                file.truncate(kept)
                os.fsync(file.fileno())
        before_rename(path, final.name)
        path.rename(final)
    else:
        path.unlink()
    sync_folder(path.parent)
    return Recovered(file=final.name, records=count, kept=kept, cut=size - kept, reason=reason)
