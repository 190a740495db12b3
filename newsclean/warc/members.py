"""The bytes of a WARC file, gzip or plain, read as a stream with the places where members begin."""

import zlib
from pathlib import Path
from typing import BinaryIO

GZIP_MAGIC = b"\x1f\x8b\x08"
_READ = 128 * 1024
_STEP = 256 * 1024
"""Bytes that one step of decompression may give, so that a small member cannot fill the memory."""


class MemberError(Exception):
    """The member that begins at ``offset`` is cut or broken."""

    def __init__(self, offset: int, reason: str) -> None:
        super().__init__(reason)
        self.offset = offset
        self.reason = reason


class Source:
    """A file read from a place on. ``member`` is where the current gzip member (or the plain file's text) begins."""

    def __init__(self, file: BinaryIO, offset: int = 0) -> None:
        self._file = file
        self._out = b""
        self._place = 0
        file.seek(offset)
        self._raw = file.read(_READ)
        self._position = offset + len(self._raw)
        self.compressed = self._raw.startswith(GZIP_MAGIC[:2])
        self.member = offset
        self.untouched = True
        """No record of this member has been read yet."""
        self._unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16) if self.compressed else None

    @property
    def offset(self) -> int:
        """The file's byte that is read next; exact in a plain file and at the end of a member."""
        rest = len(self._raw) if self._unpacker else len(self._out) - self._place + len(self._raw)
        return self._position - rest

    def at_member_end(self) -> bool:
        """Whether nothing of the current member (or of a plain file) is left. Checks the member's CRC and length."""
        return not self._fill()

    def next_member(self) -> bool:
        """Go on to the next member; False at the end of the file."""
        if not self._unpacker or not self._more():
            return False
        self.member = self.offset
        self.untouched = True
        self._unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
        return True

    def read(self, count: int) -> bytes:
        """So many bytes, fewer at the end of the member."""
        parts = []
        while count > 0 and self._fill():
            part = self._out[self._place : self._place + count]
            self._place += len(part)
            count -= len(part)
            parts.append(part)
        return b"".join(parts)

    def skip(self, count: int) -> int:
        """Pass over bytes; how many there were."""
        left = count
        while left > 0 and self._fill():
            step = min(left, len(self._out) - self._place)
            self._place += step
            left -= step
        return count - left

    def readline(self, limit: int) -> bytes:
        """Up to and with the next LF, at most ``limit`` bytes; fewer at the end of the member."""
        parts = []
        while limit > 0 and self._fill():
            end = self._out.find(b"\n", self._place, self._place + limit)
            stop = end + 1 if end >= 0 else min(self._place + limit, len(self._out))
            part = self._out[self._place : stop]
            self._place = stop
            limit -= len(part)
            parts.append(part)
            if end >= 0:
                break
        return b"".join(parts)

    def _more(self) -> bool:
        if not self._raw:
            self._raw = self._file.read(_READ)
            self._position += len(self._raw)
        return bool(self._raw)

    def _fill(self) -> bool:
        """Have at least one byte ready; False at the end of the member."""
        while self._place >= len(self._out):
            self._place = 0
            if not self._unpacker:
                if not self._more():
                    self._out = b""
                    return False
                self._out, self._raw = self._raw, b""
                continue
            self._out = b""
            if self._unpacker.eof:
                return False
            if not self._more():
                raise MemberError(self.member, "the file ends inside a gzip member")
            try:
                self._out = self._unpacker.decompress(self._raw, _STEP)
            except zlib.error as problem:
                raise MemberError(self.member, f"broken gzip member: {problem}") from None
            self._raw = self._unpacker.unconsumed_tail or self._unpacker.unused_data
        return True


def find_member(file: BinaryIO, offset: int, start: bytes = b"WARC/") -> int | None:
    """The next place from ``offset`` on where a gzip member begins whose text begins with ``start``."""
    overlap = len(GZIP_MAGIC) - 1
    file.seek(offset)
    window = b""
    base = offset
    while data := file.read(_STEP):
        window += data
        place = window.find(GZIP_MAGIC)
        while place >= 0:
            if _begins(file, base + place, start):
                return base + place
            place = window.find(GZIP_MAGIC, place + 1)
        base += len(window) - overlap
        window = window[-overlap:]
        file.seek(base + len(window))
    return None


def _begins(file: BinaryIO, offset: int, start: bytes) -> bool:
    file.seek(offset)
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(file.read(4096), len(start)) == start
    except zlib.error:
        return False


def find_text(file: BinaryIO, offset: int, start: bytes = b"WARC/1.") -> int | None:
    """The next line from ``offset`` on, in a plain file, that begins with ``start``."""
    wanted = b"\n" + start
    file.seek(max(0, offset - 1))
    base = max(0, offset - 1)
    window = b""
    while data := file.read(_STEP):
        window += data
        place = window.find(wanted)
        if place >= 0:
            return base + place + 1
        keep = min(len(window), len(wanted) - 1)
        base += len(window) - keep
        window = window[len(window) - keep :]
    return None


def whole_members(path: Path) -> tuple[int, int, str]:
    """How far a file consists of whole gzip members, by CRC and length: bytes, members, and what ends the sound part
    (empty where the file ends there)."""
    good = count = 0
    with path.open("rb") as file:
        source = Source(file)
        try:
            while source.compressed:
                while source.skip(_STEP):
                    pass
                count += 1
                good = source.offset
                if not source.next_member():
                    return good, count, ""
        except MemberError as problem:
            return good, count, problem.reason
    return 0, 0, "no gzip member"
