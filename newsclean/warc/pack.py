"""Packs WARC files as WACZ 1.1.1: a ZIP file with the WARC files, their index, a list of pages, and digests of all.

https://specs.webrecorder.net/wacz/1.1.1/: WARC files and the packed index are stored, not deflated, so that a player
reads single records by their place in the file.
"""

import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, BinaryIO

from newsclean.version import __version__
from newsclean.warc.index import Entry, in_order, index_file
from newsclean.warc.names import OPEN
from newsclean.warc.records import Damaged, open_warc

VERSION = "1.1.1"
_LINES = 300
"""Lines in one block of the index, as py-wacz has it."""
_STEP = 1 << 20
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of all members: the same records make the same file."""
_HTML = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedPage:
    """A page that the player lists."""

    url: str
    date: str
    """WARC-Date of its capture."""
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """What was packed."""

    files: int
    entries: int
    """Lines of the index."""
    pages: int
    damaged: tuple[Damaged, ...]
    """What could not be indexed; its bytes are in the WACZ all the same."""


def pack(
    files: Sequence[Path],
    out: BinaryIO,
    *,
    pages: Iterable[PackedPage] | None = None,
    title: str | None = None,
    created: datetime | None = None,
) -> Packed:
    """Write a WACZ of closed WARC files, in bounded memory.

    ``pages``: what the player lists; without it, each HTML answer with status 200. ``created``: now where it is left
    out; the same files with the same moment give the same bytes. Raises InputError, NotWarcError.
    """
    named = _names(files)
    damaged: list[Damaged] = []
    counts = {"entries": 0, "pages": 0}

    with zipfile.ZipFile(out, "w") as archive, TemporaryFile("w+b") as found:
        package = _Package(archive)
        for name, path in named.items():
            with open_warc(path) as file:
                package.add_file(f"archive/{name}", file, path.stat().st_size)
        lines = _lines(named, damaged, counts, found if pages is None else None)
        places = package.add_index(in_order(lines))
        package.add("indexes/index.idx", places, deflate=True)
        listed = _of_file(found) if pages is None else map(_page_line, pages)
        package.add("pages/pages.jsonl", _counted(listed, counts, title), deflate=True)
        package.finish(title, created or datetime.now(UTC))
    return Packed(files=len(named), entries=counts["entries"], pages=counts["pages"], damaged=tuple(damaged))


def _names(files: Sequence[Path]) -> dict[str, Path]:
    """The name of each file in the package; a second file of the same name gets a number before it."""
    named: dict[str, Path] = {}
    for path in files:
        base = name = path.name.removesuffix(OPEN)
        number = 2
        while name in named:
            name = f"{number}-{base}"
            number += 1
        named[name] = path
    return named


def _lines(
    named: dict[str, Path], damaged: list[Damaged], counts: dict[str, int], pages: IO[bytes] | None
) -> Iterator[str]:
    """The lines of the index; HTML answers also go into ``pages``."""
    for name, path in named.items():
        for line in index_file(path, name):
            if isinstance(line, Damaged):
                damaged.append(line)
                continue
            counts["entries"] += 1
            if pages is not None:
                entry = Entry.parse(line)
                if entry.fields.get("status") == "200" and entry.fields.get("mime") in _HTML:
                    stamp = entry.timestamp
                    date = f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}T{stamp[8:10]}:{stamp[10:12]}:{stamp[12:14]}Z"
                    pages.write(_page_line(PackedPage(url=entry.fields["url"], date=date)))
            yield line


def _page_line(page: PackedPage) -> bytes:
    identity = hashlib.sha256(f"{page.date} {page.url}".encode("utf-8", "replace")).hexdigest()[:22]
    values = {"id": identity, "url": page.url, "ts": page.date, "title": page.title}
    return json.dumps({key: value for key, value in values.items() if value is not None}).encode() + b"\n"


def _of_file(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    yield from file


def _counted(lines: Iterable[bytes], counts: dict[str, int], title: str | None) -> Iterator[bytes]:
    header = {"format": "json-pages-1.0", "id": "pages", "title": title or "Pages"}
    yield json.dumps(header).encode() + b"\n"
    for line in lines:
        counts["pages"] += 1
        yield line


class _Package:
    """The ZIP file, and what the data package says of each member."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._resources: list[dict[str, str | int]] = []
        self._taken: set[str] = set()

    def add(self, path: str, parts: Iterable[bytes], *, deflate: bool = False) -> None:
        """A member of unknown size, hashed as it is written."""
        with TemporaryFile("w+b") as spooled:
            for part in parts:
                spooled.write(part)
            size = spooled.tell()
            spooled.seek(0)
            self.add_file(path, spooled, size, deflate=deflate)

    def add_file(self, path: str, file: IO[bytes], size: int, *, deflate: bool = False) -> None:
        """A member that is the rest of a file, ``size`` bytes long."""
        hashed = hashlib.sha256()
        with closing(self._open(path, size, deflate=deflate)) as member:
            while data := file.read(_STEP):
                hashed.update(data)
                member.write(data)
        self._note(path, f"sha256:{hashed.hexdigest()}", size)

    def add_index(self, lines: Iterator[str]) -> list[bytes]:
        """The index in blocks, each a gzip member; gives the lines of the second index, which says where each is."""
        places = [b'!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}\n']

        def blocks() -> Iterator[bytes]:
            offset = 0
            while block := list(islice(lines, _LINES)):
                machine = zlib.compressobj(6, zlib.DEFLATED, zlib.MAX_WBITS | 16)
                packed = machine.compress("".join(block).encode()) + machine.flush()
                place = {
                    "offset": offset,
                    "length": len(packed),
                    "digest": f"sha256:{hashlib.sha256(packed).hexdigest()}",
                }
                first = Entry.parse(block[0])
                places.append(f"{first.urlkey} {first.timestamp} {json.dumps(place)}\n".encode())
                offset += len(packed)
                yield packed

        self.add("indexes/index.cdx.gz", blocks())
        return places

    def finish(self, title: str | None, created: datetime) -> None:
        """The data package, which lists all members, and its own digest."""
        package = {
            "profile": "data-package",
            "resources": self._resources,
            **({"title": title} if title else {}),
            "created": f"{created.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "wacz_version": VERSION,
            "software": f"newsclean/{__version__}",
        }
        data = json.dumps(package, indent=2).encode()
        digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}
        for path, text in (
            ("datapackage.json", data),
            ("datapackage-digest.json", json.dumps(digest, indent=2).encode()),
        ):
            with closing(self._open(path, len(text), deflate=True)) as member:
                member.write(text)

    def _open(self, path: str, size: int, *, deflate: bool) -> IO[bytes]:
        info = zipfile.ZipInfo(path, _EPOCH)
        info.compress_type = zipfile.ZIP_DEFLATED if deflate else zipfile.ZIP_STORED
        info.external_attr = 0o644 << 16
        # Players take the length of a member's header from the directory: ZIP64 in both, or in none.
        return self._archive.open(info, "w", force_zip64=size > zipfile.ZIP64_LIMIT)

    def _note(self, path: str, digest: str, size: int) -> None:
        base = name = re.sub(r"[^a-z0-9._-]", "-", path.rpartition("/")[2].lower())
        number = 2
        while name in self._taken:  # a data package's names are to be different
            name = f"{number}-{base}"
            number += 1
        self._taken.add(name)
        self._resources.append({"name": name, "path": path, "hash": digest, "bytes": size})
