"""The verdicts of a page as one HTML file that needs nothing else."""

from html import escape
from typing import TYPE_CHECKING, Any

from newsclean.cli.verdicts import because, verdict_records

if TYPE_CHECKING:
    from newsclean.model import Extraction
    from newsclean.settings import Settings

_STYLE = """
:root { color-scheme: light dark; --keep: #2a7d3f; --aside: #2b6cb0; --drop: #b03030; --line: #8884; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; margin: 0; }
.facts, .why { font-size: .85rem; opacity: .75; }
.facts { overflow-wrap: anywhere; margin-bottom: 1.5rem; }
article { border-left: .4rem solid; padding: .35rem .8rem; margin: .35rem 0; display: grid;
  grid-template-columns: 7.5rem 1fr; column-gap: 1rem; }
article p { margin: 0; grid-column: 2; overflow-wrap: anywhere; white-space: pre-line; }
article b { grid-row: 1 / span 2; font-weight: 600; font-size: .85rem; }
article small { display: block; font-weight: 400; opacity: .75; }
.keep { border-color: var(--keep); } .keep b { color: var(--keep); }
.aside { border-color: var(--aside); } .aside b { color: var(--aside); }
.drop { border-color: var(--drop); } .drop b { color: var(--drop); }
.drop .text { opacity: .6; }
.heading .text { font-weight: 600; }
mark { background: #f5c54266; color: inherit; }
#k:not(:checked) ~ .keep, #a:not(:checked) ~ .aside, #d:not(:checked) ~ .drop { display: none; }
label { margin-right: 1rem; }
"""
_VOICES = 3
"""Voices that are shown for a block, at most."""


def explain_page(extraction: "Extraction", settings: "Settings") -> str:
    """All blocks in the page's order, each in the colour of its verdict, with label, confidence and reason.

    What the page says is shown as text only: nothing of it is run or loaded.
    """
    records = list(verdict_records(extraction, settings))
    article = extraction.found
    title = escape((article.headline if article else None) or extraction.outcome)
    versions = extraction.versions
    record = extraction.record
    facts = [
        article and article.url,
        extraction.message or extraction.outcome,
        record and f"{record.file}@{record.offset}",
        extraction.captured_at,
        f"newsclean {versions.newsclean}, rules {versions.rules}, engine {versions.engine}",
        *extraction.diagnostics,
    ]
    counts = {name: sum(r["decision"] == name for r in records) for name in ("keep", "aside", "drop")}
    switches = "\n".join(
        f'<input type="checkbox" id="{name[0]}" checked><label for="{name[0]}">{name} {count}</label>'
        for name, count in counts.items()
    )
    return f"""<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>{_STYLE}</style>
<h1 dir="auto">{title}</h1>
<p class="facts">{"<br>".join(escape(str(fact)) for fact in facts if fact)}</p>
{switches}
{"".join(map(_block, records))}</html>
"""


def _block(record: dict[str, Any]) -> str:
    head = f"{record['decision']}<small>{record['label']} {record['confidence']:.0%}</small>"
    why = escape(because(record, _VOICES))
    return (
        f'<article class="{record["decision"]} {record["kind"]}"><b>{head}</b>'
        f'<p class="text" dir="auto">{_marked(record)}</p><p class="why">{why}</p></article>\n'
    )


def _marked(record: dict[str, Any]) -> str:
    """The text, with the stretches marked that evidence points at."""
    text: str = record["text"]
    parts, done = [], 0
    for start, end in sorted(tuple(voice["span"]) for voice in record["evidence"] if voice["span"]):
        if start >= done:
            parts += [escape(text[done:start]), f"<mark>{escape(text[start:end])}</mark>"]
            done = end
    return "".join([*parts, escape(text[done:])])
