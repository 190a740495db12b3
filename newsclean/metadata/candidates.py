"""What a source of a page says for one field, believed or not."""

from typing import Any, NamedTuple


class Candidate(NamedTuple):
    """One value that a source has for a field."""

    source: str
    """Where it stands, as ``Source.source`` has it."""
    value: Any
    """The parsed value; None where it is not believed."""
    raw: Any
    """The value as the page has it."""
    refused: str = ""
    """Why it is not believed, in a few words; empty where it may be chosen."""
