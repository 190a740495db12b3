"""Extract all pages of an archive again."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsclean.cli.options import with_settings
from newsclean.cli.output import archive_argument

if TYPE_CHECKING:
    from newsclean.settings import Settings


@click.command("reextract")
@archive_argument
@with_settings()
@click.option("--dry-run", is_flag=True, help="Change nothing: show what would change, as diff does.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
def command(archive: Path, settings: "Settings", dry_run: bool, quiet: bool) -> int:
    """Extract all pages of an archive again.

    With the version, rules and settings of today, from its WARC files; the old rows stay until the new ones are
    complete. What would change, --dry-run shows.

    \b
    newsclean reextract my-archive --dry-run
    newsclean reextract my-archive --rules my-rules.toml
    """
    if dry_run:
        from newsclean.cli.diff import show, sides

        with sides(archive, None, settings, None, quiet=quiet) as (old, new):
            return show(old, new, settings, as_json=False, html=None, most=20, fail_on=None)
    from newsclean.cli.reindex import rebuild

    return rebuild(archive, settings, quiet=quiet)
