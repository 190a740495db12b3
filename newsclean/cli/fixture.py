"""Keep pages as regression tests: add, check, review, approve and list them."""

import click

from newsclean.cli.fixture_add import add
from newsclean.cli.fixture_check import approve, check, list_fixtures
from newsclean.cli.fixture_review import review


@click.group("fixture")
def command() -> None:
    """Keep pages as regression tests: add, check, review, approve and list them.

    A fixture is a folder with a page, what must and must not come out of it, and what was approved; see also
    pytest --newsclean-fixtures DIR.

    \b
    newsclean fixture add https://news.example/story
    newsclean fixture check
    """


for _subcommand in (add, check, review, approve, list_fixtures):
    command.add_command(_subcommand)
