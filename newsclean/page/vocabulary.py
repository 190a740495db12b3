"""What the page stage knows of names in pages: read once from the TOML files beside it."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def hiding_names() -> frozenset[str]:
    """Class names of inline elements that are for those who hear the page; browsers do not show them."""
    return frozenset(_data("hidden.toml")["names"])


@cache
def filing_names() -> tuple[frozenset[str], tuple[str, ...]]:
    """Class names of the elements around an article, and how those of their names begin that file it."""
    data = _data("filing.toml")
    return frozenset(data["articles"]), tuple(data["beginnings"])


def _data(name: str) -> dict[str, Any]:
    source = files("newsclean.page") / "data" / name
    return tomllib.loads(source.read_text(encoding="utf-8"))
