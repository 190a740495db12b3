"""A comparison as JSON records, and the sentences that say why a side leaves a paragraph out."""

from typing import TYPE_CHECKING, Any

from newsclean.body import reason
from newsclean.clutter.rules import load
from newsclean.model import Evidence

if TYPE_CHECKING:
    from newsclean.diff import Changed, Counts, Diff, Paragraph
    from newsclean.settings import Settings


class Reasons:
    """Says why, in the words of the rules that the settings name and of those that newsclean brings."""

    def __init__(self, settings: "Settings") -> None:
        self._rules = {rule.id: rule.why for rule in load(settings.rules).rules}

    def of(self, paragraph: "Paragraph") -> str | None:
        """One sentence; None where no voice is known."""
        if paragraph.source is None:
            return None
        voice = Evidence(source=paragraph.source, label=paragraph.label, weight=paragraph.weight or 0.0)
        return reason(voice, self._rules.get(paragraph.source.partition(":")[2]))


def summary_record(diff: "Diff") -> dict[str, Any]:
    """Keys: ``kind`` (``summary``), ``old`` and ``new`` (what was compared), ``old_versions`` and ``new_versions`` (by
    version and rule set, the number of articles that they made, where a side says so), the counts of all pages
    (``pages``, ``unchanged``, ``changed``, ``gained``, ``lost``, ``paragraphs_gained``, ``paragraphs_lost``),
    ``hosts`` with the same counts, ``labels`` (``gained``, ``lost``), ``outcomes`` (``old``, ``new``, ``pages``)."""
    return {
        "kind": "summary",
        "old": diff.old.name,
        "new": diff.new.name,
        "old_versions": dict(diff.old_versions.most_common()),
        "new_versions": dict(diff.new_versions.most_common()),
        **_counts(diff.total),
        "hosts": {host: _counts(counts) for host, counts in sorted(diff.hosts.items())},
        "labels": {
            label: {"gained": counts["+"], "lost": counts["-"]} for label, counts in sorted(diff.labels.items())
        },
        "outcomes": [{"old": old, "new": new, "pages": pages} for (old, new), pages in diff.outcomes.most_common()],
    }


def page_record(changed: "Changed", reasons: Reasons) -> dict[str, Any]:
    """Keys: ``kind`` (``page``), ``url``, ``host``, ``state`` (``changed``, ``gained``, ``lost``), ``size``,
    ``outcome`` (``old``, ``new``), ``fields`` (``name``, ``old``, ``new``), ``paragraphs`` (``mark``: ``+`` or ``-``,
    ``text``, ``label``, ``source``, ``why``: of the side that leaves it out)."""
    return {
        "kind": "page",
        "url": changed.url,
        "host": changed.host,
        "state": changed.state,
        "size": changed.size,
        "outcome": {"old": changed.old_outcome, "new": changed.new_outcome},
        "fields": [{"name": field.name, "old": field.old, "new": field.new} for field in changed.fields],
        "paragraphs": [
            {
                "mark": paragraph.mark,
                "text": paragraph.text,
                "label": paragraph.label,
                "source": paragraph.source,
                "why": reasons.of(paragraph),
            }
            for paragraph in changed.paragraphs
        ],
    }


def _counts(counts: "Counts") -> dict[str, int]:
    pages = counts.pages
    return {
        "pages": sum(pages.values()),
        "unchanged": pages["unchanged"],
        "changed": pages["changed"],
        "gained": pages["gained"],
        "lost": pages["lost"],
        "paragraphs_gained": counts.gained,
        "paragraphs_lost": counts.lost,
    }
