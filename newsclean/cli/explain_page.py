"""The verdicts of a page as one HTML file that needs nothing else."""

from html import escape
from typing import TYPE_CHECKING, Any

from newsclean.cli.verdicts import MARKS, loudest, matched, place, verdict_records

if TYPE_CHECKING:
    from newsclean.model import Extraction
    from newsclean.settings import Settings

_STYLE = """
:root { color-scheme: light dark; --keep: #1f7a3a; --aside: #2563a8; --drop: #b03030; --faint: #8883; }
@media (prefers-color-scheme: dark) { :root { --keep: #6cc486; --aside: #7db4ee; --drop: #ee8b8b; } }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 60vh; }
h1 { font-size: 1.4rem; line-height: 1.25; margin: 0; }
.facts { font-size: .85rem; opacity: .75; overflow-wrap: anywhere; margin: .5rem 0 1rem; }
body > input { position: absolute; opacity: 0; }
nav { position: sticky; top: 0; z-index: 2; padding: .4rem 0; display: flex; flex-wrap: wrap; gap: .5rem;
  background: Canvas; border-bottom: 1px solid var(--faint); font-size: .9rem; }
nav label { cursor: pointer; padding: .1rem .6rem; border: 1px solid; border-radius: 1rem; opacity: .5; }
nav label::before { content: "☐ "; }
#keep:checked ~ nav .keep, #aside:checked ~ nav .aside, #drop:checked ~ nav .drop { opacity: 1; }
#keep:checked ~ nav .keep::before, #aside:checked ~ nav .aside::before, #drop:checked ~ nav .drop::before {
  content: "☑ "; }
#keep:focus-visible ~ nav .keep, #aside:focus-visible ~ nav .aside, #drop:focus-visible ~ nav .drop {
  outline: 2px solid Highlight; }
#keep:not(:checked) ~ main .keep, #aside:not(:checked) ~ main .aside, #drop:not(:checked) ~ main .drop {
  display: none; }
.keep { --of: var(--keep); } .aside { --of: var(--aside); } .drop { --of: var(--drop); }
nav label, .verdict { color: var(--of); }
article { position: relative; display: grid; grid-template-columns: 10.5rem 1fr; column-gap: 1rem;
  border-inline-start: .3rem solid var(--of); padding: .15rem .6rem; margin: .2rem 0; }
article:hover, article:focus { background: var(--faint); outline: 0; }
.verdict { font-size: .8rem; line-height: 1.5rem; }
.verdict small { opacity: .8; }
.text { margin: 0; min-width: 0; overflow-wrap: anywhere; }
.heading .text { font-weight: 600; }
.drop .text { font-size: .9rem; opacity: .7; }
.keep + .keep { margin-top: .6rem; }
mark { background: #f5c54266; color: inherit; }
.why { visibility: hidden; pointer-events: none; position: absolute;
  z-index: 1; top: 100%; inset-inline: .3rem 0; padding: .5rem .8rem;
  font-size: .85rem; background: Canvas; border: 1px solid var(--of); box-shadow: 0 .3rem .8rem #0004; }
article:hover > .why { visibility: visible; transition: visibility 0s .2s; }
article:focus > .why { visibility: visible; pointer-events: auto; z-index: 3; }
.why p { margin: 0 0 .3rem; overflow-wrap: anywhere; }
.why .path { opacity: .7; font-family: ui-monospace, monospace; font-size: .75rem; }
table { border-collapse: collapse; }
td { padding: 0 .8rem 0 0; vertical-align: top; overflow-wrap: anywhere; }
td:first-child { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; }
@media (max-width: 40rem) { article { display: block; } td { display: inline; } tr { display: block; } }
@media print { nav, .why { display: none !important; } }
"""


def explain_page(extraction: "Extraction", settings: "Settings") -> str:
    """The page's text in its order, each block in the colour of its verdict; pointing at one, or clicking, shows why.

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
    counts = {name: sum(r["decision"] == name for r in records) for name in MARKS}
    switches = "\n".join(f'<input type="checkbox" id="{name}" checked>' for name in counts)
    labels = "\n".join(
        f'<label class="{name}" for="{name}">{MARKS[name]} {name} {count}</label>' for name, count in counts.items()
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
<nav>
{labels}
</nav>
<main>
{"".join(map(_block, records))}</main>
</html>
"""


def _block(record: dict[str, Any]) -> str:
    number, decision = record["block"], record["decision"]
    sure = f"{record['confidence']:.0%}"
    return (
        f'<article class="{decision} {record["kind"]}" tabindex="0" aria-describedby="why{number}">'
        f'<div class="verdict">{MARKS[decision]} {record["label"]} <small>{sure}</small></div>'
        f'<p class="text" dir="auto">{_marked(record)}</p>{_why(record)}</article>\n'
    )


def _why(record: dict[str, Any]) -> str:
    """All voices, the strongest first, and where the block stands."""
    where = f'<p class="path">{escape(shown)}</p>' if (shown := place(record)) else ""
    kept = f"<p>kept: <span dir='auto'>{escape(record['kept'])}</span></p>" if record["kept"] is not None else ""
    rows = "".join(
        f"<tr><td>{voice['weight']:+.1f}<td>{escape(voice['source'])}<td>{voice['label']}"
        f"<td><bdi>{escape(matched(record, voice))}</bdi> {escape(voice['why'] or '')}"
        for voice in loudest(record)
    )
    head = f"<p>block {record['block']}: {record['decision']}</p>"
    return f'<div class="why" id="why{record["block"]}" role="tooltip">{head}{where}{kept}<table>{rows}</table></div>'


def _marked(record: dict[str, Any]) -> str:
    """The text, with the stretches marked that evidence points at."""
    text: str = record["text"]
    parts, done = [], 0
    for start, end in sorted(tuple(voice["span"]) for voice in record["evidence"] if voice["span"]):
        if start >= done:
            parts += [escape(text[done:start]), f"<mark>{escape(text[start:end])}</mark>"]
            done = end
    return "".join([*parts, escape(text[done:])])
