"""The block of a WARC record against its digests and its HTTP head, in one pass and in bounded memory."""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsclean.http1 import Head, content_length, final_response, read_head
from newsclean.warc.fields import Told, is_web

if TYPE_CHECKING:
    from hashlib import _Hash

    from newsclean.warc.passing import Passing

_MOST_HEAD = 256 * 1024
_MOST_LINE = 64 * 1024
_CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\n]*)?\r?\n")
_REQUEST = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+ [^ \r\n]+ HTTP/\d(?:\.\d)?\r?\n")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_BODILESS = frozenset([204, 304])


@dataclass(frozen=True, slots=True)
class Digest:
    """A labelled digest, such as ``sha1:`` and Base32, or ``sha256:`` and hexadecimal."""

    algorithm: str
    """Name as hashlib has it."""
    value: bytes

    @classmethod
    def parse(cls, text: str) -> "Digest | None":
        """The digest of a field; None where algorithm or form is not known."""
        label, colon, value = text.partition(":")
        algorithm = label.strip().lower().replace("-", "")
        if not colon or algorithm not in _SIZES:
            return None
        size = _SIZES[algorithm]
        value = value.strip()
        try:
            if len(value) == 2 * size and "=" not in value:
                return cls(algorithm, bytes.fromhex(value))
            padded = value.rstrip("=").upper()
            data = base64.b32decode(padded + "=" * (-len(padded) % 8))
        except (ValueError, binascii.Error):
            return None
        return cls(algorithm, data) if len(data) == size else None

    def is_of(self, hashed: "_Hash | None") -> bool:
        """Whether it is what was hashed."""
        return hashed is not None and hashed.digest() == self.value


_SIZES = {"md5": 16, "sha1": 20, "sha224": 28, "sha256": 32, "sha384": 48, "sha512": 64}
"""Bytes of each digest that is known; other algorithms are told, not compared."""


class Dechunker:
    """Takes the chunk framing off a body that comes in parts (RFC 9112, 7.1).

    As :func:`newsclean.http1.undo_chunks` does: where the framing breaks, what was sound stands; a body that does not
    begin with a chunk size is passed on as it is.
    """

    def __init__(self) -> None:
        self.framed = False
        """Whether the body begins with a chunk size."""
        self.whole = False
        """Whether the last chunk and the trailers were there."""
        self._waiting = b""
        self._left = 0
        self._state = "size"

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The entity's bytes in the next part of the body."""
        data = self._waiting + data
        self._waiting = b""
        while data:
            if self._state == "plain":
                yield data
                return
            if self._state == "over":
                return
            if self._state == "data":
                part, data = data[: self._left], data[self._left :]
                self._left -= len(part)
                if not self._left:
                    self._state = "end"
                yield part
                continue
            end = data.find(b"\n") + 1
            if not end and len(data) < _MOST_LINE and not (self._state == "end" and data != b"\r"):
                self._waiting = data
                return
            data = self._line(data, end)

    def close(self) -> bytes:
        """What is left when the body is over."""
        rest, self._waiting = self._waiting, b""
        return b"" if self.framed else rest

    def _line(self, data: bytes, end: int) -> bytes:
        """Take a line of the framing off the data, which has one up to ``end`` or cannot have one."""
        if self._state == "size":
            size = _CHUNK.match(data)
            if size:
                self.framed = True
                self._left = int(size[1], 16)
                self._state = "data" if self._left else "trailer"
                return data[size.end() :]
            self._state = "over" if self.framed else "plain"
            return data
        line = data[:end]
        if self._state == "end":
            self._state = "size" if line in (b"\n", b"\r\n") else "over"
        elif line in (b"\n", b"\r\n"):
            self.whole = True
            self._state = "over"
        return data[end:] if self._state != "over" else b""


def check_block(record: "Passing") -> Iterator[Told]:
    """What is wrong with the block, which is read. A digest that fails may be of something else: see
    :func:`explained`.
    """
    kind = record.header("WARC-Type") or ""
    wanted = {name: _wanted(record, name) for name in ("WARC-Block-Digest", "WARC-Payload-Digest")}
    for name, (text, digest) in wanted.items():
        if text and digest is None:
            yield "digest-form", f"{name} {text!r} is of an algorithm or a form that is not known"
    block, payload = wanted["WARC-Block-Digest"][1], wanted["WARC-Payload-Digest"][1]
    if kind in ("warcinfo", "metadata", "revisit") or record.header("WARC-Segment-Number"):
        payload = None  # there is none, or it is in other records
    whole = hashlib.new(block.algorithm, usedforsecurity=False) if block else None
    target = record.header("WARC-Target-URI")
    is_http = is_web(target) or (not target and (record.header("Content-Type") or "").startswith("application/http"))
    message = _Message(kind, payload) if is_http and kind in ("request", "response", "revisit") else None
    plain = hashlib.new(payload.algorithm, usedforsecurity=False) if payload and not message else None
    for data in record.chunks():
        if whole:
            whole.update(data)
        if plain:
            plain.update(data)
        if message:
            message.feed(data)
    if not record.finish():
        return
    if block and not block.is_of(whole):
        yield "block-digest", "WARC-Block-Digest is not that of the block"
    if message:
        message.close()
        yield from message.findings(record)
    if message and not message.body_begun:
        return  # what its payload is cannot be told
    if payload and not payload.is_of(message.entity if message else plain):
        yield "payload-digest", _why_not(payload, message, whole)


def _wanted(record: "Passing", name: str) -> tuple[str | None, Digest | None]:
    text = record.header(name)
    return text, Digest.parse(text) if text else None


def _why_not(payload: Digest, message: "_Message | None", whole: "_Hash | None") -> str:
    if message:
        if payload.is_of(message.raw):
            return (
                "WARC-Payload-Digest counts the chunk framing, as some writers do; the standard's is over the "
                "entity body, transfer coding off"
            )
        if payload.is_of(whole):
            return "WARC-Payload-Digest is that of the whole block, HTTP head included"
    return UNEXPLAINED


UNEXPLAINED = "WARC-Payload-Digest is not that of the payload"
DECODED = "WARC-Payload-Digest is of the decoded content; the standard's is over the entity body, content coding on"


def explained(block: bytes, digest: str) -> str | None:
    """Why a payload digest that fails may do so: it is of the body with its content coding off; None where it is not.

    Raises PageError where the body cannot be decoded.
    """
    from newsclean.codings import undo_codings
    from newsclean.http1 import read_response

    wanted, response = Digest.parse(digest), read_response(block)
    if wanted is None or response is None:
        return None
    codings = response.head.header("Content-Encoding") or ""
    decoded = undo_codings(response.body, codings, 16 * max(len(block), 1 << 20), [])
    return DECODED if wanted.is_of(hashlib.new(wanted.algorithm, decoded, usedforsecurity=False)) else None


class _Message:
    """An HTTP message that comes in parts: its head, and the digests of its body with and without framing."""

    def __init__(self, kind: str, payload: Digest | None) -> None:
        self._kind = kind
        self._beginning = b""
        self._begun = False
        """Whether its first line is one of HTTP."""
        self._head_over = False
        self.head: Head | None = None
        """Of a response; absent where it has none."""
        self.body_begun = False
        """Whether there was a head, so that what follows is a body."""
        self.body_size = 0
        self._dechunker: Dechunker | None = None
        self.entity = hashlib.new(payload.algorithm, usedforsecurity=False) if payload else None
        self.raw: _Hash | None = None
        """Of a chunked body: with its framing."""

    def feed(self, data: bytes) -> None:
        if self.body_begun:
            self._body(data)
        elif not self._head_over:
            self._beginning += data
            self._look_for_head(last=False)

    def close(self) -> None:
        if not self.body_begun and not self._head_over:
            self._look_for_head(last=True)
        if self._dechunker and self.entity:
            self.entity.update(self._dechunker.close())

    def findings(self, record: "Passing") -> Iterator[Told]:
        """What is wrong with the message."""
        cut = record.header("WARC-Truncated") is not None
        if not record.size:
            if self._kind != "revisit":
                yield "http-head", f"a {self._kind} record of an HTTP exchange with nothing in it"
            return
        if not self.body_begun:
            if not cut and self._begun:
                yield "http-head", f"the head of the HTTP {self._kind} does not end: there is no empty line"
            elif not cut:
                yield "http-head", f"the block is no HTTP {self._kind}, it begins {self._beginning[:20]!r}"
            return
        if self._kind == "request" or self.head is None:
            return
        said = content_length(self.head)
        if self._kind == "revisit":
            if said and not self.body_size and not cut and self.head.status not in _BODILESS:
                yield "revisit-not-cut", "a revisit without its body, and no WARC-Truncated: length that says so"
        elif self._dechunker:
            if self._dechunker.framed and not self._dechunker.whole and not cut:
                yield "not-marked-truncated", "the chunked body breaks off, and no WARC-Truncated says so"
        elif said is not None and 0 < self.body_size < said and not cut:
            yield (
                "not-marked-truncated",
                f"{self.body_size:,} of {said:,} bytes of the body are there, and no WARC-Truncated says so",
            )

    def _look_for_head(self, *, last: bool) -> None:
        data = self._beginning
        if self._kind == "request":
            self._begun = _REQUEST.match(data) is not None
            found = _HEAD_END.search(data) if self._begun else None
            end = found.end() if found else None
            chunked = False
        else:
            data = final_response(data)
            head = read_head(data)
            self._begun = head is not None
            end = head.length if head and head.complete else None
            chunked = bool(head and head.chunked)
            self.head = head if end is not None else None
        if end is None:
            self._head_over = last or len(self._beginning) > _MOST_HEAD
            return
        self.body_begun = True
        self._beginning = b""
        if chunked:
            self._dechunker = Dechunker()
            self.raw = self.entity.copy() if self.entity else None
        self._body(data[end:])

    def _body(self, data: bytes) -> None:
        self.body_size += len(data)
        if self.raw:
            self.raw.update(data)
        for part in self._dechunker.feed(data) if self._dechunker else (data,):
            if self.entity:
                self.entity.update(part)
