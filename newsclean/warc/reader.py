"""Reads captures back: from newsclean's own WARC files and from those of any other tool."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from newsclean.errors import DamagedRecordError, RecordNotFoundError
from newsclean.exchange import Fetch
from newsclean.http1 import read_response
from newsclean.model import Capture, RecordRef
from newsclean.warc.digests import payload_digest
from newsclean.warc.members import MemberError, Source
from newsclean.warc.names import INPUT, MESSAGE, OPEN, OUTCOME, REDIRECT, one_line
from newsclean.warc.records import BrokenRecordError, Damaged, Record, located, open_warc, read_record, records


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


def read(path: str | Path, *, name: str | None = None) -> Iterator[Capture | Damaged]:
    """The captures of a WARC file, one for each response record that holds an HTTP message, in the file's order.

    ``name``: what ``RecordRef.file`` is to say; the path as given where it is left out. Damage is handed out in its
    place, and what can be read behind it is read. Memory is bounded by one record (MAX_RECORD bytes). Revisit records
    are passed over. Raises InputError where there is no such file, NotWarcError where it is no WARC file.
    """
    located(Path(path))
    return _captures(Path(path), _name(path, name))


def _captures(path: Path, shown: str) -> Iterator[Capture | Damaged]:
    for found, metadata in _responses(path, shown, 0):
        if isinstance(found, Damaged):
            yield found
        elif found is not None:
            yield _capture(found, shown, metadata)


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
    Exchanges whose metadata record is missing (a crash between the two) and redirect hops are left out. Raises
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
            capture = _capture(found, shown, metadata) if found else None
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


def read_at(path: str | Path, offset: int, *, name: str | None = None) -> Capture:
    """The capture whose response record begins at ``offset``. Raises InputError where there is no such file,
    RecordNotFoundError where no response record begins there, DamagedRecordError where it is cut or broken.
    """
    shown = _name(path, name)
    with open_warc(Path(path)) as file:
        source = Source(file, offset)
        try:
            record = read_record(source)
        except BrokenRecordError as problem:
            if problem.reason.startswith("no WARC record"):
                raise RecordNotFoundError(f"{shown}@{offset}: {problem.reason}") from None
            raise DamagedRecordError(f"{shown}@{offset}: {problem.reason}") from None
        except MemberError as problem:
            raise DamagedRecordError(f"{shown}@{offset}: {problem.reason}") from None
        if record is None:
            raise RecordNotFoundError(f"{shown}@{offset}: no record there, the file ends before it")
        if not _is_response(record):
            kind = record.header("WARC-Type") or "unknown"
            raise RecordNotFoundError(f"{shown}@{offset}: a {kind} record, not an HTTP response")
        try:
            after = read_record(source)
        except (BrokenRecordError, MemberError):  # damage behind the record does not concern it
            after = None
        capture = _capture(record, shown, after if after and _belongs(after, record) else None)
    if isinstance(capture, Damaged):
        raise DamagedRecordError(f"{shown}@{offset}: {capture.reason}")
    return capture


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
            elif _is_response(found):
                waiting = found
            elif found.header("WARC-Type") == "metadata":
                yield None, found
        if waiting:
            yield waiting, None


def _belongs(record: Record, response: Record) -> bool:
    """Whether it is the metadata record that newsclean writes behind a response."""
    wanted = response.header("WARC-Record-ID")
    return record.header("WARC-Type") == "metadata" and wanted in record.every("WARC-Concurrent-To")


def _is_response(record: Record) -> bool:
    kind = (record.header("Content-Type") or "application/http").lower()
    return (
        record.header("WARC-Type") == "response"
        and kind.partition(";")[0].strip() == "application/http"
        and _target(record).lower().startswith(("http://", "https://"))
    )


def _target(record: Record) -> str:
    """The URI; wget and others put angle brackets around it, some leave spaces in it."""
    return (record.header("WARC-Target-URI") or "").strip().removeprefix("<").removesuffix(">").replace(" ", "%20")


def _capture(record: Record, shown: str, metadata: Record | None) -> Capture | Damaged:
    response = read_response(record.block)
    if response is None:
        return Damaged(file=shown, offset=record.offset, reason=f"no HTTP message, but {record.block[:20]!r}")
    fields = _fields(metadata) if metadata else {}
    target = _target(record)
    return Capture(
        url=_first(fields, INPUT) or target,
        final_url=target,
        redirects=tuple(fields.get(REDIRECT, ())),
        status=response.head.status,
        headers=response.head.headers,
        body=response.body,
        fetched_at=record.header("WARC-Date") or "",
        payload_digest=record.header("WARC-Payload-Digest"),
        truncated=record.header("WARC-Truncated"),
        record=RecordRef(
            file=shown,
            offset=record.offset,
            length=record.length,
            record_id=record.header("WARC-Record-ID") or "",
        ),
    )


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
