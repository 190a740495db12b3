"""``index.cdxj``, beside ``warc/``: which URL lies where, for replay tools. Every closed WARC file is in it."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from newsclean.errors import NotWarcError, WarcError
from newsclean.warc.index import index_file, merge

INDEX = "index.cdxj"


def add_file(folder: Path, name: str, lines: Iterable[str]) -> None:
    """Take the lines of a WARC file in, in the place of those that the index has of it. ``folder``: the archive.

    An index that is missing, or was spoilt by hand, is made anew first.
    """
    if not (folder / INDEX).exists():
        _make(folder, without=name)
    known = list(lines)
    try:
        merge(known, folder / INDEX, without=[name])
    except WarcError:
        _make(folder, without=name)
        merge(known, folder / INDEX, without=[name])


def _make(folder: Path, without: str) -> None:
    rebuild(folder, sorted(file for file in (folder / "warc").glob("*.warc*") if _is_closed(file, without)))


def _is_closed(file: Path, without: str) -> bool:
    return file.is_file() and file.name.endswith((".warc", ".warc.gz")) and file.name != without


def add_recovered(folder: Path, path: Path, name: str) -> None:
    """Take in a WARC file that a crash left open, read anew; ``name`` is its final one. It must not have that name yet:
    what has is taken to be in the index."""
    add_file(folder, name, _lines(path, name))


def rebuild(folder: Path, files: Iterable[Path]) -> None:
    """Make the index anew, of these files."""
    new = folder / f"{INDEX}.new"
    new.unlink(missing_ok=True)
    merge((line for file in files for line in _lines(file)), new)
    if new.exists():
        new.replace(folder / INDEX)


def _lines(file: Path, name: str | None = None) -> Iterator[str]:
    """The lines of a file; what is damaged, or is no WARC at all, has none."""
    try:
        for line in index_file(file, name):
            if isinstance(line, str):
                yield line
    except NotWarcError:
        return
