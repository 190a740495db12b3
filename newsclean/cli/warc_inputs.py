"""What the WARC commands take: files, folders, archives, and stdin."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

import click

from newsclean.cli.output import STDIN
from newsclean.errors import InputError, NotWarcError, RecordNotFoundError

paths_argument = click.argument(
    "paths", metavar="FILE|FOLDER...", nargs=-1, required=True, type=click.Path(path_type=Path)
)


@dataclass(frozen=True, slots=True)
class Input:
    """One WARC file."""

    path: Path
    name: str
    """What it is called: the path, ``-`` for stdin."""


@contextmanager
def warc_inputs(paths: tuple[Path, ...]) -> Iterator[list[Input]]:
    """The WARC files of the paths, in their order; stdin as a file, since a WARC file is read at places.

    Raises InputError for what is missing or no WARC file, also from within.
    """
    from shutil import copyfileobj

    from newsclean.warc.passing import warc_files

    with NamedTemporaryFile(suffix=".warc") as spooled:
        found: list[Input] = []
        for path in paths:
            if str(path) != STDIN:
                found += [Input(file, str(file)) for file in warc_files([path])]
            elif not any(known.name == STDIN for known in found):
                copyfileobj(sys.stdin.buffer, spooled)
                spooled.flush()
                found.append(Input(Path(spooled.name), STDIN))
        try:
            yield found
        except NotWarcError as problem:
            # What a user names on the command line is an argument.
            message = str(problem)
            raise InputError(
                STDIN + message.removeprefix(spooled.name) if message.startswith(spooled.name) else message
            ) from None


def place_of(text: str) -> tuple[Path, int] | None:
    """File and offset of ``FILE@OFFSET``; None where it is none."""
    file, mark, offset = text.rpartition("@")
    if not mark or not offset.isdecimal() or Path(text).exists():
        return None
    if not Path(file).is_file():
        raise RecordNotFoundError(f"{text}: no file {file}")
    return Path(file), int(offset)
