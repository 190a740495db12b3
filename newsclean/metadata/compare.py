"""When two wordings of a title are the same."""

import re

_NOT_WORD = re.compile(r"[\W_]+")


def same(one: str, other: str) -> bool:
    """Whether two titles differ in case, quotes, dashes and spaces only."""
    return _NOT_WORD.sub("", one).casefold() == _NOT_WORD.sub("", other).casefold()
