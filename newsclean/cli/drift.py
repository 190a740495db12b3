"""What a host's pages look like now and before, in a line for people."""

from collections import Counter
from typing import TYPE_CHECKING

from newsclean.errors import BadUrlError
from newsclean.urls import host_of

if TYPE_CHECKING:
    from newsclean.archive import Archive
    from newsclean.model import Outcome
    from newsclean.store import Drift

_MOST_HOSTS = 50
"""Hosts of a run, those with most pages, that are looked at behind it: each takes some 20 ms."""


def drift_words(drift: "Drift") -> str:
    """``news.example since 2024-05-02: bodies of 310 characters (2,840 before); 90 % without authors (5 %)``."""
    before, after = drift.before, drift.after
    said = []
    for sign in drift.signs:
        if sign == "articles":
            said.append(f"{after.articles:.0%} of the pages are articles ({before.articles:.0%} before)")
        elif sign == "body":
            said.append(f"bodies of {after.body:,.0f} characters ({before.body:,.0f} before)")
        elif sign == "kept":
            said.append(f"{after.kept:.0%} of a page is kept ({before.kept:.0%} before)")
        else:
            name = sign.partition(":")[2]
            said.append(f"{after.missing[name]:.0%} without {name} ({before.missing[name]:.0%} before)")
    return f"{drift.host} since {after.first[:10]}: {'; '.join(said)}"


class Seen:
    """The hosts of the pages of one run."""

    def __init__(self) -> None:
        self._pages: Counter[str] = Counter()

    def add(self, outcome: "Outcome") -> None:
        """Count a page that is stored."""
        if outcome.record is not None:
            try:
                self._pages[host_of(outcome.url)] += 1
            except BadUrlError:
                return

    def warnings(self, archive: "Archive") -> list[str]:
        """A line for each of these hosts whose pages changed shape."""
        hosts = [host for host, _ in self._pages.most_common(_MOST_HOSTS)]
        return [
            f"pages changed shape: {drift_words(found)}; `newsclean stats {archive.path} --drift` says more"
            for found in archive.drifts(hosts)
        ]
