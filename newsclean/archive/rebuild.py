"""From WARC files to catalogue rows: after a crash, and when the catalogue is built anew."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from newsclean.archive import indexing
from newsclean.errors import BadUrlError, HttpStatusError, NotWarcError
from newsclean.model import Capture, RecordRef
from newsclean.store import Catalogue, Ended, Pending
from newsclean.urls import to_uri
from newsclean.warc import Damaged, Refers, StoredInput, read, read_at, read_inputs, recover
from newsclean.warc.records import Record, open_warc, records

_BATCH = 200
_BATCH_BYTES = 16 * 1024 * 1024
_OURS = "newsclean-"
_SUFFIXES = (".warc.gz", ".warc")


def repair(folder: Path, catalogue: Catalogue) -> None:
    """Put the WARC files in order that a crash left open, and let the catalogue forget what was lost with them."""
    recover(folder, partial(indexing.add_recovered, folder.parent))
    sizes = {path.name: path.stat().st_size for path in warc_files(folder)}
    for name, known in catalogue.file_sizes().items():
        if name not in sizes:
            catalogue.forget_file(name)
        elif sizes[name] < known:
            catalogue.cut(name, sizes[name])


def catch_up(folder: Path, catalogue: Catalogue, on_ended: Callable[[str], None] | None = None) -> None:
    """Record what the WARC files hold and the catalogue does not know. ``on_ended`` gets each input that needs no
    extraction."""
    known = catalogue.file_sizes()
    grown = [path for path in warc_files(folder) if path.stat().st_size > known.get(path.name, 0)]
    for path in sorted(grown, key=_begun):
        size = path.stat().st_size
        _take_in(path, known.get(path.name, 0), catalogue, on_ended)
        catalogue.store([], {path.name: size})


def warc_files(folder: Path) -> list[Path]:
    """The WARC files of a folder, in the order of their names."""
    return sorted(path for path in folder.iterdir() if path.name.endswith(_SUFFIXES) and path.is_file())


def pending_capture(folder: Path, item: Pending, catalogue: Catalogue) -> Capture:
    """Read a page back that waits for its extraction. Raises WarcError's kinds and InputError."""
    capture = read_capture(folder, item.record, catalogue)
    return replace(capture, url=item.url, redirects=item.redirects, record=item.record)


def read_capture(folder: Path, ref: RecordRef, catalogue: Catalogue) -> Capture:
    """Read a record back, a revisit with the payload of its original.

    Raises WarcError's kinds, and InputError where the file is gone.
    """

    def original(refers: Refers) -> Capture | None:
        found = catalogue.record(refers.record_id) if refers.record_id else None
        return read_capture(folder, found, catalogue) if found and found != ref else None

    return read_at(folder / ref.file, ref.offset, name=ref.file, record_id=ref.record_id, resolve=original)


def _begun(path: Path) -> tuple[str, str]:
    """When the file was begun, by its first record, finer than the second in its name; then its name."""
    with suppress(NotWarcError), open_warc(path) as file:
        first = next(records(file, path.name))
        if isinstance(first, Record):
            return first.header("WARC-Date") or "", path.name
    return "", path.name


def _take_in(path: Path, start: int, catalogue: Catalogue, on_ended: Callable[[str], None] | None) -> None:
    batch: list[Ended] = []
    size = 0
    for ended in _inputs(path, start):
        batch.append(ended)
        size += len(ended.capture.body) if ended.capture else 0
        if len(batch) >= _BATCH or size >= _BATCH_BYTES:
            _record(batch, catalogue, on_ended)
            batch, size = [], 0
    _record(batch, catalogue, on_ended)


def _record(batch: list[Ended], catalogue: Catalogue, on_ended: Callable[[str], None] | None) -> None:
    catalogue.store(batch, {})
    if on_ended is not None:
        for ended in batch:
            if ended.outcome is not None:
                on_ended(ended.url)


def _inputs(path: Path, start: int) -> Iterator[Ended]:
    """The inputs of a file: ours say what they were; in other people's, each HTML page is one."""
    if path.name.startswith(_OURS):
        for item in read_inputs(path, start=start, name=path.name):
            yield _damage(item) if isinstance(item, Damaged) else _stored(item)
        return
    try:
        for found in read(path, name=path.name):
            if isinstance(found, Damaged):
                yield _damage(found)
            elif ended := _foreign(found):
                yield ended
    except NotWarcError as problem:
        yield Ended(url=path.name, outcome=problem.code, message=str(problem))


def _stored(item: StoredInput) -> Ended:
    return Ended(url=item.url, capture=item.capture, outcome=item.outcome, status=item.status, message=item.message)


def _foreign(capture: Capture) -> Ended | None:
    """A page of somebody else's file; None for what is none: images, redirects, robots.txt."""
    content_type = capture.header("Content-Type") or "text/html"
    if 300 <= capture.status < 400 or "html" not in content_type.lower():
        return None
    with suppress(BadUrlError):
        to_uri(capture.final_url)
        if 200 <= capture.status < 300:
            return Ended(url=capture.url, capture=capture)
        problem = HttpStatusError(f"{capture.final_url}: the server answered {capture.status}", capture.status)
        return Ended(url=capture.url, capture=capture, outcome=problem.code, message=str(problem))
    return None


def _damage(damaged: Damaged) -> Ended:
    return Ended(url=f"{damaged.file}@{damaged.offset}", outcome="warc-damaged", message=damaged.message)
