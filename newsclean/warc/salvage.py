"""Makes a sound WARC file of a damaged one: all whole records, byte for byte, each in a gzip member of its own."""

import errno
import os
import zlib
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import BinaryIO

from newsclean.errors import ArchiveError, DiskFullError, InputError, WarcError
from newsclean.warc.check import Checker
from newsclean.warc.names import OPEN
from newsclean.warc.passing import RECORD_END, Passing, passing
from newsclean.warc.records import Damaged, open_warc

BACKUP = ".bak"
"""Suffix of the file as it was, where it is repaired in place."""
STRUCTURAL = frozenset(["not-warc", "torn-tail", "damaged-record", "trailing-bytes", "record-end", "shared-member"])
"""Slugs of what is repaired: what the file is, not what its records say."""
_IN_MEMORY = 16 * 1024 * 1024
_STEP = 1 << 20
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True, kw_only=True)
class Salvaged:
    """What was done with one file."""

    file: str
    """The damaged file."""
    out: str
    """The sound one; the same where nothing had to be done in place."""
    records: int
    """Whole records, all of which are in it."""
    packed: int
    """Those of them that were packed anew, since they shared a gzip member, or ended wrongly."""
    skipped: tuple[Damaged, ...]
    """Places that could not be read, and were left out."""
    changed: bool
    """Whether the two files differ."""

    @property
    def message(self) -> str:
        """What was done, in one line."""
        if not self.changed:
            return f"{self.file}: sound, {self.records:,} records"
        parts = [f"{self.records:,} records kept"]
        if self.packed:
            parts.append(f"{self.packed:,} of them packed anew")
        if self.skipped:
            parts.append(f"{len(self.skipped):,} {'place' if len(self.skipped) == 1 else 'places'} left out")
        return f"{self.file}: {', '.join(parts)}: {self.out}"


def salvage(path: Path, out: Path | None = None) -> Salvaged:
    """Write a sound copy of a WARC file to ``out``; without it, put the copy in the file's place, and keep the file as
    ``….bak``. A file that was not closed (``.open``) gets its final name. Nobody may be writing it.

    The copy is packed where its name ends in ``.gz``. What the records say stays as it is. Raises InputError,
    NotWarcError; WarcError where no record is whole, or the copy is not sound; ArchiveError, DiskFullError.
    """
    final = out or path.with_name(path.name.removesuffix(OPEN))
    backup = path.with_name(path.name + BACKUP)
    if out is None and backup.exists():
        raise InputError(f"{backup}: is there already; move it away first")
    if final != path and final.exists():
        raise InputError(f"{final}: is there already; name another file")
    part = final.with_name(final.name + ".part")
    try:
        with open_warc(path) as source, part.open("wb") as target:
            work = _Work(source, target, str(path), packed=final.name.endswith(".gz"))
            work.run()
            target.flush()
            os.fsync(target.fileno())
        changed = bool(work.skipped or work.packed or work.written != path.stat().st_size)
        _verify(part, path, work.records)
        if out is None and not changed and final == path:
            part.unlink()
        else:
            if out is None:
                _keep(path, backup)
            part.replace(final)
            if out is None and final != path:
                path.unlink(missing_ok=True)
    except OSError as problem:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        if problem.errno in _FULL:
            raise DiskFullError(f"{final}: no space left; nothing was changed") from None
        raise ArchiveError(f"{final}: cannot be written: {problem.strerror}") from None
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return Salvaged(
        file=str(path),
        out=str(final),
        records=work.records,
        packed=work.packed,
        skipped=tuple(work.skipped),
        changed=changed or final != path,
    )


def _keep(path: Path, backup: Path) -> None:
    try:
        os.link(path, backup)
    except OSError:  # a file system without links
        path.rename(backup)


def _verify(part: Path, path: Path, records: int) -> None:
    """Whether what was written is sound, and holds what it should."""
    checker = Checker()
    problem = next((finding for finding in checker.check(part, str(path)) if finding.slug in STRUCTURAL), None)
    if problem or checker.records != records:
        reason = problem.detail if problem else f"{checker.records:,} of {records:,} records can be read"
        raise WarcError(f"{path}: cannot be repaired, nothing was changed: in the copy, {reason}")


class _Work:
    """One file on its way."""

    def __init__(self, source: BinaryIO, target: BinaryIO, name: str, *, packed: bool) -> None:
        self._source = source
        self._target = target
        self._name = name
        self._pack = packed
        self.records = self.packed = self.written = 0
        self.skipped: list[Damaged] = []

    def run(self) -> None:
        with closing(passing(self._source, self._name)) as found, open_warc(Path(self._name)) as raw:
            for record in found:
                if isinstance(record, Damaged):
                    self.skipped.append(record)
                else:
                    self._record(record, raw)
        if not self.records:
            raise WarcError(f"{self._name}: no record in it is whole; nothing was changed")

    def _record(self, record: Passing, raw: BinaryIO) -> None:
        with SpooledTemporaryFile(_IN_MEMORY) as block:
            for data in record.chunks():
                block.write(data)
            if not record.finish():  # told next
                return
            self.records += 1
            if record.gzipped and self._pack and record.length and record.ending == RECORD_END:
                self._copy(raw, record)
                return
            if record.gzipped or self._pack or record.ending != RECORD_END:
                self.packed += 1
            block.seek(0)
            machine = zlib.compressobj(6, zlib.DEFLATED, zlib.MAX_WBITS | 16) if self._pack else None
            self._write(machine.compress(record.head) if machine else record.head)
            while data := block.read(_STEP):
                self._write(machine.compress(data) if machine else data)
            self._write(machine.compress(RECORD_END) + machine.flush() if machine else RECORD_END)

    def _copy(self, raw: BinaryIO, record: Passing) -> None:
        """The member as it stands in the file."""
        raw.seek(record.offset)
        left = record.length
        while left:
            data = raw.read(min(left, _STEP))
            left -= len(data)
            self._write(data)

    def _write(self, data: bytes) -> None:
        self._target.write(data)
        self.written += len(data)
