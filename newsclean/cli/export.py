"""Export all articles of an archive, in the order in which they were stored."""

from pathlib import Path

import click

from newsclean.cli.output import archive_argument, format_option, note, opened, out_option
from newsclean.errors import EXIT_OK, UsageError


@click.command("export")
@archive_argument
@format_option("jsonl", "csv", "md", "txt", "parquet")
@out_option
@click.option("--versions", is_flag=True, help="Also earlier versions of articles that were fetched again.")
@click.option("--one-per-story", is_flag=True, help="Of copies of one text, on any hosts, only the earliest capture.")
def command(archive: Path, form: str | None, out: Path | None, versions: bool, one_per_story: bool) -> int:
    """Export all articles of an archive, in the order in which they were stored.

    jsonl and parquet have all fields, csv a row for each article, md front matter and text, txt headline and text. Of
    an article that was fetched again and had changed, the latest version is taken.

    \b
    newsclean export my-archive -o articles.jsonl
    newsclean export my-archive -f csv > articles.csv
    newsclean export my-archive -f parquet -o articles.parquet
    """
    from newsclean.archive import Archive
    from newsclean.store import article_record

    with Archive.open(archive) as source:
        if form == "parquet":
            from newsclean.bulk.outputs import write_parquet

            if out is None:
                raise UsageError("--format parquet: goes into a file; name one with -o")
            articles = source.articles(versions=versions, one_per_story=one_per_story)
            count = write_parquet(out, (article_record(stored.extraction, stored.url) for stored in articles))
        else:
            with opened(out) as stream:
                count = source.export(stream, form or "jsonl", versions=versions, one_per_story=one_per_story)
    if out is not None:
        note(f"newsclean: {count} articles in {out}")
    return EXIT_OK
