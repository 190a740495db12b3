"""Tree -> the data that a page carries for its scripts: JSON-LD, JSON scripts, assignments, streams, attributes."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from lxml.etree import _Element

from newsclean.page.literals import read_arguments, read_literal, read_string
from newsclean.page.words import island_words

_MAX_CHARS = 6_000_000
"""Characters of data that are read of a page, all in all."""
_LEAST = 400
"""Characters below which data holds no article."""
_LEAST_TABLE = 6
_MOST_TRIES = 40
"""Places of a script where data may begin that are looked at."""
_BEGIN = re.compile(
    r"""[=(]\s*+(?:JSON\s*+\.\s*+parse\s*+\(\s*+(["'`])|\(?+\s*+function\s*+\(([\w$,\s]{0,20000}+)\)\s*+\{(?:\s*+return\b)?+\s*+"""
    r"""|(?=[\[{"]))"""
)
_NAME_BEFORE = re.compile(r"""([\w$]{1,80})["'\]\s|]*\Z""")
_RETURN = re.compile(r"\breturn\s*(?=[\[{])")
_ARGUMENTS = re.compile(r"[\s;]*\}\s*\)?\s*\(")
_ROW = re.compile(rb"\s*([0-9a-f]{0,8}):(?:T([0-9a-f]{1,8}),|([A-Z]{0,2})(?=[\[{\"$\dntf]))")
_NAME = re.compile(r"[^\w$-]+")
_BIG_ATTRIBUTES = etree.XPath("//@*[string-length() > 400]")
_WRAPPED = (("<!--", "-->"), ("<![CDATA[", "]]>"), ("/*<![CDATA[*/", "/*]]>*/"))


@dataclass(frozen=True, slots=True)
class State:
    """One piece of data."""

    name: str
    """The step of a block's path that says where it is from: ``script#json-ld``, ``script#__NEXT_DATA__``."""
    value: Any
    """What JSON can hold."""
    references: Mapping[str, Any] = field(default_factory=dict)
    """What strings in the data stand for; empty where they are only strings."""
    table: Sequence[Any] = ()
    """Where this is not empty, numbers in lists and objects are places in it, and keys ``_`` and such a number."""


def states(tree: _Element) -> Iterator[State]:
    """All data of a page that can be read, in the page's order; a stream that comes in parts is one, at the end."""
    words = island_words()
    left = _MAX_CHARS
    stream: list[str] = []
    for script in tree.iter("script"):
        text = script.text
        if not text or not _LEAST <= len(text) <= left:
            if text and len(text) < _LEAST and ".push([" in text:
                _stream_parts(text, stream)
            continue
        kind = (script.get("type") or "").split(";")[0].strip().lower()
        if kind in words.no_data_types:
            continue
        left -= len(text)
        if kind.endswith("json"):
            value = _json(text)
            if value is not None:
                yield _unpacked("script#" + _name(script, kind, words.json_ld), value)
        elif not kind or kind == "module" or kind.endswith("script"):
            for name, value in _assigned(text):
                if isinstance(value, list) and len(value) == 2 and value[0] == 1 and isinstance(value[1], str):
                    stream.append(value[1])
                else:
                    yield _unpacked("script#" + name, value)
    yield from _attributes(tree, left)
    if stream:
        yield from _flight("".join(stream))


def _name(script: _Element, kind: str, json_ld: str) -> str:
    if kind == json_ld:
        return "json-ld"
    given = script.get("id") or next((key for key in script.attrib if str(key).startswith("data-")), "data")
    return _plain(str(given))


def _plain(name: str) -> str:
    return _NAME.sub("_", name.strip())[:80] or "data"


def _json(text: str) -> Any:
    text = text.strip("\ufeff \t\r\n")
    for start, end in _WRAPPED:
        if text.startswith(start):
            text = text.removeprefix(start).removesuffix(end).strip()
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        pass
    try:
        return read_literal(text, 0)[0]
    except (ValueError, RecursionError):
        return None


def _stream_parts(text: str, stream: list[str]) -> None:
    for _, value in _assigned(text, least=0):
        if isinstance(value, list) and len(value) == 2 and value[0] == 1 and isinstance(value[1], str):
            stream.append(value[1])


def _assigned(text: str, least: int = _LEAST) -> Iterator[tuple[str, Any]]:
    """The data that a script assigns to variables or hands to functions, with the names of these."""
    place = 0
    for _ in range(_MOST_TRIES):
        found = _BEGIN.search(text, place)
        if not found:
            return
        place = found.end()
        before = _NAME_BEFORE.search(text[max(0, found.start() - 100) : found.start()])
        name = _plain(before[1] if before else "")
        try:
            if found[1]:
                packed, end = read_string(text, place - 1)
                value = json.loads(packed, strict=False) if len(packed) >= least else None
            elif found[2] is not None:
                value, end = _called(text, place, [parameter.strip() for parameter in found[2].split(",")])
            elif len(text) - place < least:
                return
            else:
                value, end = read_literal(text, place)
                if isinstance(value, str):
                    value = json.loads(value, strict=False) if value[:1] in ("{", "[") else None
        except (ValueError, RecursionError):
            continue
        if value is not None and end - place >= least:
            yield name, value
        place = max(place, end)


def _called(text: str, place: int, parameters: list[str]) -> tuple[Any, int]:
    """What a function returns that is called at once: minifiers give values that repeat as arguments."""
    if text[place : place + 1] not in ("{", "["):
        found = _RETURN.search(text, place)
        if not found:
            raise ValueError("nothing is returned")
        place = found.end()
    _, end = read_literal(text, place)
    arguments: list[Any] = []
    if called := _ARGUMENTS.match(text, end):
        try:
            arguments, _ = read_arguments(text, called.end())
        except (ValueError, RecursionError):
            arguments = []
    return read_literal(text, place, dict(zip(parameters, arguments, strict=False)))


def _attributes(tree: _Element, left: int) -> Iterator[State]:
    """Data in attributes of elements."""
    found = _BIG_ATTRIBUTES(tree)
    assert isinstance(found, list)
    for value in found:
        text = str(value).strip()
        if text[:1] not in ("{", "[") or len(text) > left:
            continue
        left -= len(text)
        if (data := _json(text)) is not None:
            yield _unpacked(f"{_plain(str(getattr(value, 'attrname', '')))}@data", data)


def _unpacked(name: str, value: Any) -> State:
    """Data as it was meant, where it is written as one list whose members name each other by their place."""
    if isinstance(value, list) and len(value) >= _LEAST_TABLE and _is_table(value):
        return State(name, value[0], table=value)
    return State(name, value)


def _is_table(value: list[Any]) -> bool:
    first = value[0]
    inner = list(first.values()) if isinstance(first, dict) else first[1:] if isinstance(first, list) else []
    return (
        bool(inner)
        and all(isinstance(item, int) and item < len(value) for item in inner)
        and any(isinstance(member, str) for member in value)
    )


def _flight(stream: str) -> Iterator[State]:
    """The rows of a stream of components: ``id:value`` a line; ``id:Tlength,text`` for a text that others name."""
    data = stream.encode("utf-8", "replace")
    rows: dict[str, Any] = {}
    place = 0
    while place < len(data):
        found = _ROW.match(data, place)
        if found is None:
            place = data.find(b"\n", place) + 1
            if not place:
                break
            continue
        name = found[1].decode()
        if found[2] is not None:
            end = found.end() + int(found[2], 16)
            rows[name] = data[found.end() : end].decode("utf-8", "replace")
            place = end
            continue
        end = data.find(b"\n", place)
        end = len(data) if end < 0 else end
        if not found[3]:
            with suppress(ValueError, RecursionError):
                rows[name] = json.loads(data[found.end() : end])
        place = end + 1
    references = {f"{sign}{name}": value for name, value in rows.items() for sign in ("$", "$L", "$@")}
    for value in rows.values():
        if isinstance(value, (list, dict)):
            yield State("script#stream", value, references)
