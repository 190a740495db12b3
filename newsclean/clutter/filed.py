"""How the phrases of a rule set are filed, as plain data that can be written down: see newsclean.clutter.filing."""

import msgspec

ABSENT = -1
"""Stands for a set that is not there."""

Keys = tuple[dict[str, tuple[int, ...]], dict[str, tuple[int, ...]], dict[str, tuple[int, ...]]]
"""By words that a text must have, begin with, or end with: the numbers of the phrases, the shortest first."""


class FiledPhrase(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What newsclean.clutter.filing.Entry has beyond the rule's phrase, with numbers for sets that several share."""

    least: int
    most: int
    first: int
    """Number of a set; ABSENT for none. So are ``last`` and ``needed``."""
    last: int
    needed: tuple[int, ...]


class Filed(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The phrases of a rule set and the words that they are filed under."""

    phrases: list[FiledPhrase]
    """By place, then as the rules come."""
    words: list[str]
    """The words of ``sets``, each once."""
    sets: list[tuple[int, ...]]
    """Sets of words, by their numbers."""
    without: Keys
    """For texts without signs."""
    signed: Keys
    """The phrases that ask for a sign, for texts with signs."""
