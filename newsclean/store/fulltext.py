"""What goes into the full-text index, what a user's words ask of it, and the piece of text that a hit is shown by.

One index serves all scripts. Chinese, Japanese, Korean, Thai and their neighbours write words without spaces (or, in
Korean, with endings glued on), so each of their letters is indexed as a word of its own, and a run of them in a
query is searched as a phrase: any part of a text is found, from one letter on. A trigram index, the usual way out,
finds nothing shorter than three letters, and most Japanese and Chinese words have two; it would also be a second index
of three times the size.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from newsclean.errors import InputError

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
_UNSPACED += "\uac00-\ud7af\uf900-\ufaff\uff66-\uff9d\U00020000-\U000323af"
_UNSPACED_LETTER = re.compile(f"[{_UNSPACED}]")
# Arabic and Hebrew vowel points and the Arabic stretching stroke: written or left out at will.
_POINTS = re.compile("[\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]")
_QUOTE = re.compile('["\0\ud800-\udfff]')  # what would end a quoted word, or cannot be written as UTF-8
_PIECE = re.compile(r'(-?)"([^"]*)"?(\*?)|(\S+)')


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A user's words, ready for the index."""

    expression: str
    """The FTS5 expression; every word in it is quoted."""
    shown: tuple[re.Pattern[str], ...]
    """What to mark in a text, over the text as :func:`folded` gives it."""


def indexed(text: str) -> str:
    """The text as it is given to the index."""
    return _UNSPACED_LETTER.sub(r" \g<0> ", _POINTS.sub("", unicodedata.normalize("NFC", text)))


def parse(words: str) -> Query:
    """Read a query: all words must be there; ``"a phrase"``, ``-without``, ``begin*``, ``this OR that``.

    No input is a syntax error; signs that mean nothing are passed over. Raises InputError where no word is left
    that must be there.
    """
    groups: list[tuple[list[str], list[str]]] = [([], [])]
    shown: list[re.Pattern[str]] = []
    for minus, phrase, star, word in _PIECE.findall(words):
        if word == "OR":
            groups.append(([], []))
            continue
        text = word or phrase
        negative = bool(minus) or (word.startswith("-") and len(word) > 1)
        prefix = bool(star) or word.endswith("*")
        term = " ".join(_QUOTE.sub(" ", indexed(text)).split())
        if not any(c.isalnum() for c in term):
            continue
        groups[-1][negative].append(f'"{term}"' + (" *" if prefix else ""))
        if not negative:
            shown.append(_pattern(text, prefix=prefix))
    if any(without and not wanted for wanted, without in groups):
        raise InputError(f"search: {words!r} only says what must not be there; add a word that must")
    parts = []
    for wanted, without in groups:
        if wanted:
            part = "(" + " AND ".join(wanted) + ")"
            parts.append(f"({part} NOT ({' OR '.join(without)}))" if without else part)
    if not parts:
        raise InputError(f"search: no word to look for in {words!r}")
    return Query(expression=" OR ".join(parts), shown=tuple(shown))


def excerpt(text: str, query: Query, width: int = 200) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The stretch of the text with most of the query's words, and where in it they stand.

    About ``width`` characters, cut at spaces, ``…`` where it was cut. The beginning of the text where nothing of the
    query can be shown.
    """
    text = " ".join(text.split())
    plain = folded(text)
    spans = sorted({m.span() for pattern in query.shown for m in pattern.finditer(plain)})
    best = max(spans, key=lambda s: sum(s[0] <= o[0] and o[1] <= s[0] + width for o in spans), default=(0, 0))
    start = max(0, best[0] - width // 4)
    if start:
        start = text.find(" ", start, best[0]) + 1 or start
    end = min(len(text), start + width)
    if end < len(text):
        end = max(text.rfind(" ", best[1], end), best[1]) if " " in text[best[1] : end] else end
    head = "… " if start else ""
    tail = " …" if end < len(text) else ""
    inside = tuple((a - start + len(head), b - start + len(head)) for a, b in spans if start <= a and b <= end)
    return head + text[start:end] + tail, inside


def folded(text: str) -> str:
    """The text without case and accents, letter for letter: places in it are places in the text."""
    return "".join(map(_folded_letter, text))


@lru_cache(maxsize=8192)
def _folded_letter(letter: str) -> str:
    base = next((c for c in unicodedata.normalize("NFD", letter) if not unicodedata.combining(c)), letter)
    return base.casefold()[:1] or letter


def _pattern(text: str, *, prefix: bool) -> re.Pattern[str]:
    words = re.findall(r"\w+", folded(unicodedata.normalize("NFC", text)))
    body = r"\W+".join(map(re.escape, words))
    if _UNSPACED_LETTER.search(text):
        return re.compile(body)
    return re.compile(rf"(?<!\w){body}" + ("" if prefix else r"(?!\w)"))
