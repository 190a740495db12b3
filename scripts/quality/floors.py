"""The floors: figures that may rise and not fall."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from math import ceil, floor
from pathlib import Path
from typing import Any

from newsclean.errors import NewscleanError
from scripts.quality.measure import Figures

AT_MOST = frozenset({"extra_lines", "missing_lines"})
"""Figures that are better the lower they are: their floor is a ceiling."""
COUNTS = frozenset({"pages", "lines"})
"""How many there are: other pages are other figures, so these must be the same."""
_STEPS = {"sets": (0.001, 0.02), "languages": (0.01, 0.2), "labels": (0.01, 0.01)}
"""In what steps the floors rise, shares and lines a page: a figure over few pages moves far with each of them."""
_SLACK = 1e-9

_HEAD = """\
# What newsclean reaches on pages with gold, held by scripts/gate. `scripts/gate --update` raises what became better;
# nothing is lowered but with `--allow-lower REASON`, which is noted at the end. Lines a page are the most, all else is
# the least that is allowed. sets: the measures of ../shared/bench. languages: of fundus-dev. labels: lines of
# fixtures/pages, see labels.toml; out of the text, and named by the right label. The classifier has learned from the
# sets: these figures show whether something broke. How good it is on pages that it has not seen, scripts/eval measures.
"""


class FloorsError(NewscleanError):
    """A floors file that cannot be read."""

    code = "floors"


@dataclass(frozen=True)
class Fall:
    """A figure that is below its floor, or missing."""

    name: str
    """``sets.fundus-dev.word_f1``."""
    allowed: float
    found: float | None
    """None where it was not measured."""

    def __str__(self) -> str:
        found = "not measured" if self.found is None else f"{self.found:.4f}"
        figure = self.name.rpartition(".")[2]
        bound = "exactly" if figure in COUNTS else "at most" if figure in AT_MOST else "at least"
        return f"{self.name}: {found}, must be {bound} {self.allowed:g}"


@dataclass(frozen=True)
class Floors:
    """The floors file."""

    figures: Mapping[str, Figures]
    """By ``sets.<set>`` and so on, as :class:`scripts.quality.measure.Measured` has them."""
    lowered: tuple[Mapping[str, Any], ...] = ()
    """What was lowered: ``date``, ``reason`` and ``floors``, the oldest first."""

    @classmethod
    def read(cls, file: Path) -> "Floors":
        """From a file; without one there are no floors yet. Raises FloorsError."""
        if not file.exists():
            return cls({})
        try:
            document = tomllib.loads(file.read_text(encoding="utf-8"))
            figures = {
                f"{kind}.{name}": {key: float(value) for key, value in row.items()}
                for kind in _STEPS
                for name, row in document.get(kind, {}).items()
            }
        except (tomllib.TOMLDecodeError, AttributeError, TypeError, ValueError) as problem:
            raise FloorsError(f"{file}: {problem}") from None
        return cls(figures, tuple(document.get("lowered", ())))

    def falls(self, found: Mapping[str, Figures], skipped: Collection[str] = ()) -> list[Fall]:
        """The figures that are below their floors. ``skipped``: what was not measured, ``languages`` or ``sets.x``."""
        return [
            Fall(f"{name}.{key}", allowed, found.get(name, {}).get(key))
            for name, row in self.figures.items()
            if name not in skipped and name.partition(".")[0] not in skipped
            for key, allowed in row.items()
            if not _reached(key, allowed, found.get(name, {}).get(key))
        ]

    def raised(self, found: Mapping[str, Figures], reason: str = "", today: date | None = None) -> "Floors":
        """Floors at what was found; what fell stays, but with a ``reason`` is lowered and noted with the day."""
        figures: dict[str, Figures] = {name: dict(row) for name, row in self.figures.items()}
        fallen = {fall.name: fall for fall in self.falls(found)}
        notes = []
        for name, row in found.items():
            known = figures.setdefault(name, {})
            for key, value in row.items():
                reached = _stepped(name, key, value)
                if key not in known or _reached(key, known[key], reached):
                    known[key] = reached
                elif reason and f"{name}.{key}" in fallen:
                    notes.append(f"{name}.{key} {known[key]:g} to {reached:g}")
                    known[key] = reached
        if reason:
            gone = [fall for fall in fallen.values() if fall.found is None]
            for fall in gone:
                name, _, key = fall.name.rpartition(".")
                del figures[name][key]
                notes.append(f"{fall.name} {fall.allowed:g} to none")
        if not notes or today is None:
            return Floors({name: row for name, row in figures.items() if row}, self.lowered)
        note = {"date": today.isoformat(), "reason": reason, "floors": notes}
        return Floors({name: row for name, row in figures.items() if row}, (*self.lowered, note))

    def write(self, file: Path) -> None:
        """Write the file, tables and keys in their order."""
        lines = [_HEAD]
        for name in sorted(self.figures, key=lambda name: (list(_STEPS).index(name.partition(".")[0]), name)):
            lines.append(f"[{name}]")
            lines += [f"{key} = {value:.10g}" for key, value in self.figures[name].items()]
            lines.append("")
        for note in self.lowered:
            lines += ["[[lowered]]", f"date = {_quoted(note['date'])}", f"reason = {_quoted(note['reason'])}"]
            lines += ["floors = [", *(f"    {_quoted(text)}," for text in note["floors"]), "]", ""]
        file.write_text("\n".join(lines), encoding="utf-8")


def _reached(key: str, allowed: float, found: float | None) -> bool:
    if found is None:
        return False
    if key in COUNTS:
        return found == allowed
    return found <= allowed + _SLACK if key in AT_MOST else found >= allowed - _SLACK


def _stepped(name: str, key: str, value: float) -> float:
    """A figure as its floor has it: on the step that it has reached."""
    if key in COUNTS:
        return value
    share, lines = _STEPS[name.partition(".")[0]]
    if key in AT_MOST:
        return round(ceil(value / lines - _SLACK) * lines, 6)
    return round(floor(value / share + _SLACK) * share, 6)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else " " for c in escaped) + '"'
