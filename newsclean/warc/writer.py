"""Writes exchanges as WARC 1.1 (ISO 28500:2017), their bytes as they were on the wire.

warcio puts the heads of the records into bytes; blocks go in as they came, since it would put the HTTP head in order,
and digests are made here, since its payload digest counts the chunk framing, the standard's is over the entity body.
"""

import errno
import os
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from newsclean.errors import ArchiveError, DiskFullError
from newsclean.exchange import Earlier, Fetch
from newsclean.model import RecordRef
from newsclean.settings import Settings
from newsclean.warc.compose import Composed, Kept, compose, index_lines, warcinfo
from newsclean.warc.compression import packer
from newsclean.warc.names import OPEN

_FULL = frozenset([errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
_RECENT = 1000
"""Payloads of this writer that are known without asking ``find``: more than the inputs of one round."""
_RECORD_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Where the records of one fetch lie."""

    response: RecordRef | None
    """The answer that ended it; absent where the last exchange had none."""
    records: tuple[RecordRef, ...]
    """All records, in their order in the file."""
    file: str
    """Name of the file, relative to ``warc/``."""
    end: int
    """Size of the file with these records."""
    bytes: int
    """Bytes that they take in the file."""
    payload_digest: str | None = None
    """WARC-Payload-Digest of the answer; absent where there is none."""
    revisit_of: str | None = None
    """Record id of the response whose payload the answer has, where it was stored as a revisit; absent where it was
    stored whole."""


class Writer:
    """Appends fetches to the WARC files of one folder. A context manager; not for use by two threads at once.

    A file is called ``….warc.gz.open`` while it is written; RecordRefs and ``WARC-Filename`` have its final name.
    Nothing is promised to be on disk before :meth:`flush` returns.
    """

    def __init__(
        self,
        folder: Path,
        settings: Settings,
        *,
        find: Callable[[str], Earlier | None] = lambda _digest: None,
        on_close: Callable[[str, list[str]], None] = lambda _name, _lines: None,
        now: Callable[[], float] = time.time,
    ) -> None:
        """``folder``: the archive's ``warc/``; made where it is missing. ``find``: the first whole capture with that
        payload digest, or None; called for each page. ``on_close`` gets the name of each file and its lines for an
        index (CDXJ), unsorted, when all of it is on the disk and before it has its final name. ``now``: the clock, in
        seconds since 1970.

        Raises SettingsError where the compressor that the settings name is not installed.
        """
        self._folder = folder
        self._find = find
        self._on_close = on_close
        self._lines: list[str] = []
        self._recent: OrderedDict[str, Earlier] = OrderedDict()
        self._pack = packer(settings)
        self._began = 0.0
        self._settings = settings
        self._now = now
        self._serial = 0
        self._fd: int | None = None
        self._name = ""
        self._size = 0
        self._dirty = False
        self._warcinfo_id = ""
        self._sizes: dict[str, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def file(self) -> str | None:
        """Final name of the file that is being written; None where none is."""
        return self._name if self._fd is not None else None

    def sizes(self) -> dict[str, int]:
        """Bytes in each file that this writer has begun, by its final name."""
        return dict(self._sizes)

    def write(self, fetch: Fetch) -> Written:
        """Append the records of one fetch: each exchange's request and answer, and one metadata record.

        They are written in one piece, and are either all in the file or not at all. A page whose payload is stored
        already becomes a revisit record. Raises DiskFullError, ArchiveError.
        """
        if self._fd is not None and (
            self._size >= self._settings.warc_size or self._now() - self._began >= self._settings.warc_time
        ):
            self.close()
        if self._fd is None:
            self._open()
        moment = datetime.fromtimestamp(self._now(), UTC)
        composed = compose(fetch, self._warcinfo_id, self._settings, moment, self._original)
        offset = start = self._size
        members, refs = [], []
        for record in composed.records:
            member = self._pack((record.head(), record.block, _RECORD_END))
            members.append(member)
            refs.append(RecordRef(file=self._name, offset=offset, length=len(member), record_id=record.record_id))
            offset += len(member)
        self._append(b"".join(members))
        if self._settings.sync == "each":
            self.flush()
        self._lines += index_lines(composed, refs)
        page = _page(fetch, composed)
        if page and fetch.purpose == "page":
            self._remember(page)
        return Written(
            response=next((ref for ref in refs if page and ref.record_id == page.record.record_id), None),
            records=tuple(refs),
            file=self._name,
            end=self._size,
            bytes=self._size - start,
            payload_digest=page.payload_digest if page else None,
            revisit_of=page.original.record_id if page and page.original else None,
        )

    def flush(self) -> None:
        """Bring all that was written to the disk (fsync), unless the settings leave that to the closing of the file.

        Raises DiskFullError, ArchiveError.
        """
        if self._settings.sync != "close":
            self._sync()

    def _sync(self) -> None:
        if self._fd is not None and self._dirty:
            try:
                os.fsync(self._fd)
            except OSError as problem:
                raise self._error(problem) from None
            self._dirty = False

    def close(self) -> None:
        """Bring the file to the disk and give it its final name. The next write begins a new file."""
        if self._fd is None:
            return
        try:
            self._sync()
        finally:
            os.close(self._fd)
            self._fd = None
        lines, self._lines = self._lines, []
        self._on_close(self._name, lines)
        path = self._folder / self._name
        try:
            path.with_name(self._name + OPEN).rename(path)
            sync_folder(self._folder)
        except OSError as problem:
            raise self._error(problem) from None

    def _open(self) -> None:
        self._began = self._now()
        moment = datetime.fromtimestamp(self._began, UTC)
        self._name = f"newsclean-{moment:%Y%m%d%H%M%S}-{self._serial:05}-{secrets.token_hex(4)}.warc.gz"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._fd = os.open(self._folder / (self._name + OPEN), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
            sync_folder(self._folder)
        except OSError as problem:
            raise self._error(problem) from None
        self._serial += 1
        self._size = 0
        info = warcinfo(self._settings, moment, self._name)
        self._warcinfo_id = info.record_id
        try:
            self._append(self._pack((info.head(), info.block, _RECORD_END)))
        except ArchiveError:
            os.close(self._fd)
            self._fd = None
            (self._folder / (self._name + OPEN)).unlink(missing_ok=True)
            raise

    def _append(self, data: bytes) -> None:
        """Write it all, or leave the file as it was."""
        assert self._fd is not None
        self._dirty = True
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[os.write(self._fd, rest) :]
        except OSError as problem:
            os.ftruncate(self._fd, self._size)
            os.lseek(self._fd, self._size, os.SEEK_SET)
            raise self._error(problem) from None
        self._size += len(data)
        self._sizes[self._name] = self._size

    def _original(self, digest: str) -> Earlier | None:
        """The stored capture with that payload; None where there is none."""
        return (self._recent.get(digest) or self._find(digest)) if self._settings.dedup else None

    def _remember(self, page: Kept) -> None:
        exchange, digest = page.exchange, page.payload_digest
        if page.original or exchange.truncated or not digest:
            return
        self._recent[digest] = Earlier(
            record_id=page.record.record_id,
            url=exchange.url,
            date=exchange.started_at,
            payload_digest=digest,
            chunked=exchange.chunked,
        )
        if len(self._recent) > _RECENT:
            self._recent.popitem(last=False)

    def _error(self, problem: OSError) -> ArchiveError:
        if problem.errno in _FULL:
            return DiskFullError(
                f"{self._folder}: no space left ({problem.strerror}); what was reported done is stored, "
                "make room and start again"
            )
        return ArchiveError(f"{self._folder / self._name}: cannot be written: {problem.strerror}")


def _page(fetch: Fetch, composed: Composed) -> Kept | None:
    """What keeps the answer that ended the fetch; None where its last exchange had none."""
    last = composed.kept[-1] if composed.kept else None
    return last if last and last.exchange is fetch.last else None


def sync_folder(folder: Path) -> None:
    """Bring the folder's names to the disk, so that a new or renamed file is found after a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
