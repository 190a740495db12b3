"""The bytes of a WARC or ARC file, packed with gzip or zstd or plain, read as a stream with the places where members
begin."""

import re
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from newsclean.warc.arc import FILE_START, HEAD
from newsclean.warc.unpack import ERRORS, GZIP_MAGIC, Unpacker, UnpackError, gzip_unpacker
from newsclean.warc.zst import FRAME_MAGIC, frame_unpacker, is_skippable, skippable_size

_READ = 128 * 1024
_FEED = 16 * 1024
"""Bytes that one step of unpacking takes: what is left of them behind a member is copied."""
_STEP = 256 * 1024
"""Bytes that one step of unpacking may give, so that a small member cannot fill the memory."""
_WBITS = zlib.MAX_WBITS | 16
"""A gzip member."""
_MAX_LINE = 64 * 1024
_GLANCE = 1024
"""Bytes of a member, packed, that give at least the first of its text."""
_MAGIC = re.compile(b"|".join(map(re.escape, (GZIP_MAGIC, FRAME_MAGIC))))
WARC_HEAD = re.compile(rb"WARC/\d+\.\d+[ \t]*\r?\n")
"""The first line of a WARC record."""


class MemberError(Exception):
    """The member that begins at ``offset`` is cut or broken."""

    def __init__(self, offset: int, reason: str) -> None:
        super().__init__(reason)
        self.offset = offset
        self.reason = reason


class Source:
    """A file read from a place on. ``member`` is where the current gzip member or zstd frame (or the plain file's text)
    begins."""

    def __init__(self, file: BinaryIO, offset: int = 0, *, like: "Source | None" = None) -> None:
        """``like``: a source of the same file, whose dictionary is used again."""
        self._file = file
        self._out = b""
        self._place = 0
        self._given = 0
        """Bytes that this member gave."""
        self._frames: Callable[[], Unpacker] | None = like._frames if like else None
        self._broken = ""
        self.compressed = False
        """Whether it is packed, in whatever way."""
        self._go(offset)
        self._pass_skippable()
        self.member = self.offset
        self.untouched = True
        """No record of this member has been read yet."""
        head = self._peek()
        self.compressed = head.startswith((GZIP_MAGIC[:2], FRAME_MAGIC))
        self.form = ""
        """What its members are called: ``gzip member`` or ``zstd frame``; empty for a plain file."""
        self._unpacker = self._unpack() if self.compressed else None

    @property
    def offset(self) -> int:
        """The file's byte that is read next; exact in a plain file and at the end of a member."""
        rest = 0 if self.compressed else len(self._out) - self._place
        return self._position - (len(self._raw) - self._at) - rest

    def at_member_end(self) -> bool:
        """Whether nothing of the current member (or of a plain file) is left. Checks the member's CRC and length."""
        return not self._fill()

    def next_member(self) -> bool:
        """Go on to the next member; False at the end of the file."""
        if not self._unpacker:
            return False
        self._pass_skippable()
        if not self._more():
            return False
        self.member = self.offset
        self.untouched = True
        self._given = 0
        self._unpacker = self._unpack()
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
        place = self._place
        end = self._out.find(b"\n", place, place + limit) + 1
        if end:
            self._place = end
            return self._out[place:end]
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

    def to_record(self) -> bool:
        """Pass over text up to the next line in this member that is the first of a WARC record; False where there is
        none."""
        while line := self.readline(_MAX_LINE):
            if WARC_HEAD.fullmatch(line):
                self._out, self._place = line + self._out[self._place :], 0
                return True
        return False

    def _go(self, offset: int) -> None:
        self._file.seek(offset)
        self._raw = self._file.read(_READ)
        self._at = 0
        self._position = offset + len(self._raw)

    def _more(self) -> bool:
        if self._at >= len(self._raw):
            self._raw = self._file.read(_READ)
            self._at = 0
            self._position += len(self._raw)
        return bool(self._raw)

    def _peek(self) -> bytes:
        """The next eight packed bytes; fewer at the end of the file."""
        if len(self._raw) - self._at < 8:
            self._raw = self._raw[self._at :] + self._file.read(_READ)
            self._at = 0
            self._position = self._file.tell()
        return self._raw[self._at : self._at + 8]

    def _pass_skippable(self) -> None:
        """Pass over zstd frames that hold no text, such as a dictionary."""
        while is_skippable(head := self._peek()):
            self._go(self.offset + skippable_size(head))

    def _unpack(self) -> Unpacker:
        """An unpacker for what begins here. Raises nothing: what is broken shows when it is unpacked."""
        head = self._peek()
        if not head.startswith(FRAME_MAGIC):
            self.form = "gzip member"
            if not GZIP_MAGIC.startswith(head[: len(GZIP_MAGIC)]):
                self._broken = f"no gzip member or zstd frame begins here, but {head!r}"
            return gzip_unpacker()
        self.form = "zstd frame"
        if self._frames is None:
            place = self.offset
            try:
                self._frames = frame_unpacker(self._file)
            except UnpackError as problem:
                self._broken = f"a zstd frame that cannot be read: {problem}"
                return gzip_unpacker()
            self._go(place)
        return self._frames()

    def _fill(self) -> bool:
        """Have at least one byte ready; False at the end of the member."""
        while self._place >= len(self._out):
            self._place = 0
            self._out = b""
            if not self._unpacker:
                if not self._more():
                    return False
                self._out, self._at = self._raw[self._at :], len(self._raw)
                continue
            if self._broken:
                raise MemberError(self.member, self._broken)
            if self._unpacker.eof:
                return False
            there = self._more()
            part = memoryview(self._raw)[self._at : self._at + _FEED]
            try:
                self._out = self._unpacker.decompress(part, _STEP)
            except UnpackError as problem:
                self._broken = f"broken {self.form}: {problem}"
            except ERRORS:
                self._broken = f"broken {self.form}: its data or its checksum is wrong"
                self._out = self._last_words(self.offset + len(part))
                continue
            self._given += len(self._out)
            self._at += len(part) - len(self._unpacker.unconsumed_tail) - len(self._unpacker.unused_data)
            if not there and not self._out and not self._broken:
                raise MemberError(self.member, f"the file ends inside a {self.form}")
        return True

    def _last_words(self, end: int) -> bytes:
        """What the bytes before the broken one give beyond what was given: the step that met it gave nothing.

        All up to ``end`` is unpacked once more, and byte by byte where it breaks.
        """
        self._file.seek(self.member)
        before = unpacker = zlib.decompressobj(_WBITS)
        skip, rest, data = self._given, [], b""

        def keep(part: bytes) -> None:
            nonlocal skip
            rest.append(part[skip:])
            skip -= min(skip, len(part))

        try:
            while data := data or self._file.read(min(_FEED, end - self._file.tell())):
                before = unpacker.copy()
                keep(unpacker.decompress(data, _STEP))
                data = unpacker.unconsumed_tail
        except zlib.error:
            with suppress(zlib.error):
                for number in range(len(data)):
                    keep(before.decompress(data[number : number + 1]))
        self._file.seek(self._position)
        return b"".join(rest)


def find_member(file: BinaryIO, offset: int) -> int | None:
    """The next place from ``offset`` on where a gzip member or zstd frame begins whose text is a record's."""
    beginning = Source(file)
    head = _record_head(beginning)
    file.seek(offset)
    window = b""
    base = offset
    while data := file.read(_STEP):
        window += data
        for found in _MAGIC.finditer(window):
            if _begins(file, base + found.start(), head, beginning):
                return base + found.start()
        keep = min(len(window), len(FRAME_MAGIC) - 1)
        base += len(window) - keep
        window = window[len(window) - keep :]
        file.seek(base + keep)
    return None


def find_text(file: BinaryIO, offset: int) -> int | None:
    """The next line from ``offset`` on, in a plain file, that is the first of a record."""
    head = re.compile(rb"\n(?=%b)" % _record_head(Source(file)).pattern)
    base = max(0, offset - 1)
    file.seek(base)
    window = b""
    while data := file.read(_STEP):
        window += data
        if found := head.search(window):
            return base + found.start() + 1
        line = max(window.rfind(b"\n"), len(window) - _MAX_LINE, 0)
        base += line
        window = window[line:]
    return None


def _record_head(beginning: Source) -> re.Pattern[bytes]:
    """The first line of the records of a file: those of ARC are looked for only where the file begins as one."""
    try:
        return HEAD if beginning.read(len(FILE_START)) == FILE_START else WARC_HEAD
    except MemberError:
        return WARC_HEAD


def _begins(file: BinaryIO, offset: int, head: re.Pattern[bytes], beginning: Source) -> bool:
    file.seek(offset)
    packed = file.read(_GLANCE)
    try:
        # Most places where the magic number stands are none: a glance costs less than a source.
        if packed.startswith(GZIP_MAGIC) and not zlib.decompressobj(_WBITS).decompress(packed, 1):
            return False
        source = Source(file, offset, like=beginning)
        while (line := source.readline(_MAX_LINE)) in (b"\n", b"\r\n"):
            pass
    except (MemberError, zlib.error):
        return False
    return head.match(line) is not None


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
