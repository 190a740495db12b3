"""A comparison as one HTML file that needs nothing else."""

from html import escape
from itertools import islice
from typing import TYPE_CHECKING, Any

from newsclean.cli.diff_records import Reasons, page_record, summary_record

if TYPE_CHECKING:
    from newsclean.diff import Diff

_STYLE = """
:root { color-scheme: light dark; --new: #1f7a3a; --gone: #b03030; --changed: #a06a00; --same: #8886; }
@media (prefers-color-scheme: dark) { :root { --new: #6cc486; --gone: #ee8b8b; --changed: #e0b050; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
.facts { opacity: .75; overflow-wrap: anywhere; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
td, th { padding: .1rem .8rem .1rem 0; text-align: end; font-weight: normal; }
td:first-child, th:first-child { text-align: start; overflow-wrap: anywhere; }
svg { display: block; } .same { fill: var(--same); } .changed { fill: var(--changed); }
.gained { fill: var(--new); } .lost { fill: var(--gone); }
details { border-top: 1px solid var(--same); padding: .4rem 0; } summary { cursor: pointer; overflow-wrap: anywhere; }
ins, del { display: block; text-decoration: none; border-inline-start: .3rem solid; padding: .1rem .6rem;
  margin: .3rem 0; overflow-wrap: anywhere; }
ins { border-color: var(--new); } del { border-color: var(--gone); }
small { opacity: .75; display: block; } .field { margin: .2rem 0; overflow-wrap: anywhere; }
"""
_WIDTH, _HEIGHT = 260, 14
_PARTS = (("unchanged", "same"), ("changed", "changed"), ("gained", "gained"), ("lost", "lost"))
_OPEN = 10
"""Pages that are shown unfolded."""


def diff_page(diff: "Diff", reasons: Reasons, most: int) -> str:
    """The counts with a bar for each host, the labels, then so many pages (0 for all), the greatest change first.

    What the pages say is shown as text only: nothing of it is run or loaded.
    """
    record = summary_record(diff)
    hosts = sorted(record["hosts"].items(), key=lambda item: (item[1]["unchanged"] - item[1]["pages"], item[0]))
    rows = "\n".join(
        f"<tr><td>{escape(host) or 'no host'}</td><td>{_bar(counts)}</td>"
        + "".join(
            f"<td>{counts[name]:,}</td>"
            for name in ("pages", "changed", "gained", "lost", "paragraphs_gained", "paragraphs_lost")
        )
        + "</tr>"
        for host, counts in [*hosts, *([("all", record)] if len(hosts) > 1 else [])]
    )
    labels = "\n".join(
        f"<tr><td>{escape(label)}</td><td>{counts['gained']:,}</td><td>{counts['lost']:,}</td></tr>"
        for label, counts in sorted(record["labels"].items(), key=lambda item: -sum(item[1].values()))
    )
    outcomes = "\n".join(
        f"<tr><td>{escape(change['old'])} → {escape(change['new'])}</td><td>{change['pages']:,}</td></tr>"
        for change in record["outcomes"]
    )
    pages = "\n".join(
        _page(page_record(changed, reasons), number < _OPEN)
        for number, changed in enumerate(islice(diff.changes(), most or None))
    )
    left = diff.total.different - most if most else 0
    more = f"<p>{left:,} more pages are different; --most 0 shows all.</p>" if left > 0 else ""
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>newsclean diff: {diff.total.different:,} of {record["pages"]:,} pages</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>{diff.total.different:,} of {record["pages"]:,} pages are different</h1>
<p class="facts">− {escape(record["old"])}<br>+ {escape(record["new"])}</p>
<h2>By host</h2>
<table>
<tr><th>host</th><th></th><th>pages</th><th>changed</th><th>gained</th><th>lost</th><th>paragraphs +</th><th>−</th></tr>
{rows}
</table>
<h2>Paragraphs by what the side without them takes them for</h2>
<table>
<tr><th>label</th><th>+</th><th>−</th></tr>
{labels}
</table>
<h2>Outcomes</h2>
<table>
{outcomes}
</table>
<h2>Pages, the greatest change first</h2>
{pages}
{more}
</body>
</html>
"""


def _bar(counts: dict[str, Any]) -> str:
    """A picture of how much of a host's pages changed."""
    total = max(1, counts["pages"])
    parts, at = [], 0.0
    for name, style in _PARTS:
        width = _WIDTH * counts[name] / total
        if width:
            parts.append(f'<rect class="{style}" x="{at:.1f}" width="{width:.1f}" height="{_HEIGHT}"/>')
        at += width
    said = ", ".join(f"{counts[name]:,} {name}" for name, _ in _PARTS)
    return f'<svg width="{_WIDTH}" height="{_HEIGHT}" role="img"><title>{said}</title>{"".join(parts)}</svg>'


def _page(record: dict[str, Any], unfolded: bool) -> str:
    outcome = record["outcome"]
    state = record["state"]
    if outcome["old"] != outcome["new"]:
        state += f": {outcome['old'] or 'missing'} → {outcome['new'] or 'missing'}"
    fields = "\n".join(
        f'<div class="field">{escape(field["name"])}'
        f"<del>{_value(field['old'])}</del><ins>{_value(field['new'])}</ins></div>"
        for field in record["fields"]
    )
    paragraphs = "\n".join(_paragraph(paragraph) for paragraph in record["paragraphs"])
    return f"""<details{" open" if unfolded else ""}>
<summary>{escape(record["url"]) or "no URL"} ({escape(state)})</summary>
{fields}
{paragraphs}
</details>"""


def _paragraph(record: dict[str, Any]) -> str:
    tag = "ins" if record["mark"] == "+" else "del"
    said = "; ".join(escape(part) for part in (record["source"], record["why"]) if part)
    label = "" if record["label"] == "unknown" else escape(record["label"]) + (": " if said else "")
    why = f"<small>{label}{said}</small>" if label or said else ""
    return f"<{tag}>{escape(record['text'])}{why}</{tag}>"


def _value(value: Any) -> str:
    if value is None:
        return "nothing"
    return escape("; ".join(map(str, value)) if isinstance(value, list) else str(value))
