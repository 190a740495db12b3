"""WACZ files, read: the WARC files inside, in place.

A WACZ is a ZIP file with WARC files in ``archive/`` (specification: WACZ 1.1.1). A WARC file in it is named
``crawl.wacz!archive/data.warc.gz``.
"""

import io
import json
import re
import struct
import zipfile
import zlib
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, BinaryIO

from newsclean.errors import InputError, NotWarcError

if TYPE_CHECKING:
    from typing_extensions import Buffer

ZIP_MAGIC = b"PK\x03\x04"
_FOLDER = "archive/"
_MARK = "!"
_MEMBER = re.compile(r"\.w?arc(\.gz|\.zst)?$", re.IGNORECASE)
_LOCAL_HEAD = struct.Struct("<4s5H3I2H")
"""A local file header (APPNOTE 4.3.7): the last two numbers are the lengths of name and extra field behind it."""
_ENCRYPTED = 1
_STEP = 1024 * 1024
_MAX_RATIO = 200
"""How many times its packed size a file may have: text packs 5 to 20 times, a bomb 1000 times."""
_RATIO_FROM = 64 * 1024 * 1024
"""Bytes from which that is looked at."""
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, struct.error)
"""What zipfile raises on broken or unknown content."""


class _Window(io.RawIOBase):
    """A part of a file as a file of its own. Closes the file."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        self._file = file
        self._start = start
        self._size = size
        self._place = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        self._place = max(0, base + offset)
        return self._place

    def tell(self) -> int:
        return self._place

    def readinto(self, buffer: "Buffer", /) -> int:
        view = memoryview(buffer).cast("B")
        self._file.seek(self._start + self._place)
        data = self._file.read(max(0, min(len(view), self._size - self._place)))
        view[: len(data)] = data
        self._place += len(data)
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


def is_wacz(path: Path) -> bool:
    """Whether it is a ZIP file, by its first bytes; False for what is no file or cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(len(ZIP_MAGIC)) == ZIP_MAGIC
    except OSError:
        return False


def inside(path: Path) -> tuple[Path, str] | None:
    """The WACZ and the name in it, of a path as :func:`members` gives them; None for any other path."""
    outer, mark, rest = str(path).partition(f"{_MARK}{_FOLDER}")
    return (Path(outer), _FOLDER + rest) if mark and not path.exists() else None


def members(path: Path) -> list[Path]:
    """The WARC files of a WACZ, in the order of their names: ``crawl.wacz!archive/data.warc.gz``.

    Raises InputError where the file cannot be read, NotWarcError where it is no WACZ, or one that is not to be trusted.
    """
    with _opened(path) as packed:
        return [Path(f"{path}{_MARK}{info.filename}") for info in _checked(path, packed)]


def warc_files_in(path: Path) -> list[Path]:
    """The WARC files of a WACZ, as :func:`members` gives them; the path itself where it is none."""
    return members(path) if is_wacz(path) else [path]


def open_member(path: Path, member: str) -> BinaryIO:
    """A WARC file of a WACZ, opened: stored in it, it is read in place; packed, it is unpacked to a temporary file.

    Raises InputError where there is none of that name, and as :func:`members` does.
    """
    with _opened(path) as packed:
        info = next((info for info in _checked(path, packed) if info.filename == member), None)
        if info is None:
            raise InputError(f"{path}: no {member} in it")
        try:
            if info.compress_type == zipfile.ZIP_STORED:
                return _window(path, info)
            with packed.open(info) as source:
                return _spooled(source)
        except _BROKEN as problem:
            raise _refused(path, f"{member} is broken: {_text(problem)}") from None
        except OSError as problem:
            raise InputError(f"{path}: {member} cannot be unpacked: {problem.strerror or problem}") from None


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except OSError as problem:
        raise InputError(f"{path}: cannot be read: {problem.strerror or problem}") from None
    except _BROKEN as problem:
        raise _refused(path, f"the ZIP file is broken: {_text(problem)}") from None


def _checked(path: Path, packed: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """What is in ``archive/``, by name; each name once, as the last entry of that name has it."""
    inner = {info.filename: info for info in packed.infolist() if not info.is_dir()}
    for name, info in inner.items():
        if name.startswith("/") or "\\" in name or ".." in name.split("/") or "\0" in info.orig_filename:
            raise _refused(path, f"it names a file outside itself: {info.orig_filename!r}")
    found = [inner[name] for name in sorted(inner) if name.startswith(_FOLDER) and _MEMBER.search(name)]
    if not found:
        if any(name.lower().endswith(".wacz") for name in inner) or _is_collection(packed):
            raise _refused(path, "it is a collection of WACZ files (multi-WACZ); unpack it and name those inside")
        raise _refused(path, f"it has no WARC file in {_FOLDER}; if pages are in it, unpack it first")
    for info in found:
        if info.flag_bits & _ENCRYPTED:
            raise _refused(path, f"{info.filename} is encrypted; decrypt it first")
        if info.file_size > max(_RATIO_FROM, _MAX_RATIO * info.compress_size):
            raise _refused(
                path, f"{info.filename} would unpack from {info.compress_size:,} bytes to {info.file_size:,}"
            )
    return found


def _is_collection(packed: zipfile.ZipFile) -> bool:
    try:
        with packed.open("datapackage.json") as file:
            described = json.loads(file.read(_STEP))
    except (KeyError, OSError, *_BROKEN):
        return False
    return isinstance(described, dict) and "multi-wacz" in str(described.get("profile"))


def _window(path: Path, info: zipfile.ZipInfo) -> BinaryIO:
    file = path.open("rb")
    try:
        file.seek(info.header_offset)
        magic, *_, name, extra = _LOCAL_HEAD.unpack(file.read(_LOCAL_HEAD.size))
        if magic != ZIP_MAGIC:
            raise zipfile.BadZipFile("no file where the directory names one")
        start = info.header_offset + _LOCAL_HEAD.size + name + extra
        return io.BufferedReader(_Window(file, start, info.compress_size), _STEP // 8)
    except BaseException:
        file.close()
        raise


def _spooled(source: IO[bytes]) -> BinaryIO:
    """zipfile stops at the size that the directory gives, so that no more than was checked is unpacked."""
    file: BinaryIO = TemporaryFile()  # noqa: SIM115
    try:
        while data := source.read(_STEP):
            file.write(data)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _refused(path: Path, reason: str) -> NotWarcError:
    return NotWarcError(f"{path}: no WACZ that can be read: {reason}")


def _text(problem: Exception) -> str:
    return " ".join(str(problem).split()) or type(problem).__name__
