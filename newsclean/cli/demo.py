"""Run the main job on a newsstand that newsclean carries."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsclean.cli.output import console, note
from newsclean.errors import EXIT_INTERRUPTED, EXIT_NOTHING_SUCCEEDED, EXIT_OK

if TYPE_CHECKING:
    from rich.console import Console

    from newsclean.model import Outcome
    from newsclean.store import StoredArticle

_HOST_DELAY = 0.05
"""Seconds between two requests: the server is our own."""
_WIDTH = 100


@click.command("demo")
@click.option("--keep", type=click.Path(path_type=Path), metavar="DIR", help="Keep the archive there.")
def command(keep: Path | None) -> int:
    """Run the main job on a newsstand that newsclean carries.

    At the end it shows an article before and after. The pages are invented news in themes as papers use them; they are
    served over HTTP on this machine and nothing leaves it. The archive is deleted at the end unless it is kept.

    \b
    newsclean demo
    newsclean demo --keep demo-archive
    """
    from newsclean.archive import Archive
    from newsclean.cli.interrupt import stop_on_signal
    from newsclean.cli.options import load_settings
    from newsclean.cli.progress import Reporter, closing_words
    from newsclean.cli.proxy import through_proxy
    from newsclean.demo.newsstand import Newsstand

    settings = load_settings(None, {"host_delay": _HOST_DELAY})
    with ExitStack() as stack:
        folder = stack.enter_context(_folder(keep))
        archive = stack.enter_context(Archive.create_or_open(folder, settings))
        newsstand = stack.enter_context(Newsstand())
        stack.enter_context(through_proxy(newsstand.url))
        note(f"newsclean: fetching {len(newsstand.urls)} URLs from the newsstand at {newsstand.url}")
        reporter = stack.enter_context(Reporter())
        stop = stack.enter_context(stop_on_signal(reporter.say))
        outcomes: list[Outcome] = []

        def ended(outcome: "Outcome") -> None:
            outcomes.append(outcome)
            reporter.outcome(outcome)

        summary = archive.run(
            [(url, "newsstand") for url in newsstand.urls], on_progress=reporter.progress, on_outcome=ended, stop=stop
        )
        if summary.interrupted:
            return EXIT_INTERRUPTED
        closing_words(summary, reporter.examples, hints=keep is not None)
        chosen = _shown(archive.outcomes(), newsstand.urls)
        if chosen is None:
            return EXIT_NOTHING_SUCCEEDED
        stored = archive.article(chosen)
        _before_and_after(stored, archive.extraction(stored.id))
        if keep is None:
            note("newsclean: the archive is deleted; --keep DIR keeps it")
        else:
            note(f"newsclean: `newsclean explain -o {folder} {stored.id} --html why.html` shows why, block by block")
    return EXIT_OK


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        yield keep
        return
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="newsclean-demo-") as name:
        yield Path(name) / "archive"


def _shown(outcomes: "Iterator[Outcome]", urls: list[str]) -> str | None:
    """The first URL of the list that became an article."""
    articles = {outcome.url for outcome in outcomes if outcome.ok}
    return next((url for url in urls if url in articles), None)


def _before_and_after(stored: "StoredArticle", extraction: Any) -> None:
    from rich.rule import Rule
    from rich.text import Text

    from newsclean.cli.layout import print_article
    from newsclean.cli.verdicts import STYLES
    from newsclean.store import article_record

    screen: Console = console()
    width = min(_WIDTH, screen.width)
    screen.print()
    screen.print(Rule("before: the page's text; what is marked with - is clutter, with ~ set aside"), width=width)
    marks = {"keep": " ", "aside": "~", "drop": "-"}
    for block, verdict in zip(extraction.blocks, extraction.verdicts, strict=True):
        line = Text(f"{marks[verdict.decision]} {verdict.label:<15} ", "dim")
        line.append(block.text, STYLES[verdict.decision] if verdict.decision != "keep" else "")
        line.truncate(width, overflow="ellipsis")
        screen.print(line, no_wrap=True)
    screen.print()
    screen.print(Rule("after: the article as it is saved"), width=width)
    print_article(article_record(stored.extraction, stored.url))
