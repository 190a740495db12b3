"""Content codings: a body as it came, and as it was meant (RFC 9110, 8.4). Bounded, so that a bomb is stopped."""

import zlib
from collections.abc import Iterator

from newsclean.errors import PageError, PageTooLargeError

_STEP = 1 << 16
_BITE = 1 << 14
"""Bytes that are unpacked in one go: what is behind the end of a member is handed back, and copied each time."""


def undo_codings(body: bytes, codings: str, limit: int, notes: list[str]) -> bytes:
    """The body without its content codings, the last applied first.

    ``codings``: the Content-Encoding field; ``limit``: most bytes that come out; ``notes`` gets what was odd, a
    sentence each. Raises PageTooLargeError above the limit, PageError for a coding that is unknown or not readable.
    """
    data = body
    for coding in reversed([name.strip().lower() for name in codings.split(",") if name.strip()]):
        if coding == "identity":
            continue
        parts: list[bytes] = []
        size = 0
        try:
            for part in _inflated(data, coding):
                size += len(part)
                if size > limit:
                    raise PageTooLargeError(f"the page is larger than {limit} bytes when decoded ({coding})")
                parts.append(part)
        except (zlib.error, ValueError) as problem:
            if not parts:
                if coding in ("gzip", "x-gzip") and not data.startswith(b"\x1f\x8b"):
                    notes.append("Content-Encoding says gzip, but the body is not: read as it is")
                    continue
                raise PageError(f"the body is not readable as {coding}: {problem}") from None
            notes.append(f"the {coding} body is broken after {size} bytes: read up to there")
        data = b"".join(parts)
    if len(data) > limit:
        raise PageTooLargeError(f"the page has {len(data)} bytes, more than the limit of {limit}")
    return data


def _inflated(data: bytes, coding: str) -> Iterator[bytes]:
    """The decoded body in parts, so that a bomb can be stopped. Raises zlib.error or ValueError."""
    if coding in ("gzip", "x-gzip", "deflate"):
        # 47: gzip or zlib header, by itself; servers also send deflate without one
        raw = coding == "deflate" and (len(data) < 2 or data[0] & 15 != 8 or (data[0] << 8 | data[1]) % 31)
        place = 0
        machine = zlib.decompressobj(-15 if raw else 47)
        while place < len(data):
            bite = data[place : place + _BITE]
            place += len(bite)
            while bite and not machine.eof:
                yield machine.decompress(bite, _STEP)
                bite = machine.unconsumed_tail
            if machine.eof:
                # A gzip body may have several members (RFC 1952, 2.2); anything else behind the end is padding.
                place -= len(machine.unused_data)
                if data[place : place + 2] != b"\x1f\x8b":
                    break
                machine = zlib.decompressobj(47)
        yield machine.flush()
    elif coding == "br":
        import brotli

        decoder = brotli.Decompressor()
        try:
            for start in range(0, len(data), _STEP):
                part = decoder.process(data[start : start + _STEP], output_buffer_limit=_STEP)
                while part or not decoder.can_accept_more_data():
                    yield part
                    part = decoder.process(b"", output_buffer_limit=_STEP)
        except brotli.error as problem:
            raise ValueError(str(problem)) from None
    elif coding == "zstd":
        import zstandard

        try:
            with zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True) as reader:
                while part := reader.read(_STEP):
                    yield part
        except zstandard.ZstdError as problem:
            raise ValueError(str(problem)) from None
    else:
        raise ValueError(f"unknown content coding {coding!r}")
