"""A digest of each page's text: the gate says which pages came out otherwise, and whether better."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.quality.measure import Page

_HEAD = "# What comes out of each page: its id, the digest of outcome and text, its score; by scripts/gate --update.\n"


@dataclass(frozen=True)
class Change:
    """A page that does not come out as it did."""

    id: str
    before: float | None
    """Its score; absent for a page that is new."""
    after: float | None
    """Absent for a page that is gone."""

    def __str__(self) -> str:
        if self.before is None:
            return f"{self.id}: new, {self.after:.3f}"
        if self.after is None:
            return f"{self.id}: gone, was {self.before:.3f}"
        return f"{self.id}: {self.before:.3f} to {self.after:.3f}"


def read(file: Path) -> dict[str, tuple[str, float]]:
    """Digest and score by page; without a file there are none. Raises ValueError for a line that is not of the form."""
    if not file.exists():
        return {}
    found = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            # ids may have spaces, digests and scores have none
            page, digest, score = line.rsplit(" ", 2)
            found[page] = (digest, float(score))
    return found


def write(file: Path, pages: Mapping[str, Page], keep: Mapping[str, tuple[str, float]] | None = None) -> None:
    """Write the pages by id; ``keep``: what is known of pages that were not measured this time."""
    rows = {**(keep or {}), **{name: (page.digest, page.score) for name, page in pages.items()}}
    body = "".join(f"{name} {rows[name][0]} {rows[name][1]:.3f}\n" for name in sorted(rows))
    file.write_text(_HEAD + body, encoding="utf-8")


def changes(known: Mapping[str, tuple[str, float]], pages: Mapping[str, Page], sets: Iterable[str]) -> list[Change]:
    """The pages of these sets whose text differs, those that lose most first."""
    wanted = {*sets}
    found = []
    for name in sorted({name for name in known if name.partition("/")[0] in wanted} | pages.keys()):
        before, page = known.get(name), pages.get(name)
        if before is None or page is None or before[0] != page.digest:
            found.append(Change(name, before[1] if before else None, page.score if page else None))
    return sorted(found, key=lambda change: (change.after or 0.0) - (change.before or 0.0))


def overall(pages: Mapping[str, Page]) -> str:
    """One digest over all pages."""
    lines = "".join(f"{name} {pages[name].digest}\n" for name in sorted(pages))
    return hashlib.sha256(lines.encode()).hexdigest()[:16]
