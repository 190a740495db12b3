"""Near duplicates: texts that are one text, edited. Wire copy that many papers print, and one story under two URLs.

A text is the set of its shingles: runs of four words, or of seven letters in scripts without spaces. How alike two
texts are is their Jaccard index: the shingles that they share among all that either has. It is estimated from
signatures of fixed size (MinHash; Broder, 1997, "On the resemblance and containment of documents"), whose values are
kept to 16 bits (Li and König, 2010, "b-Bit minwise hashing"). Candidates are found without comparing all with all: a
signature is cut into bands, and two texts are compared where a band is the same (locality-sensitive hashing).

Texts are near duplicates from ALIKE on: another agency mark, another ending, words replaced here and there, paragraphs
cut, as long as half of all is shared. Two reporters' stories of one event share names and quotes, and far less. The
same text gives the same signature on every machine.
"""

import re
import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.uint64]

ALIKE = 0.5
"""The likeness from which two texts are near duplicates."""
SIGNATURE_BYTES = 256
"""Length of a signature: 128 values of 16 bits, little-endian."""
MOST_IN_BAND = 64
"""Texts that are looked at for one value of a band: what more texts share is a template, and other bands tell those of
them that are copies."""

_VALUES = SIGNATURE_BYTES // 2
# Of pairs with a likeness of 0.5, 96 % share a band, with 0.6 99.7 %, with 0.1 2 %.
_BANDS, _ROWS = 24, 3
_WORDS, _LETTERS = 4, 7
"""Words, or letters of a script without spaces, in a shingle: about as much text."""
_FEWEST = 20
"""Shingles below which a text is not compared: a note of two sentences is the same under unrelated stories."""
_PART = 128
"""Shingles that are hashed at a time: as many as stay in the processor's cache."""

# Those of fulltext.py and clutter.words, as one range of letters.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
_UNSPACED += "\uf900-\ufaff\U00020000-\U000323af"
_UNSPACED_LETTER = re.compile(f"[{_UNSPACED}]")
_NO_WORD = re.compile(r"[\W_]+")


def near_duplicates(texts: Iterable[str]) -> list[list[int]]:
    """The texts that are near duplicates of each other, as lists of their places in ``texts``, counted from 0.

    A list begins with the text that came first; the lists are in the order of their first texts. A text that has no
    copy is in none of them, nor is one of less than about 25 words. What is alike is passed on: of three texts the
    first and the last can be in one list because of the one between them. Memory: 256 bytes and a little for each
    text; the texts are read once.
    """
    import numpy as np

    places, signatures = [], bytearray()
    for place, text in enumerate(texts):
        if (found := signature(text)) is not None:
            places.append(place)
            signatures += found
    table = np.frombuffer(bytes(signatures), np.uint16).reshape(-1, _VALUES)
    groups = _groups(table)
    return [[places[row] for row in group] for group in groups]


def signature(text: str) -> bytes | None:
    """What a text is compared by: SIGNATURE_BYTES bytes; None for a text that is too short to be compared."""
    import numpy as np

    shingles = _shingles(text)
    if len(shingles) < _FEWEST:
        return None
    factors, terms = _permutations()
    least = np.full(_VALUES, np.iinfo(np.uint64).max, np.uint64)
    for start in range(0, len(shingles), _PART):
        part = shingles[start : start + _PART, np.newaxis]
        least = np.minimum(least, (part * factors + terms).min(axis=0))
    # The high bits of a least value say how long the text is, not what it says.
    return (least >> np.uint64(24)).astype("<u2").tobytes()


def bands(of: bytes) -> list[int]:
    """The numbers of which two near duplicates share one at least, nearly always; each fits into 63 bits."""
    import numpy as np

    return [int(number) for number in _banded(np.frombuffer(of, "<u2")[np.newaxis, :])[0]]


def likeness(of: bytes, others: Sequence[bytes]) -> list[float]:
    """The estimated Jaccard index, 0 to 1, of one text with each of others, all given by their signatures.

    Its standard error is 0.044 at most.
    """
    import numpy as np

    table = np.frombuffer(b"".join(others), "<u2").reshape(-1, _VALUES)
    return [float(share) for share in (table == np.frombuffer(of, "<u2")).mean(axis=1)]


def linked(signatures: Sequence[bytes]) -> list[list[int]]:
    """As :func:`near_duplicates`, of signatures, with a list of one place for each that has no copy."""
    import numpy as np

    groups = _groups(np.frombuffer(b"".join(signatures), "<u2").reshape(-1, _VALUES))
    inside = {row for group in groups for row in group}
    return sorted([*groups, *([row] for row in range(len(signatures)) if row not in inside)])


def _shingles(text: str) -> "Numbers":
    """A number for each run of words, in their order."""
    import numpy as np

    folded = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    plain = _NO_WORD.sub(" ", folded)
    length = _WORDS
    if not plain.isascii() and (letters := len(_UNSPACED_LETTER.findall(plain))):
        plain = _UNSPACED_LETTER.sub(r" \g<0> ", plain)
        length = _LETTERS if 2 * letters > len(plain.split()) else _WORDS
    words = np.array([*map(zlib.crc32, plain.encode("utf-8", "replace").split())], np.uint64)
    count = max(0, len(words) - length + 1)
    number = np.zeros(count, np.uint64)
    for place, factor in enumerate(_odd(length, seed=1)):
        number += words[place : place + count] * factor
    return _mixed(number)


def _groups(table: "NDArray[np.uint16]") -> list[list[int]]:
    """The rows that are alike, by union-find over the pairs that share a band."""
    import numpy as np

    parent = list(range(len(table)))

    def root(row: int) -> int:
        while parent[row] != row:
            parent[row] = parent[parent[row]]
            row = parent[row]
        return row

    banded = _banded(table)
    for band in range(_BANDS):
        values = banded[:, band]
        order = np.argsort(values, kind="stable")
        cuts = np.flatnonzero(np.diff(values[order])) + 1
        starts, ends = np.append(0, cuts), np.append(cuts, len(order))
        for start, end in zip(starts[ends - starts > 1], ends[ends - starts > 1], strict=True):
            rows = order[start:end]
            for place, first in enumerate(rows[:MOST_IN_BAND]):
                here = root(int(first))
                rest = [int(row) for row in rows[place + 1 :] if root(int(row)) != here]
                if not rest:
                    break
                for row, share in zip(rest, (table[rest] == table[first]).mean(axis=1), strict=True):
                    if share >= ALIKE:
                        one, other = sorted((root(int(first)), root(row)))
                        parent[other] = one
    groups: dict[int, list[int]] = {}
    for row in range(len(table)):
        groups.setdefault(root(row), []).append(row)
    return [group for group in groups.values() if len(group) > 1]


def _banded(table: "NDArray[np.uint16]") -> "NDArray[np.int64]":
    """The bands of each row: three values side by side, under the number of the band."""
    import numpy as np

    wide = table[:, : _BANDS * _ROWS].astype(np.int64).reshape(-1, _BANDS, _ROWS)
    return (np.arange(_BANDS, dtype=np.int64) << 48) | (wide[:, :, 0] << 32) | (wide[:, :, 1] << 16) | wide[:, :, 2]


@cache
def _permutations() -> "tuple[Numbers, Numbers]":
    """Factors and terms that put the numbers of shingles into 128 orders."""
    import numpy as np

    return _odd(_VALUES, seed=2), _mixed(np.arange(1, _VALUES + 1, dtype=np.uint64) << np.uint64(32))


@cache
def _odd(count: int, *, seed: int) -> "Numbers":
    """Odd numbers of 64 bits that follow from a seed alone: numpy's generators may change from version to version."""
    import numpy as np

    return _mixed(np.arange(1, count + 1, dtype=np.uint64) + (np.uint64(seed) << np.uint64(40))) | np.uint64(1)


def _mixed(numbers: "Numbers") -> "Numbers":
    """Each number scattered over 64 bits: the finalizer of SplitMix64 (Steele, Lea and Flood, 2014)."""
    import numpy as np

    numbers = numbers + np.uint64(0x9E3779B97F4A7C15)
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))
