"""JavaScript literals -> Python values: what pages assign to variables, which is nearly JSON but not quite."""

import json
import re
from collections.abc import Mapping
from typing import Any

_SPACE = re.compile(r"(?:\s++|//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/)*+")
_STRING = re.compile(r""""(?:[^"\\]++|\\.)*+"|'(?:[^'\\]++|\\.)*+'|`(?:[^`\\$]++|\\.|\$(?!\{))*+`""", re.DOTALL)
_NUMBER = re.compile(r"[-+]?(?:\d[\d_]*+(?:\.\d*+)?+|\.\d++)(?:[eE][-+]?\d++)?+")
_NAME = re.compile(r"[A-Za-z_$][\w$]*+(?:\.[A-Za-z_$][\w$]*+)*+")
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|.))", re.DOTALL)
_HALVES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}
_MAX_DEPTH = 150
_CONSTANTS = {"true": True, "false": False}


def read_literal(text: str, place: int, names: Mapping[str, Any] | None = None) -> tuple[Any, int]:
    """The object, list or string that begins at ``place``, and where it ends.

    ``names``: what names in it stand for; others are None, and so are calls. Raises ValueError where it is no literal.
    """
    if text[place : place + 1] in ('"', "{", "["):
        try:
            return json.JSONDecoder(strict=False).raw_decode(text, place)
        except (ValueError, RecursionError):
            pass
    return _value(text, place, names or {}, 0)


def read_arguments(text: str, place: int) -> tuple[list[Any], int]:
    """The arguments of a call from behind its opening bracket, and where it ends. Raises ValueError."""
    return _list(text, place, ")", {}, 0)


def read_string(text: str, place: int) -> tuple[str, int]:
    """The string literal that begins at ``place``, in any quotation marks, and where it ends. Raises ValueError."""
    found = _STRING.match(text, place)
    if not found:
        raise ValueError("no string")
    literal = found[0]
    if literal[0] == '"':
        try:
            return str(json.loads(literal, strict=False)), found.end()
        except ValueError:
            pass
    value = _ESCAPE.sub(_unescaped, literal[1:-1]) if "\\" in literal else literal[1:-1]
    return _HALVES.sub(_joined, value), found.end()


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    if code:
        number = int(code, 16)
        return chr(number) if number <= 0x10FFFF else "\ufffd"
    return _ESCAPES.get(found[4], found[4])


def _joined(found: re.Match[str]) -> str:
    return found[0].encode("utf-16", "surrogatepass").decode("utf-16")


def _after_space(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place


def _value(text: str, place: int, names: Mapping[str, Any], depth: int) -> tuple[Any, int]:
    if depth > _MAX_DEPTH:
        raise ValueError("nested too deep")
    place = _after_space(text, place)
    sign = text[place : place + 1]
    if sign == "{":
        return _object(text, place, names, depth)
    if sign == "[":
        return _list(text, place + 1, "]", names, depth)
    if sign in ('"', "'", "`"):
        return read_string(text, place)
    if sign == "!":  # minifiers write !0 for true
        value, place = _value(text, place + 1, names, depth + 1)
        return not value, place
    if found := _NUMBER.match(text, place):
        number = found[0].replace("_", "")
        return (int(number) if number.lstrip("+-").isdigit() else float(number)), found.end()
    if not (found := _NAME.match(text, place)):
        raise ValueError(f"no value at {place}")
    name, place = found[0], found.end()
    if name in ("void", "new"):
        _, place = _value(text, place, names, depth + 1)
        return None, place
    if text[place : place + 1] == "(":
        _, place = _list(text, place + 1, ")", names, depth)
        return None, place
    return _CONSTANTS.get(name, names.get(name)), place


def _object(text: str, place: int, names: Mapping[str, Any], depth: int) -> tuple[dict[str, Any], int]:
    found: dict[str, Any] = {}
    place = _after_space(text, place + 1)
    while text[place : place + 1] != "}":
        key: Any
        if text[place : place + 1] in ('"', "'"):
            key, place = read_string(text, place)
        elif (name := _NAME.match(text, place)) or (name := _NUMBER.match(text, place)):
            key, place = name[0], name.end()
        else:
            raise ValueError(f"no key at {place}")
        place = _after_space(text, place)
        if text[place : place + 1] == ":":
            found[key], place = _value(text, place + 1, names, depth + 1)
        else:  # {name} is short for {name: name}
            found[key] = names.get(key)
        place = _next(text, place, "}")
    return found, place + 1


def _list(text: str, place: int, end: str, names: Mapping[str, Any], depth: int) -> tuple[list[Any], int]:
    found: list[Any] = []
    place = _after_space(text, place)
    while text[place : place + 1] != end:
        if text[place : place + 1] == ",":  # a hole
            found.append(None)
            place = _after_space(text, place + 1)
            continue
        value, place = _value(text, place, names, depth + 1)
        found.append(value)
        place = _next(text, place, end)
    return found, place + 1


def _next(text: str, place: int, end: str) -> int:
    """Where the next member begins, or the closing sign stands. Raises ValueError for anything else."""
    place = _after_space(text, place)
    if text[place : place + 1] == ",":
        return _after_space(text, place + 1)
    if text[place : place + 1] != end:
        raise ValueError(f"no end at {place}")
    return place
