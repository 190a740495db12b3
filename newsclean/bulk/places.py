"""Where the files of a bulk job are: paths, globs, manifests and the addresses that fsspec knows."""

import glob
import gzip
import re
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from newsclean.errors import InputError, UsageError

STDIN = "-"
_REMOTE = "://"
_SECRET = re.compile(r"(?<=://)[^/@\s]*@|(?<=\?)\S+")
"""A user and a password, and the signature of a signed address."""
_COPY = 8 * 1024 * 1024
_WILD = frozenset("*?[")
_VERSIONS = ("ETag", "etag", "LastModified", "mtime", "created")
"""What stores call that which changes with a file, the surest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One input file."""

    source: str
    """Path or address."""
    size: int | None
    """Bytes; absent where the store does not say."""
    version: str
    """What changes when the file does: time of its last change, or the store's tag."""


def is_remote(source: str) -> bool:
    """Whether fsspec is needed to read it."""
    return _REMOTE in source and not source.startswith("file://")


def shown(source: str) -> str:
    """An address as it may be printed and written down: without password and signature; a path as it is."""
    return _SECRET.sub("…", source) if is_remote(source) else source


def sources(paths: Iterable[str], manifests: Iterable[str] = ()) -> list[str]:
    """All inputs of a job, sorted and each one once: paths, globs (``**`` goes into folders), folders, addresses, and
    the lines of manifests (one path or address a line; ``#`` begins a remark; gzip is unpacked; ``-`` is stdin).

    Raises InputError for a path or a glob that names nothing, UsageError where fsspec is missing.
    """
    found: set[str] = set()
    for path in paths:
        found.update(_expanded(path))
    for manifest in manifests:
        for line in _lines(manifest):
            found.add(line)
    if not found:
        raise InputError("no input: name WARC files, a glob, or a manifest with --manifest")
    return sorted(found)


def place(source: str) -> Place:
    """What is known of an input without reading it. Raises InputError where it is not there."""
    if is_remote(source):
        with _said(source) as (filesystem, path):
            info = filesystem.info(path)
        version = next(
            (str(info[key]) for key in ("ETag", "etag", "LastModified", "mtime", "created") if info.get(key)), ""
        )
        return Place(source=source, size=info.get("size"), version=version)
    try:
        info = Path(source.removeprefix("file://")).stat()
    except FileNotFoundError:
        raise InputError(f"{source}: no such file") from None
    except OSError as problem:
        raise InputError(f"{source}: cannot be read: {problem.strerror}") from None
    return Place(source=source, size=info.st_size, version=str(info.st_mtime_ns))


@contextmanager
def fetched(source: str) -> Iterator[Path]:
    """The file here: itself, or a copy that is gone afterwards. Raises InputError where it cannot be had."""
    if not is_remote(source):
        yield Path(source.removeprefix("file://"))
        return
    with TemporaryDirectory(prefix="newsclean-") as folder:
        copy = Path(folder) / source.rstrip("/").rsplit("/", 1)[-1]
        with _said(source) as (filesystem, path), filesystem.open(path, "rb") as far, copy.open("wb") as near:
            while data := far.read(_COPY):
                near.write(data)
        yield copy


def _expanded(path: str) -> Iterable[str]:
    wild = not _WILD.isdisjoint(path)
    if is_remote(path):
        if not wild:
            return [path]
        scheme = path.partition(_REMOTE)[0]
        with _said(path) as (filesystem, pattern):
            found = filesystem.glob(pattern)
        named = [name if _REMOTE in name else f"{scheme}{_REMOTE}{name.lstrip('/')}" for name in map(str, found)]
    elif wild and not Path(path).exists():
        named = [name for name in glob.glob(path, recursive=True) if Path(name).is_file()]
    elif Path(path).is_dir():
        named = [str(file) for file in Path(path).rglob("*") if file.name.lower().endswith(_SUFFIXES)]
    else:
        return [path]
    if not named:
        raise InputError(f"{path}: no WARC file there")
    return named


_SUFFIXES = (".warc", ".warc.gz", ".warc.zst", ".arc", ".arc.gz", ".wacz")


def _lines(manifest: str) -> Iterator[str]:
    try:
        data = sys.stdin.buffer.read() if manifest == STDIN else _read(manifest)
        text = (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"{manifest}: no such manifest") from None
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as problem:
        raise InputError(f"{manifest}: cannot be read: {problem}") from None
    for line in text.splitlines():
        entry = line.strip()
        if entry and not entry.startswith("#"):
            yield entry


def _read(manifest: str) -> bytes:
    with fetched(manifest) as path:
        return path.read_bytes()


@contextmanager
def _said(source: str) -> Iterator[tuple[Any, str]]:
    """The file system of an address, and the path on it; its errors as ours, without what could be a secret."""
    try:
        import fsspec
    except ImportError:
        raise UsageError(f"{shown(source)}: addresses need fsspec: pip install 'newsclean[s3]'") from None
    try:
        yield fsspec.core.url_to_fs(source)
    except ImportError as problem:
        scheme = source.partition(_REMOTE)[0]
        extra = "pip install 'newsclean[s3]'" if scheme in ("s3", "s3a") else str(problem)
        raise UsageError(f"{shown(source)}: nothing here reads {scheme}: addresses: {extra}") from None
    except ValueError as problem:
        raise UsageError(f"{shown(source)}: {shown(str(problem))}") from None
    except FileNotFoundError:
        raise InputError(f"{shown(source)}: no such file, or no such bucket") from None
    except PermissionError:
        raise InputError(f"{shown(source)}: may not be read; check the credentials") from None
    except (InputError, UsageError, GeneratorExit):
        raise
    except Exception as problem:  # noqa: BLE001 - see below
        # of its many libraries each has errors of its own, and some print the key
        raise InputError(f"{shown(source)}: cannot be read: {_reason(problem)}") from None


def _reason(problem: Exception) -> str:
    """What an error of a store is, by its name alone: its words may hold a key."""
    name = type(problem).__name__
    if "Credential" in name or "Token" in name:
        return "no credentials (for S3: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile)"
    if "Connect" in name or "Endpoint" in name or "Timeout" in name or "DNS" in name.upper():
        return f"the store cannot be reached ({name})"
    return name
