"""Show one article, by its number or its URL."""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsclean.cli.output import archive_argument, console, format_option, opened, out_option, to_terminal
from newsclean.errors import EXIT_OK

if TYPE_CHECKING:
    from newsclean.store import Copy


@click.command("show")
@archive_argument
@click.argument("article", metavar="NUMBER|URL")
@format_option("jsonl", "csv", "md", "txt")
@out_option
def command(archive: Path, article: str, form: str | None, out: Path | None) -> int:
    """Show one article, by its number or its URL.

    The URL may be the one that was asked for, the one after redirects, or the page's canonical one. Copies of its text
    on other pages and hosts are named at the end; see `newsclean stories`.

    \b
    newsclean show my-archive 17
    newsclean show my-archive https://news.example/story -f md
    """
    from newsclean.archive import Archive
    from newsclean.store import article_record, write_records

    with Archive.open(archive) as opened_archive:
        stored = opened_archive.article(int(article) if article.isdecimal() else article)
        copies = opened_archive.copies(stored.id)
    record = article_record(stored.extraction, stored.url) | {"copies": [asdict(copy) for copy in copies]}
    if form is None and out is None and to_terminal():
        from newsclean.cli.layout import print_article

        print_article(record)
        if copies:
            _print_copies(copies)
    else:
        with opened(out) as stream:
            write_records([record], stream, form or "jsonl")
    return EXIT_OK


def _print_copies(copies: "Iterable[Copy]") -> None:
    from rich.text import Text

    from newsclean.cli.stories import copy_line

    screen = console()
    screen.print()
    screen.print(Text("copies of this text", "dim"))
    for copy in copies:
        screen.print(copy_line(copy), soft_wrap=True)
