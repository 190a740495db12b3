"""What repeats over the pages of a site: asked for by the main job, learned first when an archive is read anew."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path

from newsclean.archive import rebuild
from newsclean.archive.progress import LEARNING, Progress
from newsclean.archive.workers import Pool
from newsclean.clutter.site import SiteMemory
from newsclean.errors import InputError, WarcError
from newsclean.settings import Settings
from newsclean.store import Catalogue

_MOST_HELD = 64
"""Hosts whose memory is held, some 50 kB each; that of others is read again, and is the same for the whole run."""


def is_heard(settings: Settings) -> bool:
    """Whether the memory of sites has a part in the extraction: the reference engine judges alone."""
    return settings.site_memory and settings.engine == "newsclean"


class Memories:
    """The memories of hosts as they were when the run began."""

    def __init__(self, catalogue: Catalogue, settings: Settings) -> None:
        self._catalogue = catalogue
        self._is_heard = is_heard(settings)
        self._held: OrderedDict[str, SiteMemory | None] = OrderedDict()

    def of(self, host: str) -> SiteMemory | None:
        """The memory of a host; None where there is none, or none is to be heard."""
        if not self._is_heard or not host:
            return None
        if host not in self._held:
            self._held[host] = self._catalogue.site_memory(host)
            if len(self._held) > _MOST_HELD:
                self._held.popitem(last=False)
        self._held.move_to_end(host)
        return self._held[host]


async def learn(
    warc: Path,
    catalogue: Catalogue,
    settings: Settings,
    *,
    on_progress: Callable[[Progress], None] | None = None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> None:
    """Judge pages that wait for their extraction by themselves and remember what repeats on their sites, so that all of
    them can be judged with that afterwards. Of each host as many pages as are learned from, the latest.

    ``warc``: the folder with the WARC files. Stopped, nothing of it is heard. Raises an exception group.
    """
    numbers = catalogue.pages_to_learn() if is_heard(settings) else []
    if not numbers:
        return
    pool = Pool(settings, seconds=settings.max_page_seconds)
    left = iter(numbers)
    done = 0

    def show() -> None:
        if on_progress is not None:
            on_progress(Progress(done=done, total=len(numbers), articles=0, failed=0, bytes=0, step=LEARNING))

    async def work(left: Iterator[int]) -> None:
        nonlocal done
        for number in left:
            if is_stopped():
                return
            try:
                capture = rebuild.pending_capture(warc, catalogue.pending_one(number), catalogue)
            except (WarcError, InputError):
                continue  # its outcome comes when it is judged
            catalogue.learn_page(number, await pool.extract(capture))
            done += 1
            show()

    show()
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(pool.size):
                group.create_task(work(left))
    finally:
        await asyncio.shield(pool.close())
    if not is_stopped():
        catalogue.settle_sites()
