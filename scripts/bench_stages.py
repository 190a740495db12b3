"""Where the CPU time of an extraction goes, beside trafilatura on the same pages, and whether memory grows.

Stages are timed one after the other on each page, in turns with the peer, so that a drift of the machine's speed hits
all alike. What stands for a stage is the call that newsclean.extract makes.
"""

import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from newsclean.body.classifier import carried
from newsclean.body.page import heard, judge_page
from newsclean.clutter.evidence import RuleVoice
from newsclean.clutter.rules import load
from newsclean.errors import NewscleanError
from newsclean.extraction import extract_capture, hints_of
from newsclean.metadata import read_metadata
from newsclean.model import Capture
from newsclean.page import read_page
from newsclean.page.blocks import blocks_of
from newsclean.page.decode import decoded
from newsclean.page.parse import parsed
from newsclean.settings import Settings
from scripts.learning.gold import DATA, Item, items

T = TypeVar("T")
_MOST_GROWTH = 1.05
"""Memory of the last quarter of many pages against that of the second."""


class Clock:
    """CPU milliseconds by name."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)

    def time(self, name: str, call: Callable[..., T], *arguments: Any, **named: Any) -> T:
        """What the call returns; its CPU time is added to the name's."""
        start = time.process_time()
        found = call(*arguments, **named)
        self.spent[name] += 1000 * (time.process_time() - start)
        return found


def stages(set_name: str = "fundus-dev") -> bool:
    """Print the table. Whether the aim, a third of trafilatura's time, is reached."""
    from trafilatura import bare_extraction

    pages = list(items(set_name))
    settings, voice, classifier = Settings(), RuleVoice(load(())), carried()
    for item in pages[:5]:
        extract_capture(_capture(item), settings)
        bare_extraction(item.html, url=item.url, with_metadata=True)
    clock = Clock()
    for item in pages:
        capture = _capture(item)
        clock.time("whole", extract_capture, capture, settings)
        clock.time("trafilatura", bare_extraction, item.html, url=item.url, with_metadata=True)
        try:
            text = clock.time("decode", decoded, item.html, (), limit=settings.max_page_bytes).text
            tree = clock.time("parse", parsed, text)
            clock.time("blocks", blocks_of, tree)
            page = read_page(capture, limit=settings.max_page_bytes)
        except NewscleanError:
            continue
        metadata = clock.time("metadata", read_metadata, page, None)
        if not page.blocks:
            continue
        layout, itself = clock.time("columns", classifier.layout, page.blocks)
        ruled = clock.time("rules", heard, layout, voice)
        hints = hints_of(page, metadata)
        clock.time("classifier", classifier.judge, layout, itself, ruled, hints)
        clock.time("all of body", judge_page, page.blocks, page.html, page.url, hints, voice, settings, [])
    peer, own = clock.spent["trafilatura"] / len(pages), clock.spent["whole"] / len(pages)
    print(f"{set_name}: {own:.1f} ms of CPU a page, {own / peer:.2f} of trafilatura's {peer:.1f} ms (aim 0.33)")
    for name, spent in clock.spent.items():
        if name not in ("whole", "trafilatura"):
            print(f"  {name:12} {spent / len(pages):6.2f} ms  {spent / clock.spent['whole']:4.0%}")
    return own <= peer / 3


def memory(count: int = 10_000) -> bool:
    """Extract ``count`` pages one after the other; print what the process holds in each quarter."""
    pages = [item for name in ("fundus-dev", "wcxb-dev") for item in items(name)]
    settings = Settings()
    held: list[int] = []
    for number in range(count):
        extract_capture(_capture(pages[number % len(pages)]), settings)
        if (number + 1) % (count // 4) == 0:
            held.append(_resident())
    print(f"memory after each quarter of {count} pages: {', '.join(f'{size / 2**20:.0f}' for size in held)} MB")
    return held[-1] <= _MOST_GROWTH * held[1]


def _capture(item: Item) -> Capture:
    return Capture(url=item.url, final_url=item.url, body=item.html)


def _resident() -> int:
    """Bytes of memory that the process holds now."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


def there() -> bool:
    """Whether the pages are."""
    return DATA.exists()
