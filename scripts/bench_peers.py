"""Extraction of the same pages by newsclean, by others, and by the parser alone: each in a process of its own.

python -m scripts.bench_peers TOOL PAGES     one of TOOLS; prints what it took as JSON
"""

import json
import resource
import socket
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from scripts.bench_runs import Page, pages, run

Extract = Callable[[bytes, str], str]
_WARM = 5
"""Pages that are read before the clock starts: what a tool loads at its first page is start-up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """An extractor."""

    name: str
    package: str
    """What is installed for it, as its distribution is called."""
    module: str
    make: Callable[[], Extract]
    gives: str
    """What comes out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How one tool did."""

    tool: Tool
    pages: int
    milliseconds: float
    """CPU time a page: the median over the rounds."""
    peak: int
    """Bytes: the largest resident set of the process."""
    found: int
    """Pages of which text came out."""

    @property
    def per_second(self) -> float:
        """Pages per second of CPU."""
        return 1000 / self.milliseconds


def _parser() -> Extract:
    html: Any = import_module("lxml.html")
    return lambda page, _url: html.document_fromstring(page).tag


def _newsclean() -> Extract:
    extract: Any = import_module("newsclean").extract

    def text(page: bytes, url: str) -> str:
        found = extract(page, url=url).found
        return found.text if found else ""

    return text


def _trafilatura() -> Extract:
    extract: Any = import_module("trafilatura").bare_extraction

    def text(page: bytes, url: str) -> str:
        found = extract(page, url=url, with_metadata=True)
        return found.text if found else ""

    return text


def _newspaper() -> Extract:
    article: Any = import_module("newspaper").Article

    def text(page: bytes, url: str) -> str:
        found = article(url, fetch_images=False)
        found.download(input_html=page.decode("utf-8", "replace"))
        found.parse()
        return str(found.text)

    return text


def _readability() -> Extract:
    document: Any = import_module("readability").Document
    html: Any = import_module("lxml.html")

    def text(page: bytes, url: str) -> str:
        return str(html.fromstring(document(page.decode("utf-8", "replace"), url=url).summary()).text_content())

    return text


def _resiliparse() -> Extract:
    plain: Any = import_module("resiliparse.extract.html2text").extract_plain_text
    encoding: Any = import_module("resiliparse.parse.encoding")

    def text(page: bytes, _url: str) -> str:
        return str(plain(encoding.bytes_to_str(page, encoding.detect_encoding(page)), main_content=True))

    return text


TOOLS = {
    tool.name: tool
    for tool in (
        Tool(name="lxml alone", package="lxml", module="lxml", make=_parser, gives="a tree: the floor"),
        Tool(
            name="newsclean",
            package="newsclean",
            module="newsclean",
            make=_newsclean,
            gives="text, metadata, a verdict on every block",
        ),
        Tool(
            name="trafilatura",
            package="trafilatura",
            module="trafilatura",
            make=_trafilatura,
            gives="text, metadata",
        ),
        Tool(
            name="newspaper4k",
            package="newspaper4k",
            module="newspaper",
            make=_newspaper,
            gives="text, metadata",
        ),
        Tool(
            name="readability-lxml",
            package="readability-lxml",
            module="readability",
            make=_readability,
            gives="text as HTML, title",
        ),
        Tool(name="resiliparse", package="Resiliparse", module="resiliparse", make=_resiliparse, gives="text"),
    )
}


def installed() -> list[Tool]:
    """The tools that are here; a notice names those that are not."""
    missing = [tool.name for tool in TOOLS.values() if find_spec(tool.module) is None]
    if missing:
        print(f"bench: {', '.join(missing)} left out: `scripts/install --bench` installs them", file=sys.stderr)
    return [tool for tool in TOOLS.values() if tool.name not in missing]


def beside_peers(number: int, rounds: int) -> list[Rate]:
    """Each tool over so many pages, in turns, as often as there are rounds."""
    tools = installed()
    seen: dict[str, list[dict[str, Any]]] = {tool.name: [] for tool in tools}
    for _ in range(rounds):
        for tool in tools:
            cost = run([sys.executable, "-W", "ignore", "-m", "scripts.bench_peers", tool.name, str(number)])
            seen[tool.name].append(json.loads(cost.out.splitlines()[-1]))
    rates = [
        Rate(
            tool=tool,
            pages=took[0]["pages"],
            milliseconds=1000 * statistics.median(one["cpu"] for one in took) / took[0]["pages"],
            peak=max(one["peak"] for one in took),
            found=took[0]["found"],
        )
        for tool in tools
        for took in (seen[tool.name],)
    ]
    own = next(rate for rate in rates if rate.tool.name == "newsclean")
    print(f"extract, {own.pages} pages, {rounds} rounds:")
    for rate in rates:
        print(
            f"  {rate.tool.name:16} {rate.per_second:6.0f} pages per CPU-second, newsclean"
            f" {own.per_second / rate.per_second:5.2f} times; peak {rate.peak / 2**20:.0f} MB; text of {rate.found}"
        )
    return rates


def _some(number: int) -> list[Page]:
    """So many pages from all over the sets."""
    every = pages()
    return [every[place * len(every) // min(number, len(every))] for place in range(min(number, len(every)))]


def _stay_offline() -> None:
    """Let nothing out: some extractors fetch images, or lists of domains, where they are not told not to."""

    def refuse(*_: Any) -> None:
        raise OSError("the bench is offline")

    socket.socket.connect = socket.socket.connect_ex = refuse  # type: ignore[assignment,method-assign]
    socket.getaddrinfo = refuse  # type: ignore[assignment]


def main() -> None:
    """Measure one tool."""
    name, number = sys.argv[1:]
    _stay_offline()
    extract = TOOLS[name].make()
    wanted = _some(int(number))
    for page in wanted[:_WARM]:
        _text(extract, page.html(), page.url)
    cpu, found = 0.0, 0
    for page in wanted:
        html = page.html()
        start = time.process_time()
        text = _text(extract, html, page.url)
        cpu += time.process_time() - start
        found += bool(text.strip())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"pages": len(wanted), "cpu": cpu, "peak": peak, "found": found}))


def _text(extract: Extract, html: bytes, url: str) -> str:
    """What a tool finds; nothing where it fails, as a scraper would have it."""
    try:
        return extract(html, url)
    except Exception:  # noqa: BLE001
        return ""


if __name__ == "__main__":
    main()
