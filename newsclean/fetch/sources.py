"""Lists of URLs: text files, CSV files with a ``url`` column, standard input. Read as a stream."""

import csv
import io
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from newsclean.errors import InputError

MAX_LINE = 64 * 1024
"""Characters of a line that are read; the rest of a longer one is passed over."""

_DELIMITERS = ",;\t"
_COLUMN = "url"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a list. Whether it is a URL is not looked at here."""

    text: str
    """The line or the cell, without white space around it, cut to MAX_LINE characters. Empty for a CSV row without
    a URL."""
    origin: str
    """Name and line for messages: ``urls.txt:12``, ``-:3``."""
    line: int
    """Line number, from 1."""


def read_list(path: str | Path, stream: BinaryIO | None = None) -> Iterator[Entry]:
    """The entries of a list, one at a time.

    ``path``: a file, or ``-`` for standard input. ``stream``: read this instead; ``path`` is then its name only.
    In plain text, blank lines and lines that begin with ``#`` are passed over. Where the first line that is left names
    a column ``url`` (in any case, between commas, semicolons or tabs), the list is CSV. UTF-8, with or without a byte
    order mark, or UTF-16 with one; bytes that are neither are replaced, not refused.

    Raises InputError where there is no such file, it cannot be read, or there is no entry in it.
    """
    name = str(path)
    if stream is None and name != "-":
        _check(Path(path))
    return _entries(name, stream)


def _check(path: Path) -> None:
    """Say what is wrong before anything else starts. A pipe is not opened for it: it could not be opened again."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise InputError(f"{path}: no such file; give a list of URLs, one a line, or - for standard input") from None
    except OSError as problem:
        raise InputError(f"{path}: cannot be read: {problem.strerror}") from None
    if stat.S_ISDIR(mode):
        raise InputError(f"{path}: is a folder; give a list of URLs, one a line")
    if not os.access(path, os.R_OK):
        raise InputError(f"{path}: cannot be read: permission denied")


def _entries(name: str, stream: BinaryIO | None) -> Iterator[Entry]:
    found = False
    try:
        with _opened(name, stream) as binary:
            for line, text in _cells(name, binary):
                found = True
                yield Entry(text=text, origin=f"{name}:{line}", line=line)
    except OSError as problem:
        raise InputError(f"{name}: cannot be read: {problem.strerror}") from None
    if not found:
        raise InputError(f"{name}: no URL in it; give one a line, or CSV with a column {_COLUMN!r}")


def _opened(name: str, stream: BinaryIO | None) -> AbstractContextManager[BinaryIO]:
    if stream is None and name != "-":
        return Path(name).open("rb")
    return nullcontext(stream or sys.stdin.buffer)


def _cells(name: str, binary: BinaryIO) -> Iterator[tuple[int, str]]:
    """Line number and text of each entry."""
    lines = _lines(binary)
    for number, line in lines:
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        if delimiter := _header(text):
            yield from _rows(name, text, delimiter, lines)
            return
        yield number, text
        break
    for number, line in lines:
        text = line.strip()
        if text and not text.startswith("#"):
            yield number, text


def _lines(binary: BinaryIO) -> Iterator[tuple[int, str]]:
    """Lines with their numbers and their ends, those that are too long cut."""
    buffered = binary if isinstance(binary, io.BufferedReader) else io.BufferedReader(_Raw(binary))
    start = buffered.peek(2)[:2]
    encoding = "utf-16" if start in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    text = io.TextIOWrapper(buffered, encoding=encoding, errors="replace", newline="")
    try:
        number = 0
        while line := text.readline(MAX_LINE):
            number += 1
            rest = line
            while rest and not rest.endswith(("\n", "\r")):
                rest = text.readline(MAX_LINE)
            yield number, line
    finally:
        text.detach()
        if buffered is not binary:
            buffered.detach()


class _Raw(io.RawIOBase):
    """A stream that only has ``read``, as a raw one."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _header(line: str) -> str | None:
    """The delimiter, where the line is a CSV header with our column; None where it is not."""
    for delimiter in _DELIMITERS:
        if _COLUMN in _names(line, delimiter):
            return delimiter
    return None


def _names(line: str, delimiter: str) -> list[str]:
    return [cell.strip().lower() for cell in next(csv.reader([line], delimiter=delimiter), [])]


def _rows(name: str, header: str, delimiter: str, lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    place = _names(header, delimiter).index(_COLUMN)
    taken: list[int] = []

    def noted() -> Iterator[str]:
        for number, line in lines:
            taken.append(number)
            yield line

    rows = csv.reader(noted(), delimiter=delimiter)
    try:
        for row in rows:
            first, taken = taken[0], []
            if not any(cell.strip() for cell in row) or row[0].lstrip().startswith("#"):
                continue
            yield first, row[place].strip() if place < len(row) else ""
    except csv.Error as problem:
        where = f"{name}:{taken[0] if taken else 1}"
        raise InputError(f"{where}: not readable as CSV: {problem}; is a quotation mark left open?") from None
