"""WARC records one after another, from files of any tool: gzip or plain, one member a record or not, damaged or not."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from newsclean.errors import InputError, NotWarcError
from newsclean.warc.arc import FILE_START, arc_fields
from newsclean.warc.members import WARC_HEAD, MemberError, Source, find_member, find_text
from newsclean.warc.names import OPEN
from newsclean.warc.wacz_read import inside, open_member

MAX_RECORD = 64 * 1024 * 1024
"""Bytes of the largest block that is read; a larger record is passed over."""
_MAX_LINE = 64 * 1024
_MAX_LINES = 1000
_FOREIGN = {
    b"\x28\xb5\x2f\xfd": "what is packed with zstd is none, or its dictionary is missing",
    b"\x5d\x2a\x4d\x18": "the zstd dictionary that it begins with is broken, or what is behind it is no WARC file",
    b"PK\x03\x04": "it is a ZIP or WACZ file; the WARC files are inside, in archive/",
    b"BZh": "it is packed with bzip2; unpack it with: bunzip2",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Damaged:
    """A record, or bytes between records, that could not be read."""

    file: str
    offset: int
    reason: str

    @property
    def message(self) -> str:
        """The damage in one line."""
        return f"{self.file}@{self.offset}: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One WARC record with its whole block."""

    offset: int
    """First byte of its gzip member, or of the record itself in a plain file."""
    length: int
    """Bytes that it takes in the file; 0 where it shares a gzip member with others."""
    headers: tuple[tuple[str, str], ...]
    block: bytes
    head: bytes = b""
    """The head as it stands in the file: version line, fields, empty line."""

    def header(self, name: str) -> str | None:
        """The first field of that name, in any case; None where there is none."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    def every(self, name: str) -> tuple[str, ...]:
        """All fields of that name, in any case."""
        wanted = name.lower()
        return tuple(value for key, value in self.headers if key.lower() == wanted)


class BrokenRecordError(Exception):
    """The bytes where a record should be are none, or it is cut. ``readable``: the next one can be read at once."""

    def __init__(self, offset: int, reason: str, *, readable: bool = False) -> None:
        super().__init__(reason)
        self.offset = offset
        self.reason = reason
        self.readable = readable


def located(path: Path) -> Path:
    """The file itself, or the one of that name that is still being written. Raises InputError where there is none."""
    if packed := inside(path):
        return located(packed[0])
    for candidate in (path, path.with_name(path.name + OPEN)):
        if candidate.is_dir():
            raise InputError(f"{candidate}: is a folder; give a WARC file")
        if candidate.exists():
            return candidate
    raise InputError(f"{path}: no such file")


def open_warc(path: Path) -> BinaryIO:
    """The file, opened, also one in a WACZ (``crawl.wacz!archive/data.warc.gz``). Raises InputError where there is none
    or it cannot be read, NotWarcError for a WACZ that is none."""
    if packed := inside(path):
        return open_member(*packed)
    try:
        return located(path).open("rb")
    except OSError as problem:
        raise InputError(f"{path}: cannot be read: {problem.strerror}") from None


def records(file: BinaryIO, name: str, start: int = 0) -> Iterator[Record | Damaged]:
    """The records from ``start`` on, damage in its place. Raises NotWarcError where there is no record at all."""
    offset: int | None = start
    found = False
    first: Damaged | None = None
    while offset is not None:
        source = Source(file, offset)
        try:
            while True:
                try:
                    record = read_record(source)
                except BrokenRecordError as problem:
                    if not problem.readable and not _resumed(source):
                        raise
                    found = True
                    yield Damaged(file=name, offset=problem.offset, reason=problem.reason)
                    continue
                if record is None:
                    break
                if first:
                    yield first
                    first = None
                found = True
                yield record
            offset = None
        except (BrokenRecordError, MemberError) as problem:
            damage = Damaged(file=name, offset=problem.offset, reason=problem.reason)
            if not found and not first and _is_foreign(file, problem.offset, start):
                first = damage  # said only once it is known that there are records behind it
            else:
                found = True
                yield damage
            offset = _next(file, problem.offset + 1)
            if offset is None and first:
                raise _not_warc(file, name, start) from None
    if not found and start == 0:
        raise NotWarcError(f"{name}: no WARC file: it is empty")


def _resumed(source: Source) -> bool:
    """Whether the member goes on with a record behind a broken one; it is read next then."""
    with suppress(MemberError):
        return source.compressed and source.to_record()
    return False


def _is_foreign(file: BinaryIO, offset: int, start: int) -> bool:
    """Whether the file does not even begin as a WARC file does."""
    if offset != start:
        return False
    source = Source(file, start)
    try:
        return not source.read(len(FILE_START)).startswith((b"WARC/", FILE_START))
    except MemberError:
        return True


def _not_warc(file: BinaryIO, name: str, start: int) -> NotWarcError:
    file.seek(start)
    begin = file.read(40)
    for magic, advice in _FOREIGN.items():
        if begin.startswith(magic):
            return NotWarcError(f"{name}: no WARC file that can be read: {advice}")
    return NotWarcError(f"{name}: no WARC file: it begins {begin[:20]!r}")


def _next(file: BinaryIO, offset: int) -> int | None:
    """Where the next record may begin, by the nearer of the two ways to store one."""
    places = [place for place in (find_member(file, offset), find_text(file, offset)) if place is not None]
    return min(places, default=None)


def read_record(source: Source) -> Record | None:
    """The record that comes next; None at the end of the file. Raises BrokenRecordError, MemberError."""
    while True:
        offset = source.member if source.compressed else source.offset
        line = source.readline(_MAX_LINE)
        if not line:
            if source.next_member():
                continue
            return None
        if line.strip(b"\r\n"):
            break
    first, source.untouched = source.untouched, False
    if WARC_HEAD.fullmatch(line):
        headers, head = _headers(source, offset)
    elif fields := arc_fields(line):
        headers, head = fields, b""
    else:
        raise BrokenRecordError(offset, f"no WARC record begins here, but {line[:20]!r}")
    lengths = [value for key, value in headers if key.lower() == "content-length"]
    if len(lengths) != 1 or not (lengths[0].isascii() and lengths[0].isdigit() and len(lengths[0]) < 19):
        raise BrokenRecordError(offset, "a record without a Content-Length")
    size = int(lengths[0])
    too_large = size > MAX_RECORD
    block = b"" if too_large else source.read(size)
    if (source.skip(size) if too_large else len(block)) < size:
        raise BrokenRecordError(offset, f"the file ends inside a record of {size:,} bytes")
    end = source.offset
    alone = _finish(source, offset, ends=2 if head else 1, first=first)
    length = (source.offset - offset if alone else 0) if source.compressed else end - offset
    if too_large:
        raise BrokenRecordError(
            offset,
            f"a record of {size:,} bytes, more than {MAX_RECORD:,}: passed over, what is behind it is read",
            readable=True,
        )
    return Record(offset=offset, length=length, headers=headers, block=block, head=line + head)


def _finish(source: Source, offset: int, *, ends: int, first: bool) -> bool:
    """Read the line ends behind the block, two in WARC, one in ARC; whether a member ends with them that has no other
    record. Reading on to the end of the member checks its CRC; a record that has others before it does not wait for
    that, so that it is not lost where the member is cut behind it."""
    for _ in range(ends):
        line = source.readline(2)
        if not line and source.at_member_end():
            break
        if line not in (b"\r\n", b"\n"):
            raise BrokenRecordError(offset, f"behind the record's block is {line!r}: its Content-Length is wrong")
    return first and source.compressed and source.at_member_end()


def _headers(source: Source, offset: int) -> tuple[tuple[tuple[str, str], ...], bytes]:
    """The fields, and their bytes with the empty line."""
    headers: list[tuple[str, str]] = []
    lines = []
    for _ in range(_MAX_LINES):
        line = source.readline(_MAX_LINE)
        if not line.endswith(b"\n"):
            raise BrokenRecordError(offset, "the file ends inside a record's head, or a line of it is too long")
        lines.append(line)
        text = line.rstrip(b"\r\n").decode("utf-8", "replace")
        if not text:
            return tuple(headers), b"".join(lines)
        name, colon, value = text.partition(":")
        if text[0] in " \t" and headers:
            headers[-1] = (headers[-1][0], f"{headers[-1][1]} {text.strip()}")
        elif colon:
            headers.append((name.strip(), value.strip()))
    raise BrokenRecordError(offset, f"a record's head of more than {_MAX_LINES} lines")
