"""WARC records made by hand, right in all but what a test wants wrong."""

import base64
import gzip
import hashlib
import uuid
from collections.abc import Sequence

from newsclean.http1 import read_response
from tests.warc.conftest import plain

_HTTP = {"response": "application/http;msgtype=response", "revisit": "application/http;msgtype=response"}
_HTTP["request"] = "application/http;msgtype=request"


def digest(data: bytes, algorithm: str = "sha1") -> str:
    name, _, form = algorithm.partition("-")
    value = hashlib.new(name, data)
    if name == "sha1" and not form:
        return "sha1:" + base64.b32encode(value.digest()).decode()
    return f"{name}:{value.hexdigest()}"


def header(name: str, value: str) -> str:
    return f"{name}: {value}"


def made(
    kind: str = "response",
    block: bytes | None = None,
    *more_fields: str,
    url: str = "http://news.example/a",
    date: str = "2026-11-22T20:35:21Z",
    version: str = "1.1",
    record_id: str = "",
    content_type: str = "",
    payload: bytes | None = None,
    algorithm: str = "sha1",
    without: str = "",
    more: Sequence[str] = (),
) -> bytes:
    """A record. ``payload``: what its payload digest is of; what it should be where it is left out."""
    block = plain() if block is None else block
    fields = [
        header("WARC-Type", kind),
        header("WARC-Record-ID", record_id or f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{kind} {url}')}>"),
        header("WARC-Date", date),
        header("Content-Length", str(len(block))),
        header("WARC-Block-Digest", digest(block, algorithm)),
        *more_fields,
        *more,
    ]
    if kind != "warcinfo":
        fields.append(header("WARC-Target-URI", url))
    if payload is None and kind == "response" and (response := read_response(block)):
        payload = response.body
    if payload is not None:
        fields.append(header("WARC-Payload-Digest", digest(payload, algorithm)))
    if block and not any(field.startswith("Content-Type") for field in fields):
        fields.append(header("Content-Type", content_type or _HTTP.get(kind, "application/octet-stream")))
    kept = [field for field in fields if not without or not field.startswith(f"{without}:")]
    return "\r\n".join([f"WARC/{version}", *kept, "", ""]).encode() + block + b"\r\n\r\n"


def member(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def packed(*records: bytes) -> bytes:
    return b"".join(member(record) for record in records)
