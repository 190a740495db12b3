"""Two sides -> what changed, counted by host and by label, and the pages by the size of their change."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from newsclean.diff.compare import Changed, State, changed_page, state_of
from newsclean.diff.sides import Page, Side


@dataclass(slots=True)
class Counts:
    """Pages by what became of them, and paragraphs that are new or gone."""

    pages: Counter[State] = field(default_factory=Counter)
    gained: int = 0
    """Paragraphs that the second side alone has."""
    lost: int = 0

    def add(self, state: State, changed: Changed | None = None) -> None:
        """Count one page."""
        self.pages[state] += 1
        for paragraph in changed.paragraphs if changed else ():
            if paragraph.mark == "+":
                self.gained += 1
            else:
                self.lost += 1

    @property
    def different(self) -> int:
        """Pages that are not the same on both sides."""
        return sum(self.pages.values()) - self.pages["unchanged"]


@dataclass(frozen=True, slots=True)
class _Found:
    size: int
    old: int | None
    new: int | None


@dataclass(slots=True)
class Diff:
    """What :func:`compare` found. The pages are read again from the two sides, which must still be open."""

    old: Side
    new: Side
    total: Counts = field(default_factory=Counts)
    hosts: dict[str, Counts] = field(default_factory=dict)
    labels: dict[str, Counter[str]] = field(default_factory=dict)
    """By label of the paragraphs: how many are gained (``+``) and lost (``-``)."""
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often one outcome became another."""
    old_versions: Counter[str] = field(default_factory=Counter)
    """Which version and rule set made the articles of the first side, with their number."""
    new_versions: Counter[str] = field(default_factory=Counter)
    _found: list[_Found] = field(default_factory=list)

    def changes(self) -> Iterator[Changed]:
        """The pages that are different, the greatest change first."""
        for found in sorted(self._found, key=lambda found: -found.size):
            old = self.old.page(found.old) if found.old is not None else None
            new = self.new.page(found.new) if found.new is not None else None
            yield _changed(self.old, old, self.new, new)

    def take(self, old: Page | None, new: Page | None) -> None:
        """Count a page that at least one side has."""
        state = state_of(old, new)
        page = new or old
        assert page is not None
        for side, versions in ((old, self.old_versions), (new, self.new_versions)):
            if side is not None and side.made_by:
                versions[side.made_by] += 1
        host = self.hosts.setdefault(page.host, Counts())
        changed = _changed(self.old, old, self.new, new) if state != "unchanged" else None
        host.add(state, changed)
        self.total.add(state, changed)
        if changed is None:
            return
        for paragraph in changed.paragraphs:
            self.labels.setdefault(paragraph.label, Counter())[paragraph.mark] += 1
        if changed.old_outcome != changed.new_outcome:
            self.outcomes[changed.old_outcome or "missing", changed.new_outcome or "missing"] += 1
        self._found.append(_Found(changed.size, old.handle if old else None, new.handle if new else None))


def compare(old: Side, new: Side) -> Diff:
    """Compare all pages of two sides: those with the same WARC record, else those with the same URL.

    Of several captures of one URL, those whose record the other side does not have are compared in their order. Some
    200 bytes a page are held in memory.
    """
    diff = Diff(old, new)
    by_record: dict[str, int] = {}
    by_key: dict[str, list[int]] = {}
    for page in new.pages():
        if page.record_id:
            by_record[page.record_id] = page.handle
        by_key.setdefault(page.key, []).append(page.handle)
    left = set(by_record.values()).union(*by_key.values()) if by_key else set()
    waiting: list[tuple[int, str]] = []
    for page in old.pages():
        handle = by_record.get(page.record_id) if page.record_id else None
        if handle is None:
            waiting.append((page.handle, page.key))
        elif handle in left:
            left.discard(handle)
            diff.take(page, new.page(handle))
    for place, key in waiting:
        found = next((handle for handle in by_key.get(key, ()) if handle in left), None) if key else None
        if found is not None:
            left.discard(found)
        diff.take(old.page(place), new.page(found) if found is not None else None)
    for handle in sorted(left):
        diff.take(None, new.page(handle))
    return diff


def _changed(old_side: Side, old: Page | None, new_side: Side, new: Page | None) -> Changed:
    before = old_side.extraction(old) if old else None
    after = new_side.extraction(new) if new else None
    return changed_page(old, new, before, after)
