"""Look into WARC files, check, repair, index and pack them."""

import click

from newsclean.cli.warc_check import check, repair
from newsclean.cli.warc_index import index, wacz
from newsclean.cli.warc_records import cat, ls


@click.group("warc")
def command() -> None:
    """Look into WARC files, check, repair, index and pack them.

    \b
    newsclean warc ls my-archive
    newsclean warc check *.warc.gz
    """


for _subcommand in (ls, cat, check, repair, index, wacz):
    command.add_command(_subcommand)
