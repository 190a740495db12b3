"""Search headlines and text of an archive, the best articles first."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsclean.cli.output import archive_argument, console, note, printable, to_terminal, write_json
from newsclean.errors import EXIT_OK

if TYPE_CHECKING:
    from rich.text import Text

    from newsclean.store import SearchHit


@click.command("search")
@archive_argument
@click.argument("words", nargs=-1, required=True, metavar="WORD...")
@click.option("-n", "--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Most articles to list.")
def command(archive: Path, words: tuple[str, ...], limit: int) -> int:
    """Search headlines and text of an archive, the best articles first.

    All words must be there. Also understood, in quotation marks for the shell: "a phrase", begin*, this OR that, and
    -without after a --.

    \b
    newsclean search my-archive water meters
    newsclean search my-archive '"water meters" OR leak*' | jq .url
    """
    from newsclean.archive import Archive

    with Archive.open(archive) as opened:
        hits = opened.search(" ".join(words), limit=limit)
    if not to_terminal():
        for hit in hits:
            write_json(asdict(hit))
        return EXIT_OK
    screen = console()
    for hit in hits:
        screen.print(_headline(hit))
        screen.print(_snippet(hit))
        screen.print()
    note(_count(len(hits), limit, archive))
    return EXIT_OK


def _headline(hit: "SearchHit") -> "Text":
    from rich.text import Text

    day = (hit.date_published or "")[:10]
    line = Text(f"{hit.article_id:>5}  ", "cyan")
    line.append(printable(hit.headline or hit.url), "bold")
    return line.append(f"  {day}", "dim")


def _snippet(hit: "SearchHit") -> "Text":
    from rich.text import Text

    text = Text(printable(hit.snippet))
    for start, end in hit.spans:
        text.stylize("yellow", start, end)
    return text


def _count(count: int, limit: int, archive: Path) -> str:
    if not count:
        return "no article has these words"
    more = ", perhaps more: see --limit" if count == limit else ""
    return f"{count} articles{more}; `newsclean show {archive} NUMBER` shows one"
