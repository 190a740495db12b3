"""Records as other tools write them, and the files that they make of them."""

import uuid
import zipfile
from pathlib import Path

PAGE = b"<html><body><p>The council met on Tuesday.</p></body></html>"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE


def warc_record(
    number: int | str = 0,
    block: bytes = ANSWER,
    kind: str = "response",
    content_type: str = "application/http; msgtype=response",
    version: str = "WARC/1.0",
    more: str = "",
    target: str = "",
) -> bytes:
    """A WARC record; ``more`` are further fields, each with its line end."""
    url = target or f"http://news.example/{number}"
    head = (
        f"{version}\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, kind + url)}>\r\n"
        f"WARC-Date: 2026-11-22T20:35:21Z\r\nWARC-Target-URI: {url}\r\n{more}Content-Type: {content_type}\r\n"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def arc_record(number: int | str = 0, block: bytes = ANSWER, url: str = "", kind: str = "text/html") -> bytes:
    """An ARC 1.0 record."""
    line = f"{url or f'http://news.example/{number}'} 192.0.2.7 20080430204825 {kind} {len(block)}\n"
    return line.encode() + block + b"\n"


def arc_start(version: int = 1) -> bytes:
    """The first record of an ARC file."""
    more = " Result-code Checksum Location Offset Filename" if version == 2 else ""
    text = f"{version} 0 Example\nURL IP-address Archive-date Content-type{more} Archive-length\n".encode()
    words = " 200 - - 0 x.arc" if version == 2 else ""
    line = f"filedesc://x.arc 0.0.0.0 20080430204825 text/plain{words} {len(text)}\n"
    return line.encode() + text + b"\n"


def wacz(path: Path, files: dict[str, bytes], packing: int = zipfile.ZIP_STORED) -> Path:
    """A ZIP file of these files."""
    with zipfile.ZipFile(path, "w", packing) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return path
