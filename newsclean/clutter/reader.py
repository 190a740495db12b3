"""Text -> words, quickly: what a piece between two spaces says is kept for the next time."""

import re
from collections.abc import Sequence
from itertools import chain

from newsclean.clutter.words import NUMBER, fold, is_one_word, listed

_MOST_KEPT = 50_000
"""Pieces of text whose words are kept (about 10 MB); then all are forgotten."""
_LONGEST_KEPT = 32
"""Characters of a piece that may come again."""
_AROUND = ".,;!?\"'()[]{}|•·…“”„‘’«‹-–—/"
"""Signs around a word that say nothing: a quick way, everything else goes the long way."""
_UNSPACED = re.compile("[\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]+")
"""Characters that are words and their own normal form."""

_PLAIN = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00de\u00e0-\u00f6\u00f8-\u0112\u0116-\u012f\u0139-\u013e\u0141-\u0148\u014a-\u017e"
)
_PLAIN += "\u0410-\u044f\u0402-\u040f\u0452-\u045f"
"""Letters that casefold alone brings into the form of words()."""
_UNUSUAL = re.compile(f"[^{_PLAIN} -~\u2010-\u201f\u2026«»›‹→©®•·€£–]")
"""A text without one of these is read in one go."""
_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+(?:[.,:']\d+)*|[:©®#@+%→»›]")
_DIGIT = re.compile(r"\d")


class Reader:
    """Reads texts as lists of words. What it keeps changes no answer, and is bounded."""

    def __init__(self) -> None:
        self._words_of = _Pieces().__getitem__

    def read(self, text: str) -> list[str]:
        """The words of a text with the signs that a phrase may ask for: what ``words(text).signs`` has, as a list."""
        if _UNUSUAL.search(text) is None:
            found = _TOKEN.findall(text.replace("’", "'").casefold())
            if _DIGIT.search(text):
                return [NUMBER if word[0].isdigit() else word for word in found]
            return found
        return list(chain.from_iterable(map(self._words_of, text.split(" "))))


class _Pieces(dict[str, Sequence[str]]):
    """The words of each piece, made when it is first asked for."""

    def __missing__(self, piece: str) -> Sequence[str]:
        bare = piece.strip(_AROUND)
        said = (fold(bare),) if is_one_word(bare) else _long_way(piece)
        if len(piece) <= _LONGEST_KEPT:
            if len(self) >= _MOST_KEPT:
                self.clear()
            self[piece] = said
        return said


def _long_way(piece: str) -> Sequence[str]:
    found: list[str] = []
    place = 0
    for run in _UNSPACED.finditer(piece):
        if run.start() > place:
            found += listed(piece[place : run.start()])
        found += run[0]
        place = run.end()
    if place < len(piece):
        found += listed(piece[place:])
    return tuple(found)
