"""Text -> normalised words with their places: the form in which phrases and blocks are compared."""

import re
import unicodedata
from dataclasses import dataclass

# Scripts without spaces between words, and Hangul, whose particles are glued to the word: a character is a word.
_SINGLE = (
    "\u0e00-\u0e7f\u1100-\u11ff\u3130-\u318f\uac00-\ud7af\u3040-\u30ff\u31f0-\u31ff"
    "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
)
# Vowel signs and marks belong to their word, but are no letters for Python's \w. From Devanagari to Malayalam the
# blocks of Unicode have them in the same places.
_INDIC = range(0x900, 0xD80, 0x80)
_MARKS = "\u0300-\u036f\u0640\u064b-\u065f\u0670\u0d81-\u0d83\u0dca-\u0ddf\u102b-\u103e\u00ad\u200b-\u200d" + "".join(
    f"{chr(block)}-{chr(block + 3)}{chr(block + 0x3A)}-{chr(block + 0x3C)}{chr(block + 0x3E)}-{chr(block + 0x4F)}"
    f"{chr(block + 0x51)}-{chr(block + 0x57)}{chr(block + 0x62)}{chr(block + 0x63)}"
    for block in _INDIC
)
SYMBOLS = ":©®#@+%→»›"
"""The signs that a phrase may ask for; all other signs count as spaces."""
_WORD = re.compile(
    rf"(?P<number>\d+(?:[.,:'’٬٫\u00a0\u202f]\d+)*)"
    rf"|[{_SINGLE}]"
    rf"|(?:[^\W\d_{_SINGLE}][{_MARKS}]*)+(?:['’](?:[^\W\d_{_SINGLE}][{_MARKS}]*)+)*"
    rf"|(?P<symbol>[{SYMBOLS}：＃＠])"
)
_UNSPACED = re.compile(f"[{_SINGLE}]")
_LONGEST_UNSPACED = 4
"""Characters of a word in a script without spaces."""
_STOPS = (".", "。", "।", "؟", "!")
_CLOSING = " \"'”’»)]"
NUMBER = "0"
"""What every number becomes."""

_FOLD = str.maketrans(
    {"ı": "i", "’": "'", "ё": "е", "أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ſ": "s", "ँ": "ं"}
    | dict(zip("άέήίϊΐόύϋΰώ", "αεηιιιουυυω", strict=True))
    | {"ی": "ي", "ک": "ك", "ہ": "ه", "ۀ": "ه"}
    | dict.fromkeys((*range(0x64B, 0x660), 0x640, 0x670, 0xAD, *range(0x200B, 0x200E), 0x307))
    | dict.fromkeys(block + 0x3C for block in _INDIC)
)


@dataclass(frozen=True, slots=True)
class Words:
    """A text as words."""

    plain: str
    """Each word after a space: `` this news has been read 0 times``; no signs."""
    signs: str
    """The same with the signs of SYMBOLS as words of their own; equal to ``plain`` where there are none."""
    spans: tuple[tuple[int, int], ...]
    """Where each word of ``plain`` lies in the text."""
    sign_spans: tuple[tuple[int, int], ...]
    """Where each word of ``signs`` lies in the text."""
    ended: bool = False
    """Whether the text ends with a full stop, as sentences do and titles do not."""

    def __len__(self) -> int:
        return len(self.spans)


def fold(word: str) -> str:
    """The form in which two spellings of a word are the same: NFKC, case, dotless i, Arabic and Indic marks, and the
    Arabic letters that Persian and Urdu write otherwise. Greek loses its accents, as it does in capitals."""
    if word.isascii():
        return word.lower()
    # a few letters have a space in their normal form
    return unicodedata.normalize("NFKC", word.replace("İ", "i")).replace(" ", "").casefold().translate(_FOLD)


def is_short(text: str) -> bool:
    """Whether a phrase is one word; in a script without spaces, whether it has as few characters as a word has."""
    return len(text) <= _LONGEST_UNSPACED if _UNSPACED.search(text) else " " not in text


def is_one_word(text: str) -> bool:
    """Whether a text is one word and nothing else, by a quick look: letters alone, of a script with spaces."""
    return text.isalpha() and (text.isascii() or _UNSPACED.search(text) is None)


def listed(text: str) -> list[str]:
    """The words of a text with the signs of SYMBOLS: what ``words(text).signs`` has, as a list."""
    return [
        NUMBER if kind == "number" else unicodedata.normalize("NFKC", found[0]) if kind == "symbol" else fold(found[0])
        for found in _WORD.finditer(text)
        for kind in (found.lastgroup,)
    ]


def spans(text: str, signs: bool) -> list[tuple[int, int]]:
    """Where each word lies in the text; with ``signs`` those of SYMBOLS count as words."""
    if signs:
        return [found.span() for found in _WORD.finditer(text)]
    return [found.span() for found in _WORD.finditer(text) if found.lastgroup != "symbol"]


def ends_sentence(text: str) -> bool:
    """Whether a text ends with a full stop, as sentences do and titles do not."""
    return text.rstrip(_CLOSING).endswith(_STOPS)


def words(text: str, limit: int = 0) -> Words:
    """The words of a text, the first ``limit`` only where that is above 0."""
    plain: list[str] = []
    signs: list[str] = []
    spans: list[tuple[int, int]] = []
    sign_spans: list[tuple[int, int]] = []
    for found in _WORD.finditer(text):
        kind = found.lastgroup
        span = found.span()
        sign_spans.append(span)
        if kind == "symbol":
            signs.append(unicodedata.normalize("NFKC", found[0]))
            continue
        word = NUMBER if kind == "number" else fold(found[0])
        plain.append(word)
        signs.append(word)
        spans.append(span)
        if limit and len(plain) >= limit:
            break
    joined = "".join([f" {word}" for word in plain])
    with_signs = joined if len(signs) == len(plain) else "".join([f" {word}" for word in signs])
    return Words(joined, with_signs, tuple(spans), tuple(sign_spans), ends_sentence(text))
