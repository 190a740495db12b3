"""Structured text in data -> HTML, so that it is cut into blocks like any page."""

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

from newsclean.page.compare import key as letters_of
from newsclean.page.state import State
from newsclean.page.words import island_words, kind_of, words_of

_MAX_DEPTH = 60
_MAX_VALUES = 60_000
"""Values of one article that are looked at."""
_MAX_CHARS = 4_000_000
"""Characters of its strings: those that a reference stands for count each time."""
MARKUP = re.compile(
    r"</?(?:p|div|br|h[1-6]|ul|ol|li|blockquote|figure|section|table|span|a|b|i|em|strong)\b[^<>]*+>", re.IGNORECASE
)
"""A tag that makes a string one of HTML."""
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
_NO_WORD = re.compile(r"[/_:#=&%{}<>\d]|[a-z][A-Z]|^[a-z0-9]+-[a-z0-9-]+$")
"""What no word of a text has, but addresses and names of classes have."""
TAG = re.compile(r"<[^<>]*+>")
_CODE = re.compile(r"[{};=<>|\\_]|\w\(\)|://")
LEAST_PROSE = 30
"""Letters of a string that may be prose."""
_FORMS = (1.0, 0.9, 0.8)
"""What letters weigh under keys of a rank, where an object has its text several times."""
_STRUCTURED = 1.3
"""What letters weigh more where there are paragraphs."""
_COMPARED = 60
"""Letters by which two forms of one text are known as such."""
_LEAST_NUMBERED = 3
_LINES = re.compile(r"[ \t\r]*\n\s*")
ELEMENTS = frozenset(
    (
        "a abbr article aside b blockquote body br cite code dd del details div dl dt em figcaption figure h1 h2 h3 h4 "
        "h5 h6 header hr i img ins li main mark ol p pre q s section small span strong sub summary sup table tbody td "
        "tfoot th thead time tr u ul"
    ).split()
)
_INLINE = frozenset("a abbr b cite code del em i ins mark q s small span strong sub sup time u".split())
_EMPTY = frozenset("br hr img".split())
_LINES_OF = frozenset("p h1 h2 h3 h4 h5 h6 li blockquote figcaption dt dd td th summary".split())
_TAGS = {
    "caption": "figcaption",
    "cell": "td",
    "item": "li",
    "list": "ul",
    "numbered": "ol",
    "paragraph": "p",
    "quote": "blockquote",
    "row": "tr",
    "table": "table",
}
_LEVEL = re.compile(r"[1-6]\b|one|two|three|four|five|six")
_LEVELS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


class Renderer:
    """Writes values of one piece of data as HTML."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._words = island_words()
        self._left = 0
        self._chars_left = 0

    def html(self, value: Any) -> str:
        """The HTML of a string, list or object; empty where there is no text in it."""
        self._left, self._chars_left = _MAX_VALUES, _MAX_CHARS
        parts: list[str] = []
        self._render(value, parts, False, True, 0)
        return "".join(parts)

    def inner(self, value: Any) -> Any:
        """What a member of a list or object stands for: itself, mostly."""
        state = self._state
        if state.table:
            # true and false are numbers, too
            if type(value) is int:
                return state.table[value] if 0 <= value < len(state.table) else None
        elif state.references:
            if isinstance(value, str):
                return state.references.get(value, value) if len(value) < 200 else value
            if isinstance(value, dict) and len(value) <= 4:
                for key in self._words.reference_keys:
                    name = value.get(key)
                    if isinstance(name, str) and name in state.references:
                        return state.references[name]
        return value

    def key(self, key: str) -> str:
        """A key as it was meant."""
        table = self._state.table
        if table and key[:1] == "_" and key[1:].isdecimal() and int(key[1:]) < len(table):
            return str(table[int(key[1:])])
        return key

    def rank(self, key: str) -> int | None:
        """How likely a key's value is text to show: 0 for keys that say so, 1 for those with a word that does, 2 for
        any other; None for keys that hold something else.
        """
        words = self._words
        if key in words.content_keys:
            return 0
        if key in words.no_content_keys:
            return None
        named = words_of(key)
        if named & words.foreign_words:
            return None
        return 1 if named & words.content_words else 2

    def members(self, value: Mapping[str, Any]) -> list[tuple[str, Any]]:
        """Keys and values of an object, as they were meant."""
        return [(self.key(key), self.inner(item)) for key, item in value.items()]

    def _render(self, value: Any, parts: list[str], inline: bool, sure: bool, depth: int) -> None:
        """``inline``: inside of a line; ``sure``: a key says that this is text, so that short strings are some, too."""
        self._left -= 1
        if depth > _MAX_DEPTH or self._left < 0:
            return
        if isinstance(value, str):
            self._string(value, parts, inline, sure)
        elif isinstance(value, list):
            if element := element_of(value):
                self._element(*element, parts, inline, depth)
                return
            for item in value:
                self._render(self.inner(item), parts, inline, sure, depth + 1)
        elif isinstance(value, dict):
            self._object(dict(self.members(value)), parts, inline, depth)

    def _string(self, text: str, parts: list[str], inline: bool, sure: bool) -> None:
        self._chars_left -= len(text)
        if self._chars_left < 0:
            return
        if "&lt;" in text and not MARKUP.search(text) and MARKUP.search(unescaped := html.unescape(text)):
            text = unescaped
        if MARKUP.search(text):
            parts.append(text if inline else f"<div>{text}</div>")
            return
        if not sure and not prose_letters(text):
            return
        if not inline and is_no_text(text):
            return
        if not _ENTITY.search(text):
            text = html.escape(text, quote=False)
        if inline:
            parts.append(text.replace("\n", "<br>"))
        else:
            parts.extend(f"<p>{line}</p>" for line in _LINES.split(text) if line)

    def _element(
        self, tag: str, attributes: Mapping[str, Any], children: Any, parts: list[str], inline: bool, depth: int
    ) -> None:
        """An element that is written as a list: its name, attributes and children."""
        if kind_of(tag) == "none":
            return
        name = tag if tag in ELEMENTS else "span" if inline else "div"
        if name in _EMPTY:
            parts.append(f"<{name}>" if name == "br" else "")
            return
        link = self._link(attributes) if name == "a" else None
        inside: list[str] = []
        self._render(self.inner(children), inside, inline or name in _LINES_OF or name in _INLINE, True, depth + 1)
        if not inside:
            # a component that has its text among its properties
            self._content(list(attributes.items()), inside, inline, depth)
        if inside:
            parts.append(f'<a href="{html.escape(link)}">' if link else f"<{name}>")
            parts.extend(inside)
            parts.append(f"</{name}>")

    def _link(self, value: Mapping[str, Any]) -> str | None:
        return next((link for key in self._words.link_keys if isinstance(link := value.get(key), str)), None)

    def _object(self, value: dict[str, Any], parts: list[str], inline: bool, depth: int) -> None:
        kind, named = self._kind(value)
        if kind == "none":
            return
        if kind == "break":
            parts.append("<br>")
            return
        members = list(value.items())
        if inline or kind == "inline":
            link = self._link(value)
            parts.append(f'<a href="{html.escape(link)}">' if link else "")
            self._content(members, parts, True, depth)
            parts.append("</a>" if link else "")
            return
        tag = f"h{self._level(value, named)}" if kind == "heading" else _TAGS.get(kind or "", "")
        if not tag and self._is_line(value):
            tag = "p"
        inside: list[str] = []
        if not tag:
            self._title(value, inside)
        if is_numbered(members):
            for _, item in members:
                self._render(item, inside, False, True, depth + 1)
        elif len(members) == 1 and members[0][0] in ELEMENTS:  # {"p": "text"}
            self._element(members[0][0], {}, members[0][1], inside, False, depth + 1)
        else:
            self._content(members, inside, tag in _LINES_OF and kind != "quote", depth)
        text = "".join(inside)
        if not text:
            return
        if tag in ("ul", "ol") and "<li" not in text:
            text = text.replace("<p>", "<li>").replace("</p>", "</li>")
        if tag in _LINES_OF and kind != "item" and text.startswith("<div><p"):
            tag = ""  # the string has elements of its own
        parts.append(f"<{tag}>{text}</{tag}>" if tag else text)

    def _content(self, members: Sequence[tuple[str, Any]], parts: list[str], inline: bool, depth: int) -> None:
        """The member that has the most text: objects often have it several times, in several forms. Other members of
        HTML are parts of it where it has not their words.
        """
        shown: list[tuple[float, str, bool]] = []
        for key, item in members:
            if not isinstance(item, (str, list, dict)) or (rank := self.rank(key)) is None:
                continue
            inside: list[str] = []
            self._render(item, inside, inline, rank < 2, depth + 1)
            text = "".join(inside)
            size = _FORMS[rank] * len(TAG.sub("", text))
            if "<p" in text or "<div" in text:
                size *= _STRUCTURED
            if size:
                shown.append((size, text, isinstance(item, str) and not inline and text.startswith("<div>")))
        if not shown:
            return
        best = max(shown, key=lambda entry: entry[0])
        if sum(is_html for _, _, is_html in shown) == 1 or not best[2]:
            parts.append(best[1])
            return
        known = letters_of(TAG.sub("", best[1]))
        for entry in shown:
            letters = letters_of(TAG.sub("", entry[1])) if entry[2] and entry is not best else ""
            if entry is best or (letters and letters[:_COMPARED] not in known):
                parts.append(entry[1])

    def _title(self, value: Mapping[str, Any], parts: list[str]) -> None:
        """The title of a section stands above its text."""
        if not any(isinstance(item, (list, dict)) and self.rank(key) in (0, 1) for key, item in value.items()):
            return
        for key in self._words.title_keys[:3]:
            title = value.get(key)
            if isinstance(title, str) and " " in title.strip():
                parts.append(f"<h2>{html.escape(title, quote=False)}</h2>")
                return

    def _kind(self, value: Mapping[str, Any]) -> tuple[str | None, str]:
        """What an object is, and the name that says so."""
        best: tuple[str | None, str] = (None, "")
        for key in self._words.type_keys:
            name = value.get(key)
            if isinstance(name, str) and (kind := kind_of(name)):
                order = self._words.order
                if best[0] is None or order[kind] < order[best[0]]:
                    best = kind, name
        return best

    def _level(self, value: Mapping[str, Any], named: str) -> int:
        for key in self._words.level_keys:
            level = value.get(key)
            if isinstance(level, int) and 1 <= level <= 6:
                return level
            if isinstance(level, str) and (found := _LEVEL.search(level)):
                return _LEVELS.get(found[0]) or int(found[0])
        found = _LEVEL.search(named.lower())
        return (_LEVELS.get(found[0]) or int(found[0])) if found else 2

    def _is_line(self, value: Mapping[str, Any]) -> bool:
        """Whether an object without a type is one line: its children are pieces of text and nothing else."""
        inner = value.get("children")
        if not isinstance(inner, list) or not inner or element_of(inner):
            return False
        pieces = [self.inner(item) for item in inner]
        return all(isinstance(item, str) or (isinstance(item, dict) and self._is_piece(item)) for item in pieces)

    def _is_piece(self, item: Mapping[str, Any]) -> bool:
        kind, _ = self._kind(item)
        return kind == "inline" or (kind is None and isinstance(item.get("text"), str))


def element_of(value: list[Any]) -> tuple[str, Mapping[str, Any], Any] | None:
    """Name, attributes and children of an element that is written as a list (JsonML, or a stream of components);
    None for any other list.
    """
    if not value or not isinstance(value[0], str):
        return None
    if value[0] == "$" and len(value) >= 4 and isinstance(value[1], str):
        attributes = value[3] if isinstance(value[3], dict) else {}
        children = attributes.get("children")
        raw = attributes.get("dangerouslySetInnerHTML")
        if isinstance(raw, dict):
            children = raw.get("__html")
        return value[1].lower(), attributes, children
    if value[0] in ELEMENTS and len(value) > 1 and (isinstance(value[1], dict) or value[0] not in _INLINE):
        if isinstance(value[1], dict) and "type" not in value[1]:
            return value[0], value[1], value[2:]
        return value[0], {}, value[1:]
    return None


def is_no_text(text: str) -> bool:
    """Whether a string is white space, an address or a name."""
    words = text.split(None, 1)
    return not words or (len(words) == 1 and text.isascii() and _NO_WORD.search(words[0]) is not None)


def is_numbered(members: Sequence[tuple[str, Any]]) -> bool:
    """Whether an object is a list whose items have names: all its members are objects of one kind."""
    if len(members) < _LEAST_NUMBERED or not all(isinstance(item, dict) for _, item in members):
        return False
    return any(character.isdigit() for key, _ in members for character in key)


def prose_letters(text: str) -> int:
    """The characters of a string that are prose, its tags apart; 0 for addresses, code and the like."""
    if "&lt;" in text:
        text = html.unescape(text)
    if "<" in text:
        text = TAG.sub(" ", text)
    text = text.strip()
    size = len(text)
    if size < LEAST_PROSE:
        return 0
    head = text[:4000]
    if head.isascii() and head.count(" ") * 25 < len(head):
        return 0
    if len(_CODE.findall(head)) * 40 > len(head):
        return 0
    return size
