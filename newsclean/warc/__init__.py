"""Exchanges to WARC and back: writer, reader, repair. The names load when they are asked for."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsclean.warc.originals import Refers
    from newsclean.warc.reader import (
        StoredInput,
        capture_of,
        read,
        read_at,
        read_inputs,
        read_many,
        read_part,
        read_warc,
        starts,
    )
    from newsclean.warc.records import MAX_RECORD, Damaged
    from newsclean.warc.repair import Recovered, recover
    from newsclean.warc.writer import Writer, Written

__all__ = [
    "MAX_RECORD",
    "Damaged",
    "Recovered",
    "Refers",
    "StoredInput",
    "Writer",
    "Written",
    "capture_of",
    "read",
    "read_at",
    "read_inputs",
    "read_many",
    "read_part",
    "read_warc",
    "recover",
    "starts",
]

_HOMES = {
    "MAX_RECORD": "records",
    "Damaged": "records",
    "Recovered": "repair",
    "Refers": "originals",
    "StoredInput": "reader",
    "Writer": "writer",
    "Written": "writer",
    "capture_of": "reader",
    "read": "reader",
    "read_at": "reader",
    "read_inputs": "reader",
    "read_many": "reader",
    "read_part": "reader",
    "read_warc": "reader",
    "recover": "repair",
    "starts": "reader",
}


def __getattr__(name: str) -> object:
    from importlib import import_module

    try:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
