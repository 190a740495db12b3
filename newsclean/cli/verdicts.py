"""The blocks of a page with their verdicts, for people and for programs."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from newsclean.cli.output import console, printable, to_terminal, write_json

if TYPE_CHECKING:
    from newsclean.model import Evidence, Extraction
    from newsclean.settings import Settings

STYLES = {"keep": "green", "aside": "cyan", "drop": "red"}
_RULE_SOURCES = ("rule", "section")


def verdict_records(extraction: "Extraction", settings: "Settings") -> Iterator[dict[str, Any]]:
    """One record a block, in the page's order: what it is, what became of it, and all evidence.

    Keys: ``block``, ``kind``, ``decision``, ``label``, ``confidence``, ``text``, ``kept`` (what stays of the text
    where a rule cut something out; else null), ``evidence`` (``source``, ``label``, ``weight``, ``span``, ``why``: one
    sentence; a rule has its own).
    """
    from newsclean.body import reason
    from newsclean.clutter.rules import load

    rules = {rule.id: rule.why for rule in load(settings.rules).rules}

    def voice(evidence: "Evidence") -> dict[str, Any]:
        kind, _, name = evidence.source.partition(":")
        return {
            "source": evidence.source,
            "label": evidence.label,
            "weight": round(evidence.weight, 3),
            "span": evidence.span,
            "why": rules.get(name) if kind in _RULE_SOURCES else reason(evidence),
        }

    for block, verdict in zip(extraction.blocks, extraction.verdicts, strict=True):
        yield {
            "block": block.index,
            "kind": block.kind,
            "decision": verdict.decision,
            "label": verdict.label,
            "confidence": round(verdict.confidence, 3),
            "text": block.text,
            "kept": verdict.text,
            "evidence": [voice(evidence) for evidence in verdict.evidence],
        }


def show_verdicts(extraction: "Extraction", settings: "Settings") -> None:
    """A table on a terminal, JSON Lines in a pipe."""
    records = verdict_records(extraction, settings)
    if not to_terminal():
        for record in records:
            write_json(record)
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="dim", expand=True)
    table.add_column("#", justify="right", style="dim")
    table.add_column("verdict", no_wrap=True)
    table.add_column("block", ratio=3)
    table.add_column("because", ratio=2)
    for record in records:
        style = STYLES[record["decision"]]
        table.add_row(
            str(record["block"]),
            Text(f"{record['decision']}\n{record['label']}", style),
            Text(_short(printable(record["text"]))),
            Text(because(record), "dim"),
        )
    console().print(table)


def because(record: dict[str, Any], most: int = 1) -> str:
    """The strongest voices of a record that speak for its verdict, those with its label first; one a line."""
    sign = 1 if record["decision"] == "keep" else -1
    voices = sorted(record["evidence"], key=lambda voice: (voice["label"] != record["label"], -abs(voice["weight"])))
    agreeing = [v for v in voices if v["weight"] * sign > 0] if record["decision"] != "aside" else voices
    return "\n".join(_words(voice) for voice in (agreeing or voices)[:most])


def _words(voice: dict[str, Any]) -> str:
    return f"{voice['why']} ({voice['source']})" if voice["why"] else f"{voice['source']} {voice['weight']:+g}"


def _short(text: str, limit: int = 240) -> str:
    return text if len(text) <= limit else f"{text[: limit // 2]} … {text[-limit // 2 :]}"
