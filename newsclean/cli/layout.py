"""An article on a terminal."""

from collections.abc import Mapping
from typing import Any

from newsclean.cli.output import console, printable

_WIDTH = 88
"""Characters in the longest line of running text: what is wider is hard to read."""


def print_article(record: Mapping[str, Any], *, first: bool = True) -> None:
    """Headline, byline, text and where it is from, made to read. ``record`` is one of article_record."""
    from rich.rule import Rule
    from rich.text import Text

    screen = console()
    width = min(_WIDTH, screen.width)
    if not first:
        screen.print(Rule(style="dim"), width=width)
    if record["headline"]:
        screen.print(Text(printable(record["headline"]), "bold"), width=width)
    facts = [", ".join(record["authors"]), record["publisher"], record["date_published"], record["in_language"]]
    if line := " · ".join(fact for fact in facts if fact):
        screen.print(Text(printable(line), "dim"), width=width)
    if record["url"]:
        screen.print(Text(printable(record["url"]), "dim"), soft_wrap=True)
    if record["standfirst"]:
        screen.print()
        screen.print(Text(printable(record["standfirst"]), "italic"), width=width)
    for paragraph in record["body"]:
        screen.print()
        screen.print(Text(printable(paragraph)), width=width)
    if record["record"]:
        place = record["record"]
        screen.print()
        screen.print(Text(f"{place['file']}@{place['offset']}  {record['captured_at']}", "dim"), soft_wrap=True)
