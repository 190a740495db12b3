"""Explain for each block of a page why it was kept or dropped."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsclean.cli.captures import capture_of
from newsclean.cli.explain_metadata import show_metadata
from newsclean.cli.options import with_settings
from newsclean.cli.output import note, opened, printable, to_terminal, write_json
from newsclean.cli.verdicts import show_block, show_verdicts
from newsclean.errors import EXIT_NOTHING_SUCCEEDED, EXIT_OK, UsageError

if TYPE_CHECKING:
    from newsclean.model import Extraction
    from newsclean.settings import Settings

_JUDGING = ("engine", "focus", "include", "rules", "site_memory")
"""Settings that change verdicts, which an archive has already."""


@click.command("explain")
@click.argument("page", metavar="FILE|WARC@OFFSET|URL")
@click.option(
    "-o",
    "--archive",
    "archive",
    type=click.Path(path_type=Path),
    help="Archive in which PAGE is a URL or an article's number.",
)
@click.option("--url", help="Where a file is from.")
@click.option(
    "--html",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="OUT",
    help="Write a page that shows all blocks in the colour of their verdict.",
)
@click.option("--block", type=click.IntRange(0), metavar="N", help="Only this block, with all that was said of it.")
@click.option("--metadata", is_flag=True, help="Instead of the blocks, all that the page says of each field.")
@with_settings()
def command(
    page: str,
    archive: Path | None,
    url: str | None,
    html: Path | None,
    block: int | None,
    metadata: bool,
    settings: "Settings",
) -> int:
    """Explain for each block of a page why it was kept or dropped.

    Each block has a verdict: keep (the body), aside (headline, standfirst, captions and the like) or drop; a label, and
    the evidence for it, with the reason that the rule gives. A terminal shows one line a block: + keep, ~ aside or
    - drop; label, confidence, first words and the top reason. A pipe gets JSON Lines. The last line says what the page
    is, and why. With --block or --html, the blocks of a file also say what the classifier looked at.

    With --metadata, one line is shown for each value that any part of the page has for a field (headline, authors,
    date_published and so on): + for the one that was taken, - for the others, with the reason.

    \b
    newsclean explain page.html
    newsclean explain page.html --block 17
    newsclean explain page.html --metadata
    newsclean explain -o my-archive https://news.example/story --html why.html
    """
    if archive is not None:
        from newsclean.archive import Archive

        if asked := [name for name in _JUDGING if settings.origins.get(name) == "flag"]:
            raise UsageError(
                f"--{asked[0].replace('_', '-')}: the archive has the verdicts as they were made; "
                f"to judge the page anew, name it as FILE@OFFSET in {archive / 'warc'}"
            )
        with Archive.open(archive, settings) as source:
            extraction = source.extraction(int(page) if page.isdecimal() else page)
            capture = source.capture(extraction.record) if metadata and extraction.record else None
    else:
        if page.startswith(("http://", "https://")):
            raise UsageError(f"{page}: name the archive that has it with -o ARCHIVE")
        from newsclean.extraction import extract_capture

        detail = block is not None or html is not None
        capture = capture_of(page, url)
        extraction = extract_capture(capture, settings, detail=detail)
    if html is not None:
        from newsclean.cli.explain_page import explain_page

        with opened(html) as stream:
            stream.write(explain_page(extraction, settings).encode())
        note(f"newsclean: {len(extraction.blocks)} blocks in {html}")
    if metadata:
        if capture is not None and extraction.blocks:
            show_metadata(capture, extraction, settings)
    elif block is not None and extraction.blocks:
        show_block(extraction, settings, block)
    elif html is None:
        if extraction.blocks:
            show_verdicts(extraction, settings)
        _show_kind(extraction)
    return _status(extraction, page)


def _show_kind(extraction: "Extraction") -> None:
    """What the page is and why: in a pipe one more object, with the key ``page``."""
    kind = extraction.kind
    if kind is None:
        return
    if to_terminal():
        note(f"newsclean: {kind.kind}, {kind.confidence:.0%} sure: {'; '.join(map(printable, kind.reasons))}")
    else:
        write_json({"page": asdict(kind), "outcome": extraction.outcome})


def _status(extraction: "Extraction", page: str) -> int:
    for remark in extraction.diagnostics:
        note(f"newsclean: {remark}")
    if extraction.outcome != "article":
        note(f"newsclean: {page}: {extraction.outcome}: {extraction.message}")
        return EXIT_NOTHING_SUCCEEDED
    if to_terminal():
        note(f"newsclean: article; rules {extraction.versions.rules}, engine {extraction.versions.engine}")
    return EXIT_OK
