"""What the page stage knows of names in pages: read once from the TOML files beside it."""

import tomllib
from functools import cache
from importlib.resources import files


@cache
def hiding_names() -> frozenset[str]:
    """Class names of inline elements that are for those who hear the page; browsers do not show them."""
    source = files("newsclean.page") / "data" / "hidden.toml"
    return frozenset(tomllib.loads(source.read_text(encoding="utf-8"))["names"])
