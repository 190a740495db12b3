"""HTTP/1 messages as bytes: where a head ends, what it says, where the body ends, what the entity body is.

The same functions read an answer that has just come and a block of a WARC file, so that a page gives the same capture
whichever way it came. They take what servers really send: bare LF, odd spacing, folded lines, missing reasons.
"""

import re
from dataclasses import dataclass

_STATUS_LINE = re.compile(rb"HTTP/(\d(?:\.\d)?)[ \t]+(\d{3})(?:[ \t]([^\n]*)|\r)?(?:\n|\Z)")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_LINE = re.compile(rb"\r?\n")
_FOLD = re.compile(rb"\r?\n[ \t]+")
_CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\n]*)?\r?\n")

_NO_BODY = frozenset([204, 304])


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Status line and header fields of a response."""

    version: str
    """As the status line has it: ``1.1``, ``1.0``, ``2``."""
    status: int
    reason: str
    """May be empty."""
    headers: tuple[tuple[str, str], ...]
    """Fields in their order and spelling, decoded as latin-1, white space around the value trimmed."""
    length: int
    """Bytes up to and with the empty line; all bytes where the empty line is missing."""
    complete: bool
    """Whether the empty line was there."""

    def header(self, name: str) -> str | None:
        """The first field of that name, in any case; None where there is none."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    @property
    def chunked(self) -> bool:
        """Whether the last transfer coding is ``chunked``."""
        return is_chunked(self.headers)


def is_chunked(headers: tuple[tuple[str, str], ...]) -> bool:
    """Whether the last transfer coding is ``chunked``."""
    codings = ",".join(value for key, value in headers if key.lower() == "transfer-encoding")
    return codings.rpartition(",")[2].strip().lower() == "chunked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One response, read from its bytes."""

    head: Head
    body: bytes
    """The entity body: transfer coding removed, content coding still on."""


def read_head(data: bytes, start: int = 0) -> Head | None:
    """The head at ``start``; None where the bytes there begin with no HTTP status line."""
    line = _STATUS_LINE.match(data, start)
    if line is None:
        return None
    # The status line's own line end may be half of the empty line.
    end = _HEAD_END.search(data, line.end() - 1)
    fields = data[line.end() : end.start() if end else len(data)]
    headers = []
    for raw in _LINE.split(_FOLD.sub(b" ", fields)):
        name, colon, value = raw.partition(b":")
        if colon:
            headers.append((name.rstrip(b" \t").decode("latin-1"), value.strip(b" \t\r").decode("latin-1")))
    return Head(
        version=line[1].decode("ascii"),
        status=int(line[2]),
        reason=(line[3] or b"").strip(b" \t\r").decode("latin-1"),
        headers=tuple(headers),
        length=(end.end() if end else len(data)) - start,
        complete=end is not None,
    )


def final_response(data: bytes) -> bytes:
    """The bytes without leading 1xx answers (101 stays: it ends the HTTP part of a connection)."""
    start = 0
    while (head := read_head(data, start)) and head.complete and 100 <= head.status < 200 and head.status != 101:
        start += head.length
    return data[start:] if start else data


def message_end(data: bytes, head: Head, limit: int | None = None) -> tuple[int, bool]:
    """Where the response that starts the bytes ends, and whether it is whole (RFC 9112, 6.3).

    ``limit``: bytes of the body, as it came, that are looked at; what is longer is not whole. A body that goes on to
    the end of the connection counts as whole: whether it was cut, the bytes cannot tell.
    """
    stop = len(data) if limit is None else min(len(data), head.length + limit)
    if not head.complete:
        return len(data), False
    if head.status in _NO_BODY or 100 <= head.status < 200:
        return head.length, True
    if head.chunked:
        _spans, consumed, complete = _chunks(data, head.length, stop)
        return head.length + consumed, complete
    length = content_length(head)
    if length is None:
        return stop, stop == len(data)
    end = head.length + length
    return min(end, stop), end <= stop


def content_length(head: Head) -> int | None:
    """The Content-Length; None where there is none, or where its values are no one number."""
    values = {
        part.strip() for name, value in head.headers if name.lower() == "content-length" for part in value.split(",")
    }
    if len(values) != 1:
        return None
    value = values.pop()
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 18 else None


def undo_chunks(body: bytes, start: int = 0) -> tuple[bytes, int, bool]:
    """The entity in a chunked body that begins at ``start``, the bytes that the chunked body takes (trailers too), and
    whether it is whole.

    Where the framing breaks, the entity goes as far as the framing was sound. Bytes that do not start with a chunk
    size give an empty entity, 0 and False.
    """
    spans, consumed, complete = _chunks(body, start, len(body))
    view = memoryview(body)
    return b"".join([view[begin:end] for begin, end in spans]), consumed, complete


def _chunks(body: bytes, start: int, stop: int) -> tuple[list[tuple[int, int]], int, bool]:
    """Where the data of each chunk lies between ``start`` and ``stop``; the rest as :func:`undo_chunks` gives it."""
    spans: list[tuple[int, int]] = []
    place = start
    while chunk := _CHUNK.match(body, place, stop):
        size = int(chunk[1], 16)
        if size == 0:
            end = chunk.end()
            while (line := _LINE.search(body, end, stop)) and line.start() > end:  # trailer fields
                end = line.end()
            return (spans, line.end() - start, True) if line else (spans, stop - start, False)
        spans.append((chunk.end(), min(stop, chunk.end() + size)))
        place = chunk.end() + size
        if place >= stop:
            return spans, stop - start, False
        if end_of_chunk := _LINE.match(body, place, stop):
            place = end_of_chunk.end()
        else:
            break
    return spans, stop - start if spans else 0, False


def entity_parts(message: bytes, head_length: int, chunked: bool) -> list[memoryview]:
    """The parts of :func:`entity_of`, one behind the other, without a copy."""
    view = memoryview(message)
    if chunked:
        spans, consumed, _complete = _chunks(message, head_length, len(message))
        if consumed:
            return [view[begin:end] for begin, end in spans]
    return [view[head_length:]]


def entity_of(message: bytes, head_length: int, chunked: bool) -> bytes:
    """The entity body of a message that is all of the bytes: transfer coding removed, content coding still on.

    A body whose head says ``chunked`` but which is not (some archivers store it decoded) is taken as it is.
    """
    return b"".join(entity_parts(message, head_length, chunked))


def read_response(block: bytes) -> Response | None:
    """The response that is the whole of ``block``; None where the block starts with no HTTP status line.

    Content-Length is not looked at: a block ends where its record says.
    """
    block = final_response(block)
    head = read_head(block)
    if head is None:
        return None
    return Response(head=head, body=entity_of(block, head.length, head.chunked))
