"""Writes exchanges as WARC 1.1 (ISO 28500:2017), their bytes as they were on the wire.

warcio serialises the records; it is handed each block as raw bytes, since it would put the HTTP head in order.
Digests are made here: warcio's payload digest counts the chunk framing, the standard's is over the entity body.
"""

import errno
import hashlib
import os
import secrets
import time
import uuid
import zlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Self

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from newsclean.errors import ArchiveError, DiskFullError
from newsclean.exchange import Exchange, Fetch
from newsclean.model import RecordRef
from newsclean.settings import Settings
from newsclean.version import __version__
from newsclean.warc.digests import payload_digest, sha1
from newsclean.warc.names import INPUT, MESSAGE, OPEN, OUTCOME, REDIRECT, one_line

_CONFORMS_TO = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
_FIELDS = "application/warc-fields"
_FULL = frozenset([errno.ENOSPC, errno.EDQUOT, errno.EFBIG])

Header = tuple[str, str]


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


@dataclass(frozen=True, slots=True)
class _Record:
    kind: str
    content_type: str
    headers: list[Header]
    block: bytes
    record_id: str


class Writer:
    """Appends fetches to the WARC files of one folder. A context manager; not for use by two threads at once.

    A file is called ``….warc.gz.open`` while it is written; RecordRefs and ``WARC-Filename`` have its final name.
    Nothing is promised to be on disk before :meth:`flush` returns.
    """

    def __init__(self, folder: Path, settings: Settings, *, now: Callable[[], float] = time.time) -> None:
        """``folder``: the archive's ``warc/``; made where it is missing. ``now``: the clock, in seconds since 1970."""
        self._folder = folder
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
        """Append the records of one fetch: each exchange's request and response, and one metadata record.

        They are written in one piece, and are either all in the file or not at all. Raises DiskFullError, ArchiveError.
        """
        if self._fd is not None and self._size >= self._settings.warc_size:
            self.close()
        if self._fd is None:
            self._open()
        records, response_id = self._records(fetch)
        members = [self._member(record) for record in records]
        offset = start = self._size
        refs = []
        for record, member in zip(records, members, strict=True):
            refs.append(RecordRef(file=self._name, offset=offset, length=len(member), record_id=record.record_id))
            offset += len(member)
        self._append(b"".join(members))
        return Written(
            response=next((ref for ref in refs if ref.record_id == response_id), None),
            records=tuple(refs),
            file=self._name,
            end=self._size,
            bytes=self._size - start,
        )

    def flush(self) -> None:
        """Bring all that was written to the disk (fsync). Raises DiskFullError, ArchiveError."""
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
            self.flush()
        finally:
            os.close(self._fd)
            self._fd = None
        path = self._folder / self._name
        try:
            path.with_name(self._name + OPEN).rename(path)
            sync_folder(self._folder)
        except OSError as problem:
            raise self._error(problem) from None

    def _open(self) -> None:
        moment = datetime.fromtimestamp(self._now(), UTC)
        self._name = f"newsclean-{moment:%Y%m%d%H%M%S}-{self._serial:05}-{secrets.token_hex(4)}.warc.gz"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._fd = os.open(self._folder / (self._name + OPEN), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
            sync_folder(self._folder)
        except OSError as problem:
            raise self._error(problem) from None
        self._serial += 1
        self._size = 0
        info = self._warcinfo(moment)
        self._warcinfo_id = info.record_id
        try:
            self._append(self._member(info))
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

    def _error(self, problem: OSError) -> ArchiveError:
        if problem.errno in _FULL:
            return DiskFullError(
                f"{self._folder}: no space left ({problem.strerror}); what was reported done is stored, "
                "make room and start again"
            )
        return ArchiveError(f"{self._folder / self._name}: cannot be written: {problem.strerror}")

    def _member(self, record: _Record) -> bytes:
        """The record as one gzip member."""
        headers = [
            ("WARC-Type", record.kind),
            ("WARC-Record-ID", record.record_id),
            *record.headers,
            ("WARC-Block-Digest", sha1(record.block)),
        ]
        made = ArcWarcRecord(
            "warc",
            record.kind,
            StatusAndHeaders("", headers, protocol="WARC/1.1"),
            BytesIO(record.block),
            None,
            record.content_type,
            len(record.block),
        )
        out = BytesIO()
        _BlockWriter(out, gzip=False, warc_version="1.1").write_record(made)
        packer = zlib.compressobj(self._settings.compression, zlib.DEFLATED, zlib.MAX_WBITS | 16)
        return packer.compress(out.getbuffer()) + packer.flush()

    def _warcinfo(self, moment: datetime) -> _Record:
        settings = self._settings
        fields: list[Header] = [
            ("software", f"newsclean/{__version__} (https://pypi.org/project/newsclean/)"),
            ("format", "WARC File Format 1.1"),
            ("conformsTo", _CONFORMS_TO),
        ]
        if settings.operator:
            fields.append(("operator", settings.operator))
        fields += [
            ("http-header-user-agent", settings.user_agent),
            ("robots", "ignore"),
            ("newsclean-settings", _settings_digest(settings)),
        ]
        headers = [("WARC-Date", _date(moment)), ("WARC-Filename", self._name)]
        return _Record("warcinfo", _FIELDS, headers, _fields_block(fields), _new_id())

    def _records(self, fetch: Fetch) -> tuple[list[_Record], str | None]:
        """The records in the order of the file, and the id of the response that ended the fetch."""
        records: list[_Record] = []
        ids: list[str] = []
        response_id = None
        for exchange in fetch.exchanges:
            common = self._common(exchange)
            request_id, response_id = _new_id(), _new_id() if exchange.answered else None
            ids = []
            if exchange.request_bytes:
                ids.append(request_id)
                linked = [("WARC-Concurrent-To", response_id)] if response_id else []
                records.append(
                    _Record(
                        "request",
                        "application/http;msgtype=request",
                        [*common, *linked],
                        exchange.request_bytes,
                        request_id,
                    )
                )
            if response_id:
                records.append(self._response(exchange, response_id, common, ids))
                ids.append(response_id)
        records.append(self._metadata(fetch, ids))
        return records, response_id

    def _common(self, exchange: Exchange) -> list[Header]:
        """What all records of one exchange have."""
        headers = [
            ("WARC-Date", exchange.started_at),
            ("WARC-Target-URI", exchange.url),
            ("WARC-Warcinfo-ID", self._warcinfo_id),
        ]
        if exchange.ip:
            headers.append(("WARC-IP-Address", exchange.ip))
        headers += [("WARC-Protocol", name) for name in (exchange.protocol, exchange.tls) if name]
        if exchange.cipher:
            headers.append(("WARC-Cipher-Suite", exchange.cipher))
        return headers

    @staticmethod
    def _response(exchange: Exchange, record_id: str, common: list[Header], linked: list[str]) -> _Record:
        headers = [*common, *[("WARC-Concurrent-To", other) for other in linked]]
        if digest := payload_digest(exchange):
            headers.append(("WARC-Payload-Digest", digest))
        if exchange.truncated:
            headers.append(("WARC-Truncated", exchange.truncated))
        return _Record("response", "application/http;msgtype=response", headers, exchange.response_bytes, record_id)

    def _metadata(self, fetch: Fetch, linked: list[str]) -> _Record:
        last = fetch.last
        headers: list[Header] = []
        if last:
            headers = [
                ("WARC-Date", last.started_at),
                ("WARC-Target-URI", last.url),
                ("WARC-Warcinfo-ID", self._warcinfo_id),
                *([("WARC-IP-Address", last.ip)] if last.ip else []),
                # The response first: it is what the metadata is about.
                *[("WARC-Concurrent-To", other) for other in reversed(linked)],
            ]
        else:
            headers = [
                ("WARC-Date", _date(datetime.fromtimestamp(self._now(), UTC))),
                ("WARC-Warcinfo-ID", self._warcinfo_id),
            ]
        fields: list[Header] = []
        if fetch.redirects:
            fields.append(("via", fetch.redirects[-1]))
            fields.append(("hopsFromSeed", "R" * len(fetch.redirects)))
        if last:
            fields.append(("fetchTimeMs", str(last.fetch_ms)))
        fields.append((INPUT, fetch.url))
        fields += [(REDIRECT, hop) for hop in fetch.redirects]
        if fetch.error:
            fields += [(OUTCOME, fetch.error.code), (MESSAGE, str(fetch.error))]
        return _Record("metadata", _FIELDS, headers, _fields_block(fields), _new_id())


class _BlockWriter(WARCWriter):  # type: ignore[misc]  # warcio has no types
    """warcio's writer, which takes the digests as they are: it would hash the block for a payload digest."""

    def ensure_digest(self, record: ArcWarcRecord, block: bool = True, payload: bool = True) -> None:
        pass


def sync_folder(folder: Path) -> None:
    """Bring the folder's names to the disk, so that a new or renamed file is found after a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _new_id() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"


def _date(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def _fields_block(fields: list[Header]) -> bytes:
    """``application/warc-fields``: one field a line."""
    return "".join(f"{name}: {one_line(value)}\r\n" for name, value in fields).encode()


def _settings_digest(settings: Settings) -> str:
    values = {name: value for name, value in asdict(settings).items() if name != "origins"}
    return hashlib.sha256(repr(sorted(values.items())).encode()).hexdigest()[:16]
