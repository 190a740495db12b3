"""Show one article, by its number or its URL."""

from pathlib import Path

import click

from newsclean.cli.output import archive_argument, format_option, opened, out_option, to_terminal
from newsclean.errors import EXIT_OK


@click.command("show")
@archive_argument
@click.argument("article", metavar="NUMBER|URL")
@format_option("jsonl", "csv", "md", "txt")
@out_option
def command(archive: Path, article: str, form: str | None, out: Path | None) -> int:
    """Show one article, by its number or its URL.

    The URL may be the one that was asked for, the one after redirects, or the page's canonical one.

    \b
    newsclean show my-archive 17
    newsclean show my-archive https://news.example/story -f md
    """
    from newsclean.archive import Archive
    from newsclean.store import article_record, write_records

    with Archive.open(archive) as opened_archive:
        stored = opened_archive.article(int(article) if article.isdecimal() else article)
    record = article_record(stored.extraction, stored.url)
    if form is None and out is None and to_terminal():
        from newsclean.cli.layout import print_article

        print_article(record)
    else:
        with opened(out) as stream:
            write_records([record], stream, form or "jsonl")
    return EXIT_OK
