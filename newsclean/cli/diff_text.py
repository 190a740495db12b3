"""A comparison on a terminal."""

from itertools import islice
from typing import TYPE_CHECKING, Any

from newsclean.cli.diff_records import Reasons, summary_record
from newsclean.cli.output import console, printable

if TYPE_CHECKING:
    from newsclean.diff import Changed, Diff

_MOST_HOSTS = 15
_COUNTS = ("unchanged", "changed", "gained", "lost", "paragraphs_gained", "paragraphs_lost")
_HEADS = ("unchanged", "changed", "gained", "lost", "paragraphs +", "−")
_STYLES = {"+": "green", "-": "red"}
_MARKS = {"+": "+", "-": "−"}


def show_diff(diff: "Diff", reasons: Reasons, most: int) -> None:
    """The counts, then so many pages (0 for all), the greatest change first."""
    from rich.table import Table

    out = console()
    record = summary_record(diff)
    for mark, side in (("−", "old"), ("+", "new")):
        made_by = "; ".join(record[f"{side}_versions"])
        out.print(f"{mark} {printable(record[side])}{f'  ({printable(made_by)})' if made_by else ''}", soft_wrap=True)
    out.print()
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    for head in _HEADS:
        table.add_column(head, justify="right")
    hosts = sorted(record["hosts"].items(), key=lambda item: (item[1]["unchanged"] - item[1]["pages"], item[0]))
    for host, counts in hosts[:_MOST_HOSTS]:
        table.add_row(printable(host) or "no host", *[f"{counts[name]:,}" for name in _COUNTS])
    if len(hosts) > _MOST_HOSTS:
        table.add_row(f"and {len(hosts) - _MOST_HOSTS:,} more hosts")
    if len(hosts) != 1:
        table.add_row("all", *[f"{record[name]:,}" for name in _COUNTS], style="bold")
    out.print(table)
    if record["labels"]:
        out.print("\nParagraphs by what the side without them takes them for:")
        for label, counts in sorted(record["labels"].items(), key=lambda item: -sum(item[1].values())):
            out.print(f"  {label}: +{counts['gained']:,} −{counts['lost']:,}")
    for change in record["outcomes"]:
        out.print(f"  {change['old']} → {change['new']}: {change['pages']:,}")
    for changed in islice(diff.changes(), most or None):
        _show_page(out, changed, reasons)
    if most and diff.total.different > most:
        out.print(f"\n{diff.total.different - most:,} more pages: --most 0 shows all, --html FILE all in a browser")


def _show_page(out: Any, changed: "Changed", reasons: Reasons) -> None:
    from rich.text import Text

    outcome = ""
    if changed.old_outcome != changed.new_outcome:
        outcome = f": {changed.old_outcome or 'missing'} → {changed.new_outcome or 'missing'}"
    out.print(Text(f"\n{printable(changed.url) or 'no URL'} ({changed.state}{outcome})", style="bold"), soft_wrap=True)
    for field in changed.fields:
        out.print(f"  {field.name}: {_value(field.old)} → {_value(field.new)}")
    for paragraph in changed.paragraphs:
        line = Text(f"  {_MARKS[paragraph.mark]} ")
        line.append(printable(paragraph.text), style=_STYLES[paragraph.mark])
        why = reasons.of(paragraph)
        said = [part for part in (paragraph.source, why) if part]
        if paragraph.source or paragraph.label != "unknown":
            line.append(f"  [{paragraph.label}{': ' if said else ''}{'; '.join(said)}]", style="dim")
        out.print(line, soft_wrap=True)


def _value(value: Any) -> str:
    if value is None:
        return "nothing"
    return printable("; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value))
