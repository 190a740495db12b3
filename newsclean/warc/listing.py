"""What is in a WARC file, record by record, and the parts of one record."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

from newsclean.errors import DamagedRecordError, PageError, RecordNotFoundError
from newsclean.http1 import Head, final_response, read_head
from newsclean.warc.bodies import Dechunker
from newsclean.warc.fields import is_web
from newsclean.warc.index import http_head
from newsclean.warc.names import bare_uri
from newsclean.warc.passing import RECORD_END, Passing, passing
from newsclean.warc.records import MAX_RECORD, Damaged, open_warc

_MOST_HEAD = 1024 * 1024
_DECODED = 16 * MAX_RECORD


def listed(path: Path, name: str | None = None) -> Iterator[dict[str, Any]]:
    """A dictionary for each record: file, offset, length, type, date, url, status, mime, size (of the block), digests,
    ids, and ``damage``: why it cannot be read, None where it can. ``length`` is 0 where the record shares a gzip member
    with others. Raises InputError, NotWarcError.
    """
    shown = str(path) if name is None else name
    with open_warc(path) as file, closing(passing(file, shown)) as found:
        for record in found:
            entry = _entry(record, shown)
            if entry:
                yield entry


def _entry(record: Passing | Damaged, shown: str) -> dict[str, Any] | None:
    if isinstance(record, Damaged):
        return {"file": shown, "offset": record.offset, "type": None, "url": None, "damage": record.reason}
    kind = record.header("WARC-Type")
    url = bare_uri(record.header("WARC-Target-URI")) or None
    mime, status = record.header("Content-Type"), None
    if kind in ("response", "revisit") and record.size > 0 and is_web(url) and (head := http_head(record)):
        mime, status = head
    if not record.finish():
        return None  # told next
    return {
        "file": shown,
        "offset": record.offset,
        "length": record.length,
        "type": kind,
        "date": record.header("WARC-Date"),
        "url": url,
        "status": int(status) if status and status.isdecimal() else None,
        "mime": mime.partition(";")[0].strip() if mime else None,
        "size": record.size,
        "payload_digest": record.header("WARC-Payload-Digest"),
        "block_digest": record.header("WARC-Block-Digest"),
        "record_id": record.header("WARC-Record-ID"),
        "concurrent_to": list(record.every("WARC-Concurrent-To")),
        "refers_to": record.header("WARC-Refers-To"),
        "truncated": record.header("WARC-Truncated"),
        "damage": None,
    }


@contextmanager
def record_at(path: Path, offset: int, name: str | None = None) -> Iterator[Passing]:
    """The record that begins at ``offset``. Raises InputError where there is no such file, RecordNotFoundError where
    no record begins there.
    """
    shown = f"{path if name is None else name}@{offset}"
    with open_warc(path) as file, closing(passing(file, shown, offset)) as found:
        record = next(found, None)
        if record is None:
            raise RecordNotFoundError(f"{shown}: no record there, the file ends before it")
        if isinstance(record, Damaged) or record.offset != offset:
            reason = record.reason if isinstance(record, Damaged) else "no record begins here"
            raise RecordNotFoundError(f"{shown}: {reason}; `newsclean warc ls` has the offsets")
        yield record


def part_of(record: Passing, part: str, shown: str) -> Iterator[bytes]:
    """A part of a record, in steps: ``record`` (head and block), ``head``, ``block``; of an HTTP message ``http`` (its
    head), ``entity`` (transfer coding off, as digests count it) and ``body`` (content coding off, too). Of what is no
    HTTP message, entity and body are the block.

    Raises RecordNotFoundError where the record does not have that part, DamagedRecordError where it breaks off.
    """
    if part == "head":
        yield record.head
        return
    if part in ("record", "block"):
        if part == "record":
            yield record.head
        yield from record.chunks()
        _whole(record, shown)
        if part == "record":
            yield RECORD_END
        return
    kind = record.header("WARC-Type")
    if kind not in ("request", "response", "revisit") or not is_web(record.header("WARC-Target-URI")):
        if part == "http":
            raise RecordNotFoundError(f"{shown}: a {kind} record, which has no HTTP head; --part block has all of it")
        yield from record.chunks()
        _whole(record, shown)
        return
    yield from _message(record, part, shown)
    _whole(record, shown)


def _whole(record: Passing, shown: str) -> None:
    if not record.finish():
        raise DamagedRecordError(f"{shown}: {record.damage}")


def _message(record: Passing, part: str, shown: str) -> Iterator[bytes]:
    data, head, end = _head(record)
    if part == "http":
        if not end:
            raise RecordNotFoundError(f"{shown}: no HTTP head, it begins {data[:20]!r}; --part block has all of it")
        yield data[:end]
        return
    if record.header("WARC-Type") == "revisit":
        where = record.header("WARC-Refers-To-Target-URI") or record.header("WARC-Refers-To") or "an earlier capture"
        date = record.header("WARC-Refers-To-Date")
        raise RecordNotFoundError(
            f"{shown}: a revisit, its body is that of {where}{f' of {date}' if date else ''}; --part http has its head"
        )
    entity = _entity(record, data[end:], chunked=head.chunked if head else False)
    codings = (head.header("Content-Encoding") or "") if head else ""
    if part == "entity" or not codings:
        yield from entity
        return
    from newsclean.codings import undo_codings

    packed = bytearray()
    for chunk in entity:
        packed += chunk
        if len(packed) > MAX_RECORD:
            raise RecordNotFoundError(f"{shown}: more than {MAX_RECORD:,} packed bytes; --part entity has them")
    try:
        yield undo_codings(bytes(packed), codings, _DECODED, [])
    except PageError as problem:
        raise DamagedRecordError(f"{shown}: {problem}; --part entity has it as it came") from None


def _head(record: Passing) -> tuple[bytes, Head | None, int]:
    """The block's beginning, early answers off, with the HTTP head of a response, and where the message's body begins.

    What has no head that can be read is all body.
    """
    data = b""
    while len(data) < _MOST_HEAD and (chunk := record.read(1 << 16)):
        data += chunk
        if record.header("WARC-Type") == "request":
            ends = [place + len(mark) for mark in (b"\r\n\r\n", b"\n\n") if (place := data.find(mark)) >= 0]
            if ends:
                return data, None, min(ends)
        else:
            message = final_response(data)
            head = read_head(message)
            if head and head.complete:
                return message, head, head.length
    return data, None, 0


def _entity(record: Passing, begin: bytes, *, chunked: bool) -> Iterator[bytes]:
    dechunker = Dechunker() if chunked else None
    for chunk in chain([begin], record.chunks()):
        yield from dechunker.feed(chunk) if dechunker else (chunk,)
    if dechunker:
        yield dechunker.close()
