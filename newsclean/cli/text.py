"""Clean text that another scraper pulled out of a page."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsclean.cli.inputs import read_bytes
from newsclean.cli.options import with_settings
from newsclean.cli.output import STDIN, note, printable, to_terminal
from newsclean.errors import EXIT_NOTHING_SUCCEEDED, EXIT_OK

if TYPE_CHECKING:
    from newsclean.settings import Settings


@click.command("text")
@click.argument("file", default=STDIN, type=click.Path(path_type=Path))
@click.option("--explain", is_flag=True, help="Show for each line why it was kept or dropped.")
@with_settings(engine=False)
def command(file: Path, explain: bool, settings: "Settings") -> int:
    """Clean text that another scraper pulled out of a page.

    What is left are the headline and the paragraphs, in their order. FILE is UTF-8; without one, or with -, the text
    comes from stdin. The clutter rules are all that can be asked here: with the HTML page at hand, extract does better.

    \b
    newsclean text scraped.txt > clean.txt
    my-scraper https://news.example/story | newsclean text --explain
    """
    from newsclean.extraction import judge_text

    text = read_bytes(file).decode("utf-8-sig", "replace")
    result = judge_text(text, settings)
    if explain:
        from newsclean.cli.verdicts import show_verdicts

        show_verdicts(result, settings)
    elif result.found is not None:
        clean = "\n\n".join(result.found.body)
        click.echo(printable(clean) if to_terminal() else clean.encode())
    if result.found is None:
        note(f"newsclean: {file}: {result.message}")
        return EXIT_NOTHING_SUCCEEDED
    return EXIT_OK
