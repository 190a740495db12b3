"""What unpacks the members of a WARC file: gzip by ISA-L where it is installed and by zlib elsewhere, and zstd."""

import zlib
from typing import Any, Protocol

GZIP_MAGIC = b"\x1f\x8b\x08"
_WBITS = zlib.MAX_WBITS | 16
"""A gzip member."""


class UnpackError(Exception):
    """The packed bytes are broken; the text says how."""


class Unpacker(Protocol):
    """Unpacks one member. The names are those of zlib's decompression objects."""

    @property
    def eof(self) -> bool:
        """Whether the member came to its end, and its checksum is right."""

    @property
    def unused_data(self) -> bytes:
        """Bytes behind the member."""

    @property
    def unconsumed_tail(self) -> bytes:
        """Bytes that the next call is to get again, because ``max_length`` was reached."""

    def decompress(self, data: bytes | memoryview, max_length: int, /) -> bytes:
        """Unpack; about ``max_length`` bytes at most. Raises one of the ``ERRORS`` of the member's kind."""


def gzip_unpacker() -> Unpacker:
    """For one gzip member (RFC 1952)."""
    unpacker: Unpacker = _ZLIB.decompressobj(_WBITS)
    return unpacker


def _zlib() -> Any:
    try:
        from isal import isal_zlib
    except ImportError:
        return zlib
    return isal_zlib


_ZLIB = _zlib()
ERRORS: tuple[type[Exception], ...] = (UnpackError, zlib.error, _ZLIB.error)
"""What an unpacker raises on broken bytes."""
