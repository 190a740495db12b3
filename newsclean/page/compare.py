"""The form in which two texts are compared, whatever way they came by."""

import re
import unicodedata

_NOT_WORD = re.compile(r"[\W_]+")


def key(text: str) -> str:
    """Letters and digits only, case folded: quotes, dashes, list marks and spaces do not count."""
    return _NOT_WORD.sub("", unicodedata.normalize("NFKC", text)).casefold()


def same(one: str, other: str) -> bool:
    """Whether two texts differ in case, signs and spaces only."""
    return key(one) == key(other)
