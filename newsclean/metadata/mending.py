"""Broken JSON -> JSON, in one pass over the text: what content systems get wrong when they write JSON-LD by hand."""

import html
import json
import re

_WRAPPING = re.compile(
    r"^(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)$"
)
_MAX_MENDED = 300_000
"""Characters of a text that is mended: each of them is looked at."""
_COMMENT = re.compile(r"^[ \t]*//.*$|/\*[^*]*\*/", re.MULTILINE)
_TOKEN = re.compile(r'["\\]|,(?=\s{0,80}[}\]])|,(?=\s{0,80},)|[{}\[\]]')
_ENDS = re.compile(r'\s{0,200}(?:[}\]:]|,\s{0,200}(?:["{\[}\]-]|\d|true|false|null)|,?\s{0,200}$)')
"""What follows a quotation mark that ends a string: one inside the text is followed by words."""
_ESCAPES = frozenset('"\\/bfnrtu')
_HEX = re.compile(r"u[0-9a-fA-F]{4}")


def unwrapped(text: str) -> str:
    """The text without the comment or CDATA marks that pages put around scripts."""
    text = text.strip("\ufeff \t\r\n")
    if text[:1] in ("{", "[") and text[-1:] in ("}", "]"):
        return text
    for _ in range(2):
        text = _WRAPPING.sub("", text).strip("\ufeff \t\r\n;")
    return text


def mended(text: str) -> str:
    """A text that is nearer to JSON: strings with bare quotation marks closed where they end, wrong escapes,
    comments and surplus commas taken out, what is left open closed. Long texts are given back as they are.
    """
    if len(text) > _MAX_MENDED:
        return text
    if "&quot;" in text and text.count('"') < text.count("&quot;"):
        text = html.unescape(text)
    text = _COMMENT.sub("", text)
    parts: list[str] = []
    open_brackets: list[str] = []
    place = 0
    inside = False
    for found in _TOKEN.finditer(text):
        start, sign = found.start(), found[0]
        if start < place:
            continue
        if inside:
            if sign == "\\":
                parts.append(text[place:start])
                escape, place = _escape(text, start)
                parts.append(escape)
            elif sign == '"':
                parts.append(text[place:start])
                place = start + 1
                if _ENDS.match(text, place):
                    parts.append('"')
                    inside = False
                else:
                    parts.append('\\"')
            continue
        parts.append(text[place:start])
        place = found.end()
        if sign == '"':
            inside = True
            parts.append(sign)
        elif sign in ("{", "["):
            open_brackets.append("}" if sign == "{" else "]")
            parts.append(sign)
        elif sign in ("}", "]"):
            if open_brackets and open_brackets[-1] == sign:
                open_brackets.pop()
                parts.append(sign)
            elif not open_brackets:
                parts.append(sign)
    parts.append(text[place:])
    if inside:
        parts.append('"')
    end = "".join(parts).rstrip().rstrip(",:")
    return end + "".join(reversed(open_brackets))


def _escape(text: str, start: int) -> tuple[str, int]:
    """What a backslash in a string stands for, and where the text goes on."""
    following = text[start + 1 : start + 2]
    if following == "u" and not _HEX.match(text, start + 1):
        return "", start + 1
    if following in _ESCAPES and following:
        return text[start : start + 2], start + 2
    return json.dumps(following)[1:-1] if following else "", start + 2
