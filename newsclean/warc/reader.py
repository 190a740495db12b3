"""Reads captures back: from newsclean's own WARC files and from those of any other tool."""

import os
from base64 import b64decode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from newsclean.errors import DamagedRecordError, NotWarcError, RecordNotFoundError
from newsclean.exchange import Fetch
from newsclean.http1 import read_response
from newsclean.model import Capture, RecordRef
from newsclean.warc.digests import payload_digest
from newsclean.warc.members import MemberError, Source, find_member, find_text
from newsclean.warc.names import INPUT, MESSAGE, NOT_MODIFIED, OPEN, OUTCOME, PURPOSE, REDIRECT, one_line
from newsclean.warc.originals import Originals, Resolve, refers_of, target_of
from newsclean.warc.records import BrokenRecordError, Damaged, Record, located, open_warc, read_record, records
from newsclean.warc.wacz_read import warc_files_in


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredInput:
    """How one input of an archive ended, as its WARC files have it."""

    url: str
    """The input as it was given."""
    capture_ref: RecordRef | None
    """The answer that ended it; absent where there was none."""
    outcome: str | None
    """Code of the error that ended it; absent where a page came."""
    message: str
    """Why; empty where a page came."""
    redirects: tuple[str, ...]
    fetched_at: str
    """WARC-Date of the exchange that ended it."""
    status: int | None
    """Its HTTP status; absent where no answer came."""
    capture: Capture | None
    """The answer itself, with its body; absent where there was none."""


def read(path: str | Path, *, name: str | None = None, resolve: Resolve | None = None) -> Iterator[Capture | Damaged]:
    """The captures of a WARC file in its order: one for each response that is an HTTP message, each revisit, and each
    resource that is a page.

    ``name``: what ``RecordRef.file`` is to say; the path as given where it is left out. ``resolve`` gives what revisits
    stand for; left out, they are looked for in the file itself (see :func:`read_many`). A revisit whose original is not
    to be had, and damage, are handed out in their place, and what can be read behind them is read. Of newsclean's own
    files, what answers no input (robots.txt, feeds, attempts that were made again) is passed over. Memory is bounded by
    two records (MAX_RECORD bytes each) and a note of each response. Of a WACZ, the WARC files inside are read
    (``crawl.wacz!archive/data.warc.gz``). Raises InputError where there is no such file,
    NotWarcError where it is no WARC file.
    """
    located(Path(path))
    files = warc_files_in(Path(path))
    originals = Originals(files, _original) if resolve is None else None
    return _all({file: f"{_name(path, name)}{str(file)[len(str(path)) :]}" for file in files}, resolve, originals)


def read_many(paths: Sequence[str | Path]) -> Iterator[Capture | Damaged]:
    """The captures of several files, as :func:`read` gives those of one; revisits are looked for in all of them. A file
    that is no WARC file is damage. Raises InputError, and NotWarcError for a WACZ file without any."""
    files = [file for path in paths for file in warc_files_in(located(Path(path)))]
    return _all({file: _name(file, None) for file in files}, None, Originals(files, _original))


def _all(files: dict[Path, str], resolve: Resolve | None, originals: Originals | None) -> Iterator[Capture | Damaged]:
    """The captures of files, each with its name for people. What is no WARC file is damage where it is not alone."""
    for file, shown in files.items():
        try:
            yield from _captures(file, shown, resolve, originals)
        except NotWarcError as problem:
            if len(files) == 1:
                raise
            yield Damaged(file=shown, offset=0, reason=str(problem).removeprefix(f"{shown}: "))


def read_part(path: str | Path, start: int, end: int | None = None) -> Iterator[Capture | Damaged]:
    """The captures of the records of a WARC file that begin from ``start``, where one begins, up to ``end``, or the
    file's end; otherwise as :func:`read`. :func:`newsclean.warc.starts` says where records begin.
    """
    file = Path(path)
    for found in _captures(located(file), _name(path, None), None, Originals([file], _original), start):
        place = found.offset if isinstance(found, Damaged) else found.record.offset if found.record else 0
        if end is not None and place >= end:
            return
        yield found


def starts(path: str | Path, size: int) -> list[int]:
    """Offsets of records at which a file can be parted, about ``size`` bytes from each other, the first 0: beginnings
    of members, in a plain file of records. A file that is one member has one part. Raises InputError.
    """
    file = Path(path)
    found = [0]
    with open_warc(file) as stream:
        find = find_member if Source(stream).compressed else find_text
        end = stream.seek(0, os.SEEK_END)
        while found[-1] + size < end and (begin := find(stream, found[-1] + size)) is not None:
            found.append(begin)
    return found


def _captures(
    path: Path, shown: str, resolve: Resolve | None, originals: Originals | None, start: int = 0
) -> Iterator[Capture | Damaged]:
    for found, metadata in _responses(path, shown, start):
        if isinstance(found, Damaged):
            yield found
        elif found is not None:
            if originals and found.header("WARC-Type") != "revisit":
                originals.note(path, found, target_of(found))
            if metadata is None or PURPOSE not in _fields(metadata):
                yield _capture(found, shown, metadata, resolve or (originals.find if originals else None))


def _original(path: Path, offset: int, record_id: str) -> Capture:
    return read_at(path, offset, record_id=record_id or None, resolve=lambda _refers: None)


def read_warc(path: str | Path) -> Iterator[Capture]:
    """The captures of a WARC file. Raises as :func:`read` does, and DamagedRecordError at the first record that cannot
    be read; :func:`read` goes on behind it.
    """
    for found in read(path):
        if isinstance(found, Damaged):
            raise DamagedRecordError(found.message)
        yield found


def read_inputs(path: str | Path, *, start: int = 0, name: str | None = None) -> Iterator[StoredInput | Damaged]:
    """How the inputs of one of newsclean's own WARC files ended, in the order in which they did.

    ``start``: the offset of a record to begin with, such as the file's size at an earlier time (``Written.end``).
    Exchanges whose metadata record is missing (a crash between the two), redirect hops, and what answers no input
    (robots.txt, feeds, attempts that were made again) are left out. The capture of a revisit has no body. Raises
    InputError, NotWarcError.
    """
    located(Path(path))
    return _inputs(Path(path), _name(path, name), start)


def _inputs(path: Path, shown: str, start: int) -> Iterator[StoredInput | Damaged]:
    for found, metadata in _responses(path, shown, start):
        if isinstance(found, Damaged):
            yield found
        elif metadata is not None:
            fields = _fields(metadata)
            asked = _first(fields, INPUT)
            if asked is None:
                continue
            capture = _capture(found, shown, metadata, None) if found else None
            if isinstance(capture, Damaged):
                yield capture
                capture = None
            yield StoredInput(
                url=asked,
                capture_ref=capture.record if capture else None,
                outcome=_first(fields, OUTCOME),
                message=_first(fields, MESSAGE) or "",
                redirects=tuple(fields.get(REDIRECT, ())),
                fetched_at=metadata.header("WARC-Date") or "",
                status=capture.status if capture else None,
                capture=capture,
            )


def read_at(
    path: str | Path,
    offset: int,
    *,
    name: str | None = None,
    record_id: str | None = None,
    resolve: Resolve | None = None,
) -> Capture:
    """The capture whose record begins at ``offset``; a revisit with what it stands for.

    ``record_id``: which one, where a gzip member holds several records. ``resolve`` as in :func:`read`. Raises
    InputError where there is no such file, RecordNotFoundError where no answer is recorded there or a revisit's
    original is not to be had, DamagedRecordError where it is cut or broken.
    """
    shown = _name(path, name)
    with open_warc(Path(path)) as file:
        source = Source(file, offset)
        try:
            record = read_record(source)
            while record and record_id and _is_another(record, record_id, offset):
                record = read_record(source)
        except BrokenRecordError as problem:
            if problem.reason.startswith("no WARC record"):
                raise RecordNotFoundError(f"{shown}@{offset}: {problem.reason}") from None
            raise DamagedRecordError(f"{shown}@{offset}: {problem.reason}") from None
        except MemberError as problem:
            raise DamagedRecordError(f"{shown}@{offset}: {problem.reason}") from None
        if record is None:
            raise RecordNotFoundError(f"{shown}@{offset}: no record there, the file ends before it")
        if not _is_answer(record):
            kind = record.header("WARC-Type") or "unknown"
            raise RecordNotFoundError(f"{shown}@{offset}: a {kind} record, not an HTTP response")
        try:
            after = read_record(source)
        except (BrokenRecordError, MemberError):  # damage behind the record does not concern it
            after = None
    metadata = after if after and _belongs(after, record) else None
    capture = _capture(record, shown, metadata, resolve or Originals([Path(path)], _original).find)
    if isinstance(capture, Damaged):
        error = RecordNotFoundError if record.header("WARC-Type") == "revisit" else DamagedRecordError
        raise error(f"{shown}@{offset}: {capture.reason}")
    return capture


def _is_another(record: Record, record_id: str, offset: int) -> bool:
    """Whether it shares the gzip member at ``offset`` with the record that is looked for."""
    return record.offset == offset and not record.length and record.header("WARC-Record-ID") != record_id


def capture_of(fetch: Fetch, ref: RecordRef) -> Capture:
    """The capture of a fetch that was just written: what :func:`read_at` gives for the record, without reading it."""
    last = fetch.last
    if last is None or last.status is None:
        raise ValueError("a fetch without an answer has no capture")
    return Capture(
        url=one_line(fetch.url),
        final_url=last.url,
        redirects=fetch.redirects,
        status=last.status,
        headers=last.headers,
        body=last.entity_body,
        fetched_at=last.started_at,
        payload_digest=payload_digest(last),
        truncated=last.truncated,
        record=ref,
    )


def _name(path: str | Path, name: str | None) -> str:
    return name if name is not None else str(path).removesuffix(OPEN)


def _responses(path: Path, shown: str, start: int) -> Iterator[tuple[Record | Damaged | None, Record | None]]:
    """Each response with our metadata record where it has one; each metadata record without a response; damage."""
    with open_warc(path) as file:
        waiting: Record | None = None
        for found in records(file, shown, start):
            if waiting and isinstance(found, Record) and _belongs(found, waiting):
                yield waiting, found
                waiting = None
                continue
            if waiting:
                yield waiting, None
                waiting = None
            if isinstance(found, Damaged):
                yield found, None
            elif _is_answer(found):
                waiting = found
            elif found.header("WARC-Type") == "metadata":
                yield None, found
        if waiting:
            yield waiting, None


def _belongs(record: Record, response: Record) -> bool:
    """Whether it is the metadata record that newsclean writes behind a response."""
    wanted = response.header("WARC-Record-ID")
    return record.header("WARC-Type") == "metadata" and wanted in record.every("WARC-Concurrent-To")


def _is_answer(record: Record) -> bool:
    """Whether it can be a page: an HTTP response or a revisit of one, or HTML that was stored without its HTTP head."""
    if not target_of(record).lower().startswith(("http://", "https://")):
        return False
    kind = (record.header("Content-Type") or "").partition(";")[0].strip().lower()
    match record.header("WARC-Type"):
        case "response":
            return kind in ("application/http", "")
        case "revisit":
            return True
        case "resource":
            return kind in ("text/html", "application/xhtml+xml")
    return False


def _capture(record: Record, shown: str, metadata: Record | None, resolve: Resolve | None) -> Capture | Damaged:
    """The capture of a record. ``resolve``: None where what a revisit stands for is not wanted."""
    revisit = record.header("WARC-Type") == "revisit"
    headers: tuple[tuple[str, str], ...]
    if record.header("WARC-Type") == "resource":
        status, headers, body = 200, (("Content-Type", record.header("Content-Type") or ""),), record.block
    elif response := read_response(record.block or _unmodified(metadata)):
        status, headers, body = response.head.status, response.head.headers, response.body
    elif revisit:  # some leave the head out
        status, headers, body = 200, (), b""
    else:
        return Damaged(file=shown, offset=record.offset, reason=f"no HTTP message, but {record.block[:20]!r}")
    fields = _fields(metadata) if metadata else {}
    target = target_of(record)
    capture = Capture(
        url=_first(fields, INPUT) or target,
        final_url=target,
        redirects=tuple(fields.get(REDIRECT, ())),
        status=status,
        headers=headers,
        body=b"" if revisit else body,
        fetched_at=record.header("WARC-Date") or "",
        payload_digest=record.header("WARC-Payload-Digest"),
        # A revisit says so of its block, which never has the body.
        truncated=None if revisit else record.header("WARC-Truncated"),
        record=RecordRef(
            file=shown,
            offset=record.offset,
            length=record.length,
            record_id=record.header("WARC-Record-ID") or "",
        ),
        revisit_of=(record.header("WARC-Refers-To") or "") if revisit else None,
    )
    if not revisit or resolve is None:
        return capture
    refers = refers_of(record, target)
    original = resolve(refers)
    if original is None:
        reason = f"a revisit of {refers.told}, which is not in the files given"
        return Damaged(file=shown, offset=record.offset, reason=reason)
    if capture.status == 304 or not capture.headers:
        capture = replace(capture, status=original.status, headers=original.headers)
    found = original.record.record_id if original.record else ""
    return replace(capture, body=original.body, truncated=original.truncated, revisit_of=capture.revisit_of or found)


def _unmodified(metadata: Record | None) -> bytes:
    """The 304 answer that newsclean keeps beside a revisit; empty where there is none."""
    value = _first(_fields(metadata), NOT_MODIFIED) if metadata else None
    try:
        return b64decode(value or "")
    except ValueError:
        return b""


def _fields(record: Record) -> dict[str, list[str]]:
    """The fields of an ``application/warc-fields`` block."""
    fields: dict[str, list[str]] = {}
    for line in record.block.decode("utf-8", "replace").split("\r\n"):
        name, colon, value = line.partition(":")
        if colon:
            fields.setdefault(name.strip(), []).append(value.strip())
    return fields


def _first(fields: dict[str, list[str]], name: str) -> str | None:
    values = fields.get(name)
    return values[0] if values else None
