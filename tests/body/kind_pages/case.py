"""One page of the table."""

from dataclasses import dataclass

URL = "https://paper.example/2024/03/12/story-4711.html"


@dataclass(frozen=True, slots=True)
class Case:
    """A page, and what it is."""

    name: str
    kind: str
    html: str
    hard: bool = False
    """Whether it has something on it that speaks for another kind."""
    url: str = URL
    status: int = 200
