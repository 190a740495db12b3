"""What revisit records refer to: a small index over the responses of the files at hand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from newsclean.errors import InputError, NotWarcError, WarcError
from newsclean.model import Capture
from newsclean.warc.names import bare_uri
from newsclean.warc.records import Record, open_warc, records

_OFFSET_BITS = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Refers:
    """What a revisit record says of the record that it stands for. Old ones say little of it."""

    record_id: str | None
    """WARC-Refers-To; absent in many files."""
    target_uri: str
    """WARC-Refers-To-Target-URI; the revisit's own URI where it has none."""
    date: str | None
    """WARC-Refers-To-Date."""
    payload_digest: str | None

    @property
    def told(self) -> str:
        """The original, for a message."""
        return f"{self.target_uri} of {self.date}" if self.date else self.target_uri


Resolve = Callable[[Refers], Capture | None]
"""Gives the capture that a revisit stands for, with its body; None where it is not to be had."""


def refers_of(record: Record, target: str) -> Refers:
    """What a revisit refers to; ``target`` is its own URI."""
    uri = bare_uri(record.header("WARC-Refers-To-Target-URI"))
    return Refers(
        record_id=record.header("WARC-Refers-To"),
        target_uri=uri or target,
        date=record.header("WARC-Refers-To-Date"),
        payload_digest=record.header("WARC-Payload-Digest"),
    )


class Originals:
    """Finds the responses that revisits of some files refer to, in all of these files.

    Responses are noted as they are read (:meth:`note`); what was not read yet is read through once, when a revisit asks
    for it. Memory: about 300 bytes a response.
    """

    def __init__(self, paths: Sequence[Path], read: Callable[[Path, int, str], Capture]) -> None:
        """``read``: gives the capture of a response record by file, offset and record id; raises WarcError."""
        self._paths = list(paths)
        self._read = read
        self._places: dict[int, int] = {}
        self._scanned = False
        self._finding = False

    def note(self, path: Path, record: Record, target: str) -> None:
        """Remember where a response lies."""
        if path not in self._paths:
            self._paths.append(path)
        place = self._paths.index(path) << _OFFSET_BITS | record.offset
        for key in _keys(record.header("WARC-Record-ID"), target, record.header("WARC-Date")):
            self._places.setdefault(key, place)
        if digest := record.header("WARC-Payload-Digest"):
            self._places.setdefault(hash((digest, target)), place)
            self._places.setdefault(hash(digest), place)

    def find(self, refers: Refers) -> Capture | None:
        """The capture that a revisit stands for; None where it is in none of the files, or cannot be read."""
        if self._finding:  # a revisit of a revisit stands for nothing
            return None
        self._finding = True
        try:
            return self._found(refers) or (self._found(refers) if self._scan() else None)
        finally:
            self._finding = False

    def _found(self, refers: Refers) -> Capture | None:
        keys = list(_keys(refers.record_id, refers.target_uri, refers.date))
        if refers.payload_digest:
            keys += [hash((refers.payload_digest, refers.target_uri)), hash(refers.payload_digest)]
        for key in keys:
            place = self._places.get(key)
            if place is None:
                continue
            path, offset = self._paths[place >> _OFFSET_BITS], place & ((1 << _OFFSET_BITS) - 1)
            try:
                capture = self._read(path, offset, refers.record_id or "")
            except (WarcError, InputError):
                continue
            if refers.payload_digest in (None, capture.payload_digest):
                return capture
        return None

    def _scan(self) -> bool:
        """Read all files through, once; whether that was done now."""
        if self._scanned:
            return False
        self._scanned = True
        for path in list(self._paths):
            try:
                with open_warc(path) as file:
                    for record in records(file, str(path)):
                        if isinstance(record, Record) and record.header("WARC-Type") in ("response", "resource"):
                            self.note(path, record, target_of(record))
            except (InputError, NotWarcError):
                continue
        return True


def target_of(record: Record) -> str:
    """A record's URI."""
    return bare_uri(record.header("WARC-Target-URI"))


def _keys(record_id: str | None, uri: str, date: str | None) -> list[int]:
    keys = [hash(("id", record_id))] if record_id else []
    return [*keys, hash(("at", uri, date))] if date else keys
