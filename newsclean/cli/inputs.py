"""Pages that are here: files, folders, WARC, ARC and WACZ files and stdin, told apart by what is in them."""

import sys
import zlib
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from newsclean.cli.output import STDIN
from newsclean.errors import InputError, NotWarcError, UsageError

if TYPE_CHECKING:
    from newsclean.model import Capture
    from newsclean.warc import Damaged

SUFFIXES = (
    *(".html", ".htm", ".xhtml", ".html.gz", ".htm.gz"),
    *(".warc", ".warc.gz", ".warc.zst", ".arc", ".arc.gz", ".wacz"),
)
"""What is taken from a folder, which may hold other things; a file that is named is taken whatever it is called."""

Kind = Literal["page", "warc", "zip"]
_HEAD = 4096
_WARC_STARTS = (b"WARC/", b"filedesc:")
"""How WARC and ARC files begin, unpacked."""
_ZSTD_STARTS = (b"\x28\xb5\x2f\xfd", b"\x5d\x2a\x4d\x18")
"""A zstd frame, and a dictionary before the first frame: nothing else that is taken is packed with zstd."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page to extract."""

    name: str
    """Where it is, for people: the file, for a WARC file also the offset."""
    capture: "Capture"


def read_bytes(path: Path) -> bytes:
    """A whole file, or stdin. Raises InputError."""
    if str(path) == STDIN:
        return sys.stdin.buffer.read()
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except OSError as problem:
        raise InputError(f"{path}: cannot be read: {problem.strerror}") from None


def kind_of(head: bytes) -> Kind:
    """What a file is, by its first bytes."""
    if head.startswith(b"\x1f\x8b"):
        try:
            head = zlib.decompressobj(31).decompress(head, 64)
        except zlib.error:
            return "page"
    if head.startswith((*_WARC_STARTS, *_ZSTD_STARTS)):
        return "warc"
    return "zip" if head.startswith(b"PK\x03\x04") else "page"


class Pages:
    """The pages of files, folders (sorted, with all below them), WARC, ARC and WACZ files, read as they are asked for.

    Of a WARC file, the answers that can be pages are taken: status 2xx, and HTML or nothing as their type. Revisits
    have the page that they stand for where it is in any of the files.
    """

    def __init__(self, paths: Sequence[Path], url: str | None = None) -> None:
        """``url`` is where an HTML page is from. Raises InputError for what cannot be read, before anything is."""
        self._files: list[tuple[Path, Kind]] = []
        self._url = url
        for file in (file for path in paths for file in _files(path)):
            self._files.append((file, "page" if str(file) == STDIN else _checked(file)))
        self.passed_over = 0
        """Answers in WARC files that can be no page: redirects, errors, images and the like."""
        self.damaged: list[str] = []
        """What could not be read of WARC files, a line each."""

    def __iter__(self) -> Iterator[Page]:
        """In the order of the files; the WARC files are read as one collection."""
        from newsclean.warc import Damaged, read_many

        packed = [file for file, kind in self._files if kind != "page"]
        waiting = deque(self._files)
        for found in read_many(packed) if packed else ():
            name = found.file if isinstance(found, Damaged) else found.record.file if found.record else ""
            while waiting and not (name == str(waiting[0][0]) or name.startswith(f"{waiting[0][0]}!")):
                yield from self._pages_of(*waiting.popleft())
            yield from self._taken(found, name)
        for file, kind in waiting:
            yield from self._pages_of(file, kind)

    def _pages_of(self, file: Path, kind: Kind) -> Iterator[Page]:
        """The page that a file is, and the pages of standard input; of WARC files nothing, they are read together."""
        if str(file) == STDIN:
            yield from self._piped()
        elif kind == "page":
            yield Page(name=str(file), capture=_capture(read_bytes(file), self._url))

    def _piped(self) -> Iterator[Page]:
        head = sys.stdin.buffer.read(_HEAD)
        if kind_of(head) == "page":
            yield Page(name=STDIN, capture=_capture(head + sys.stdin.buffer.read(), self._url))
            return
        from newsclean.warc import read

        with _spooled(head) as spooled:
            for found in read(spooled, name=STDIN):
                yield from self._taken(found, STDIN)

    def _taken(self, found: "Capture | Damaged", name: str) -> Iterator[Page]:
        from newsclean.warc import Damaged

        if isinstance(found, Damaged):
            self.damaged.append(found.message)
        elif 200 <= found.status < 300 and _may_be_html(found.header("Content-Type")):
            yield Page(name=f"{name}@{found.record.offset}" if found.record else name, capture=found)
        else:
            self.passed_over += 1


def _may_be_html(content_type: str | None) -> bool:
    kind = (content_type or "").partition(";")[0].strip().lower()
    return not kind or "html" in kind or "/" not in kind


def _files(path: Path) -> list[Path]:
    if str(path).startswith(("http:/", "https:/")):
        raise UsageError(f"{path}: not here; `newsclean archive URL` fetches a page and keeps it")
    if not path.is_dir():
        return [path]
    found = sorted(file for file in path.rglob("*") if file.name.lower().endswith(SUFFIXES) and file.is_file())
    if not found:
        raise InputError(f"{path}: no page in that folder: no file ends with {', '.join(SUFFIXES)}")
    return found


def _checked(file: Path) -> Kind:
    """What a file is. Raises InputError where it cannot be read, or is a ZIP file but no WACZ."""
    kind = kind_of(_head(file))
    if kind == "zip":
        from newsclean.warc.wacz_read import members

        try:
            members(file)
        except NotWarcError as problem:
            raise InputError(str(problem)) from None
    return kind


def _head(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(_HEAD)
    except FileNotFoundError:
        raise InputError(f"{file}: no such file or folder") from None
    except OSError as problem:
        raise InputError(f"{file}: cannot be read: {problem.strerror}") from None


@contextmanager
def _spooled(head: bytes) -> Iterator[Path]:
    """Standard input, of which ``head`` was read, as a file: a WARC file is read at places, a pipe is not."""
    from shutil import copyfileobj
    from tempfile import NamedTemporaryFile

    with NamedTemporaryFile(suffix=".warc") as file:
        file.write(head)
        copyfileobj(sys.stdin.buffer, file)
        file.flush()
        yield Path(file.name)


def _capture(body: bytes, url: str | None) -> "Capture":
    from newsclean.model import Capture

    headers = (("Content-Encoding", "gzip"),) if body.startswith(b"\x1f\x8b") else ()
    return Capture(url=url or "", final_url=url or "", headers=headers, body=body)
