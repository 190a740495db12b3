"""Pages that are here, read twice: what repeats over the pages of each site is learned before they are judged."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import PurePath

from newsclean.archive.learning import is_heard
from newsclean.clutter.site import LEAST_PAGES, SiteCounts, SiteMemory
from newsclean.errors import NewscleanError
from newsclean.extraction import extract_capture
from newsclean.model import Capture
from newsclean.page.decode import decoded
from newsclean.settings import Settings
from newsclean.store.writes import key_of
from newsclean.urls import host_of

Named = tuple[str, Capture]
"""A page with its name: its file, or file@offset."""
_HEAD = 200_000
"""Characters of a page in which its head is looked for."""
_TAG = re.compile(r"<(?:link|meta)\b[^<>]{0,2000}>", re.IGNORECASE)
_SAYS_URL = re.compile(r"""\b(?:rel|property)\s*=\s*["']?(?:canonical|og:url)\b""", re.IGNORECASE)
_URL = re.compile(r"""\b(?:href|content)\s*=\s*["']?(https?://[^\s"'<>]+)""", re.IGNORECASE)


class Passes:
    """What is remembered of the sites of some pages."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._site = partial(site_of, limit=settings.max_page_bytes)
        self._memories: dict[str, SiteMemory] = {}

    def learn(self, read: Callable[[], Iterable[Named]], on_learning: Callable[[int], None] | None = None) -> None:
        """Judge pages by themselves and remember what repeats: of each site that has enough of them, as many as are
        learned from, the first. ``read`` gives all pages anew each time; ``on_learning`` gets their number, where there
        is something to learn.
        """
        if not is_heard(self._settings):
            return
        left = {
            site: min(count, SiteCounts.MOST_PAGES)
            for site, count in Counter(self._site(*page) for page in read()).items()
            if count >= LEAST_PAGES
        }
        if not left:
            return
        if on_learning is not None:
            on_learning(sum(left.values()))
        counts: dict[str, SiteCounts] = {}
        known: set[tuple[str, str]] = set()
        for name, capture in read():
            site = self._site(name, capture)
            if not left.get(site):
                continue
            left[site] -= 1
            # captures of one page are no pages of a site; files that are said to be from one URL are
            page = (site, key_of(capture.final_url) if capture.record is not None else name)
            if page not in known:
                known.add(page)
                extraction = extract_capture(capture, self._settings)
                if extraction.outcome == "article":
                    counts.setdefault(site, SiteCounts()).add(extraction.blocks, extraction.verdicts)
            if not any(left.values()):
                break
        found = {site: counted.memory() for site, counted in counts.items()}
        self._memories = {site: memory for site, memory in found.items() if memory is not None}

    def memory(self, name: str, capture: Capture) -> SiteMemory | None:
        """What is remembered of a page's site; None where too little is."""
        return self._memories.get(self._site(name, capture)) if self._memories else None


def site_of(name: str, capture: Capture, *, limit: int) -> str:
    """The site of a page: the host of its URL, or of the one that it names as its own, or else its folder.

    ``limit``: most bytes of a page, decoded.
    """
    if capture.final_url:
        return host_of(capture.final_url)
    try:
        head = decoded(capture.body, capture.headers, limit=limit).text[:_HEAD]
    except NewscleanError:
        return ""
    for tag in _TAG.finditer(head):
        if _SAYS_URL.search(tag[0]) and (url := _URL.search(tag[0])) and (host := host_of(url[1])):
            return host
    return f"{PurePath(name).parent}/"
