"""Frames of zstd in WARC files: unpacked block by block, with the dictionary that the file may begin with.

The frame format is RFC 8878's. The dictionary lies in a skippable frame of its own kind at the file's very start, as it
is or itself packed with zstd; that is the IIPC's convention for ``.warc.zst``.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO

from newsclean.warc.unpack import UnpackError

if TYPE_CHECKING:
    import zstandard

FRAME_MAGIC = b"\x28\xb5\x2f\xfd"
DICTIONARY_MAGIC = b"\x5d\x2a\x4d\x18"
MAX_DICTIONARY = 32 * 1024 * 1024
"""Bytes of the largest dictionary that is loaded."""
_MAX_WINDOW = 128 * 1024 * 1024
"""Bytes of an earlier text that a frame may refer to: what ``zstd`` itself unpacks without being asked."""
_MAX_BLOCK = 128 * 1024
_RLE, _RESERVED = 1, 3
_DICTIONARY_ID_SIZES = (0, 1, 2, 4)
_CONTENT_SIZE_SIZES = (0, 2, 4, 8)


def is_skippable(head: bytes) -> bool:
    """Whether a skippable frame begins here."""
    return len(head) >= 4 and head[0] & 0xF0 == 0x50 and head[1:4] == DICTIONARY_MAGIC[1:]


def skippable_size(head: bytes) -> int:
    """Bytes of the skippable frame that begins here, by its first eight bytes."""
    return 8 + int.from_bytes(head[4:8], "little")


class FrameUnpacker:
    """Unpacks one frame, with the interface of zlib's decompression objects.

    The library gives out all that its input holds, however much that is. A block gives 128 KB at most, so it gets
    one block at a time.
    """

    def __init__(self, unpacker: "zstandard.ZstdDecompressionObj") -> None:
        self._unpacker = unpacker
        self._pending = b""
        self._last = False
        self._begun = False
        self._checksum = False
        self._failed: UnpackError | None = None
        self.eof = False
        self.unused_data = b""
        self.unconsumed_tail = b""

    def decompress(self, data: bytes | memoryview, max_length: int, /) -> bytes:
        """Unpack; the blocks that give ``max_length`` bytes, a block's more at most. What came before broken bytes is
        given first, and UnpackError raised by the next call."""
        if self._failed:
            raise self._failed
        text = self._pending + bytes(data)
        place, size, parts = 0, 0, []
        try:
            while not self.eof and size < max_length and (step := self._step(text, place)):
                part = self._unpack(text[place : place + step])
                place += step
                size += len(part)
                parts.append(part)
        except UnpackError as problem:
            if not size:
                raise
            self._failed = problem
        rest, self._pending, self.unconsumed_tail = text[place:], b"", b""
        if self.eof:
            self.unused_data = rest
        elif size >= max_length:
            self.unconsumed_tail = rest
        else:
            self._pending = rest
        return b"".join(parts)

    def _step(self, text: bytes, place: int) -> int:
        """Bytes of the frame's header, or of its next block with what belongs to it; 0 where not all are there yet."""
        there = len(text) - place
        if not self._begun:
            size = _header_size(text[place : place + 5])
            if not size or there < size:
                return 0
            self._checksum = bool(text[place + 4] & 4)
            self._begun = True
            return size
        if there < 3:
            return 0
        block = int.from_bytes(text[place : place + 3], "little")
        last, kind, length = block & 1, block >> 1 & 3, block >> 3
        if kind == _RESERVED or length > _MAX_BLOCK:
            raise UnpackError("no block begins where one should")
        size = 3 + (1 if kind == _RLE else length) + (4 if last and self._checksum else 0)
        if there < size:
            return 0
        self._last = bool(last)
        return size

    def _unpack(self, data: bytes) -> bytes:
        from zstandard import ZstdError

        try:
            out = self._unpacker.decompress(data)
        except ZstdError as problem:
            raise UnpackError(str(problem).removeprefix("zstd decompressor error: ")) from None
        self.eof = self._last
        return out


def _header_size(head: bytes) -> int:
    """Bytes of a frame's header with its magic number; 0 where there are too few to tell."""
    if len(head) < 5:
        return 0
    if not head.startswith(FRAME_MAGIC):
        raise UnpackError("no frame begins where one should")
    single = head[4] >> 5 & 1
    content = _CONTENT_SIZE_SIZES[head[4] >> 6] or single
    return 5 + (1 - single) + _DICTIONARY_ID_SIZES[head[4] & 3] + content


def frame_unpacker(file: BinaryIO) -> Callable[[], FrameUnpacker]:
    """What makes the unpackers for the frames of a file, with the dictionary that the file begins with. The file's
    place is changed. Each unpacker ends the one before. Raises UnpackError where the dictionary cannot be read."""
    import zstandard

    dictionary = _dictionary(file)
    try:
        shared = zstandard.ZstdDecompressor(
            dict_data=zstandard.ZstdCompressionDict(dictionary) if dictionary else None, max_window_size=_MAX_WINDOW
        )
    except zstandard.ZstdError as problem:
        raise UnpackError(f"the file's dictionary is broken: {problem}") from None
    return lambda: FrameUnpacker(shared.decompressobj())


def _dictionary(file: BinaryIO) -> bytes:
    """The dictionary at the start of a file; empty where there is none."""
    import zstandard

    file.seek(0)
    head = file.read(8)
    if not head.startswith(DICTIONARY_MAGIC) or len(head) < 8:
        return b""
    size = skippable_size(head) - 8
    if size > MAX_DICTIONARY:
        raise UnpackError(f"the file's dictionary has {size:,} bytes, more than {MAX_DICTIONARY:,}")
    data = file.read(size)
    if len(data) < size:
        raise UnpackError("the file ends inside its dictionary")
    if not data.startswith(FRAME_MAGIC):
        return data
    unpacker = FrameUnpacker(zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW).decompressobj())
    try:
        unpacked = unpacker.decompress(data, MAX_DICTIONARY)
        if unpacker.eof:
            return unpacked
    except UnpackError:
        pass
    raise UnpackError("the file's dictionary is broken, or too large")
