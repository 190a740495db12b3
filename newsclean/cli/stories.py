"""List the stories that an archive has more than once, each with its copies."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsclean.cli.output import archive_argument, console, note, printable, to_terminal, write_json
from newsclean.errors import EXIT_OK

if TYPE_CHECKING:
    from rich.text import Text

    from newsclean.store import Copy


@click.command("stories")
@archive_argument
def command(archive: Path) -> int:
    """List the stories that an archive has more than once, each with its copies.

    Copies are articles on any hosts with half of their text or more in common: wire copy that many papers print, also
    with another headline, another ending or paragraphs cut, and one story under two URLs. The one that was captured
    first comes first; each other has the share of text that it has in common with that one.

    \b
    newsclean stories my-archive
    newsclean stories my-archive | jq -r .first.url
    """
    from newsclean.archive import Archive

    stories = copies = 0
    with Archive.open(archive) as opened:
        for story in opened.stories():
            stories += 1
            copies += len(story.copies)
            if not to_terminal():
                write_json(asdict(story))
                continue
            screen = console()
            screen.print(copy_line(story.first, first=True), soft_wrap=True)
            for copy in story.copies:
                screen.print(copy_line(copy), soft_wrap=True)
            screen.print()
    if to_terminal():
        note(_count(stories, copies, archive))
    return EXIT_OK


def copy_line(copy: "Copy", *, first: bool = False) -> "Text":
    """A line for a terminal: number, likeness in per cent, headline, and the URL in a line of its own."""
    from rich.text import Text

    line = Text(f"{copy.id:>5}  ", "cyan")
    line.append("      " if first else f"{copy.likeness:>4.0%}  ", "yellow")
    line.append(printable(copy.headline or copy.url), "bold" if first else "")
    line.append(f"  {(copy.captured_at or '')[:10]}", "dim")
    return line.append(f"\n{'':13}{printable(copy.url)}", "dim")


def _count(stories: int, copies: int, archive: Path) -> str:
    if not stories:
        return "no story is there more than once"
    counted = f"{stories} {'story' if stories == 1 else 'stories'}, {copies} {'copy' if copies == 1 else 'copies'}"
    return f"{counted}; `newsclean export {archive} --one-per-story` leaves the copies out"
