"""What packs the members of a WARC file: ISA-L or zlib-ng where they are installed, zlib everywhere."""

import zlib
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

from newsclean.errors import SettingsError
from newsclean.settings import Settings

_WBITS = zlib.MAX_WBITS | 16
"""A gzip member."""
_ISAL_LEVEL = 3
_MODULES = {"isal": "isal.isal_zlib", "zlib-ng": "zlib_ng.zlib_ng", "zlib": "zlib"}

Packer = Callable[[Iterable[bytes]], bytes]
"""Packs parts, one behind the other, as one gzip member (RFC 1952)."""


def packer(settings: Settings) -> Packer:
    """The packer that the settings name; ``auto`` takes the fastest that is there.

    The same parts give the same bytes with the same library. Raises SettingsError where the library named is missing.
    """
    for name in ("isal", "zlib-ng", "zlib") if settings.compressor == "auto" else (settings.compressor,):
        try:
            module = import_module(_MODULES[name])
        except ImportError:
            continue
        return _packer(module, _ISAL_LEVEL if name == "isal" else settings.compression)
    raise SettingsError(
        f"compressor: {settings.compressor} is not installed; install it with pip, or take `auto`, which goes without"
    )


def _packer(module: Any, level: int) -> Packer:
    make, deflated = module.compressobj, zlib.DEFLATED

    def pack(parts: Iterable[bytes]) -> bytes:
        machine = make(level, deflated, _WBITS)
        packed = [machine.compress(part) for part in parts]
        packed.append(machine.flush())
        return b"".join(packed)

    return pack
