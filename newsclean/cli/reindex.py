"""Rebuild the catalogue from the WARC files alone."""

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsclean.cli.options import with_settings
from newsclean.cli.output import archive_argument, note
from newsclean.errors import EXIT_INTERRUPTED, EXIT_OK

if TYPE_CHECKING:
    from newsclean.archive import Progress
    from newsclean.settings import Settings


@click.command("reindex")
@archive_argument
@with_settings()
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
def command(archive: Path, settings: "Settings", quiet: bool) -> int:
    """Rebuild the catalogue from the WARC files alone.

    Pages are extracted anew, with the rules and the version of today, and with what repeats over the pages of each
    site, which is learned first. A folder with WARC files in warc/ is enough; the old catalogue stays until the new one
    is whole.

    \b
    newsclean reindex my-archive
    newsclean reindex my-archive --rules my-rules.toml
    """
    return rebuild(archive, settings, quiet=quiet)


def rebuild(archive: Path, settings: "Settings", *, quiet: bool) -> int:
    """Rebuild the catalogue, say how far it is, and give the status to end with."""
    from newsclean.archive import Archive
    from newsclean.cli.interrupt import stop_on_signal
    from newsclean.cli.progress import Reporter, closing_words

    with ExitStack() as stack:
        reporter = stack.enter_context(Reporter(quiet=quiet))
        stop = stack.enter_context(stop_on_signal(reporter.say))
        step = ""

        def progress(now: "Progress") -> None:
            nonlocal step
            if now.step != step and not quiet:
                learning = f"what repeats over the pages of a site is learned from {now.total:,} pages"
                reporter.say(f"first of two passes: {learning}" if now.step else "second pass: all pages are judged")
            step = now.step
            reporter.progress(now)

        summary = Archive.reindex(archive, settings, on_progress=progress, stop=stop)
    if summary.interrupted:
        note(f"newsclean: interrupted; {archive} is as it was")
        return EXIT_INTERRUPTED
    if not quiet:
        closing_words(summary, {}, verb="read")
    return EXIT_OK
