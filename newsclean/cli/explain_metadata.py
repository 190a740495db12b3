"""All that a page says of each field of its metadata, for people and for programs."""

from typing import TYPE_CHECKING, Any

from newsclean.cli.output import console, printable, to_terminal, write_json

if TYPE_CHECKING:
    from newsclean.metadata import Told
    from newsclean.model import Capture, Extraction
    from newsclean.settings import Settings

_MARKS = {True: "+", False: "-"}
_STYLES = {True: "green", False: "red"}
_LONGEST = 480


def show_metadata(capture: "Capture", extraction: "Extraction", settings: "Settings") -> None:
    """One line a candidate on a terminal: field, mark, source, value, and why it was not taken; else JSON Lines.

    Keys: ``field``, ``source``, ``value`` (null where it is not believed), ``raw``, ``chosen``, ``reason`` (empty for
    the chosen one).
    """
    from newsclean.metadata import told
    from newsclean.page import read_page

    page = read_page(capture, limit=settings.max_page_bytes, nodes=settings.max_page_nodes)
    found = list(told(page, extraction.captured_at, extraction.found))
    if not to_terminal():
        for one in found:
            write_json(_record(one))
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, show_header=False, expand=True)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, style="dim")
    table.add_column(ratio=4, no_wrap=True, overflow="ellipsis")
    table.add_column(ratio=2, no_wrap=True, overflow="ellipsis", style="dim")
    last = ""
    for one in found:
        table.add_row(
            Text(one.field if one.field != last else ""),
            Text(_MARKS[one.chosen], _STYLES[one.chosen]),
            Text(printable(one.source)),
            Text(_shown(one)),
            Text(printable(one.reason)),
        )
        last = one.field
    console().print(table)


def _record(one: "Told") -> dict[str, Any]:
    return {
        "field": one.field,
        "source": one.source,
        "value": one.value,
        "raw": one.raw,
        "chosen": one.chosen,
        "reason": one.reason,
    }


def _shown(one: "Told") -> str:
    value = one.raw if one.value is None else one.value
    text = "; ".join(value) if isinstance(value, (list, tuple)) else str(value)
    return printable(" ".join(text[:_LONGEST].split()))
