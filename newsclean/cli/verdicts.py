"""The blocks of a page with their verdicts, for people and for programs."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from newsclean.cli.output import console, note, printable, to_terminal, write_json
from newsclean.errors import UsageError

if TYPE_CHECKING:
    from newsclean.model import Evidence, Extraction
    from newsclean.settings import Settings

MARKS = {"keep": "+", "aside": "~", "drop": "-"}
STYLES = {"keep": "green", "aside": "cyan", "drop": "red"}
_MATCHED = "reverse"
_LONGEST = 480
"""Characters of a block that a line could hold on the widest terminal; the rest is not even measured."""

_MOST_PATH = 6
"""Elements around a block that are shown, the innermost ones."""
_LONGEST_NAME = 80
"""Characters of an element's id and classes that are shown."""


def verdict_records(extraction: "Extraction", settings: "Settings") -> Iterator[dict[str, Any]]:
    """One record a block, in the page's order: what it is, what became of it, and all evidence.

    Keys: ``block``, ``kind``, ``path`` (tags from ``body`` down, each with id and classes; empty for a text without a
    page), ``decision``, ``label``, ``confidence`` (0 to 1), ``text``, ``kept`` (what stays of the text where a rule cut
    something out; else null), ``evidence`` (``source``, ``label``, ``weight``, ``span``: first character and the one
    behind the last, or null; ``why``: one sentence, or null).
    """
    from newsclean.body import reason
    from newsclean.clutter.rules import load

    rules = {rule.id: rule.why for rule in load(settings.rules).rules}

    def voice(evidence: "Evidence") -> dict[str, Any]:
        return {
            "source": evidence.source,
            "label": evidence.label,
            "weight": round(evidence.weight, 3),
            "span": evidence.span,
            "why": reason(evidence, rules.get(evidence.source.partition(":")[2])),
        }

    for block, verdict in zip(extraction.blocks, extraction.verdicts, strict=True):
        yield {
            "block": block.index,
            "kind": block.kind,
            "path": block.path,
            "decision": verdict.decision,
            "label": verdict.label,
            "confidence": round(verdict.confidence, 3),
            "text": block.text,
            "kept": verdict.text,
            "evidence": [voice(evidence) for evidence in verdict.evidence],
        }


def show_verdicts(extraction: "Extraction", settings: "Settings") -> None:
    """One line a block on a terminal: number, mark, label, confidence, first words, top reason; else JSON Lines."""
    records = verdict_records(extraction, settings)
    if not to_terminal():
        for record in records:
            write_json(record)
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, show_header=False, expand=True)
    table.add_column(justify="right", style="dim", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", style="dim", no_wrap=True)
    table.add_column(ratio=4, no_wrap=True, overflow="ellipsis")
    table.add_column(ratio=3, no_wrap=True, overflow="ellipsis", style="dim")
    counts = dict.fromkeys(MARKS, 0)
    for record in records:
        decision = record["decision"]
        counts[decision] += 1
        table.add_row(
            str(record["block"]),
            Text(MARKS[decision], STYLES[decision]),
            Text(record["label"], STYLES[decision]),
            f"{record['confidence']:.0%}",
            Text(_one_line(record["text"])),
            Text(_one_line(because(record))),
        )
    console().print(table)
    note("newsclean: " + ", ".join(f"{MARKS[name]} {count} {name}" for name, count in counts.items()))


def show_block(extraction: "Extraction", settings: "Settings", number: int) -> None:
    """One block with all that was said of it: on a terminal made to read, in a pipe as one JSON object.

    Raises UsageError where the page has no block of that number.
    """
    record = next((r for r in verdict_records(extraction, settings) if r["block"] == number), None)
    if record is None:
        raise UsageError(f"--block {number}: the page has {len(extraction.blocks)} blocks, the first is 0")
    if not to_terminal():
        write_json(record)
        return
    from rich.table import Table
    from rich.text import Text

    out = console()
    style = STYLES[record["decision"]]
    head = (
        f"{number} {MARKS[record['decision']]} {record['decision']}: {record['label']}, {record['confidence']:.0%} sure"
    )
    out.print(Text(head, style))
    if where := place(record):
        out.print(Text(printable(where), "dim"))
    text = Text(printable(record["text"]))
    for voice in record["evidence"]:
        if voice["span"]:
            text.stylize(_MATCHED, *voice["span"])
    out.print(text)
    if record["kept"] is not None:
        out.print(Text(f"kept: {printable(record['kept'])}", STYLES["keep"]))
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for voice in loudest(record):
        words = Text(printable(matched(record, voice)))
        why = Text(printable(voice["why"] or ""), "dim")
        said = Text("\n").join(part for part in (words, why) if part)
        table.add_row(f"{voice['weight']:+.1f}", voice["source"], voice["label"], said)
    out.print(table)


def loudest(record: dict[str, Any]) -> list[dict[str, Any]]:
    """The voices of a record, the strongest first."""
    return sorted(record["evidence"], key=lambda voice: -abs(voice["weight"]))


def place(record: dict[str, Any]) -> str:
    """The innermost elements around a block; empty for a text without a page."""
    parts = [
        part if len(part) <= _LONGEST_NAME else f"{part[:_LONGEST_NAME]}…" for part in record["path"][-_MOST_PATH:]
    ]
    return " › ".join(["…", *parts] if len(parts) < len(record["path"]) else parts)


def matched(record: dict[str, Any], voice: dict[str, Any]) -> str:
    """The words of the block that a voice points at, in quotes; empty where it is about the whole block."""
    if not voice["span"]:
        return ""
    start, end = voice["span"]
    return f"“{record['text'][start:end]}”"


def because(record: dict[str, Any]) -> str:
    """The strongest voice that speaks for a record's verdict, one with its label before the others."""
    sign = 1 if record["decision"] == "keep" else -1
    voices = sorted(record["evidence"], key=lambda voice: (voice["label"] != record["label"], -abs(voice["weight"])))
    agreeing = [v for v in voices if v["weight"] * sign > 0] if record["decision"] != "aside" else voices
    return _words((agreeing or voices)[0]) if voices else ""


def _words(voice: dict[str, Any]) -> str:
    return f"{voice['why']} ({voice['source']})" if voice["why"] else f"{voice['source']} {voice['weight']:+g}"


def _one_line(text: str) -> str:
    return " ".join(printable(text[:_LONGEST]).split())
