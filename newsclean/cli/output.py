"""What all commands share of writing: stdout carries data, stderr the rest; a terminal reads, a pipe parses."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from newsclean.errors import (
    EXIT_NOTHING_SUCCEEDED,
    EXIT_OK,
    EXIT_SOME_FAILED,
    DiskFullError,
    InputError,
)

if TYPE_CHECKING:
    from rich.console import Console

STDIN = "-"
_ALIASES = {"text": "txt", "markdown": "md", "json": "jsonl"}
_PLAIN_WIDTH = 160


def format_option(*formats: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option ``-f``, one for all commands; passes ``form``, None where it is not given.

    The names that other tools have for a format are taken, too.
    """

    def chosen(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
        form = value and _ALIASES.get(value.lower(), value.lower())
        if form and form not in formats:
            raise click.BadParameter(f"no format {value!r}; there are {', '.join(formats)}", ctx, param)
        return form

    return click.option(
        "-f",
        "--format",
        "form",
        metavar="|".join(formats),
        callback=chosen,
        help="What to write. [default: text to a terminal, else jsonl]",
    )


def out_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """The option ``-o OUT``; passes ``out``, None for stdout."""
    return click.option(
        "-o",
        "--output",
        "out",
        type=click.Path(dir_okay=False, path_type=Path),
        help="File to write. [default: stdout]",
    )(function)


def archive_argument(function: Callable[..., Any]) -> Callable[..., Any]:
    """The argument ARCHIVE; passes ``archive``."""
    return click.argument("archive", type=click.Path(path_type=Path))(function)


def to_terminal() -> bool:
    """Whether stdout is a terminal."""
    return sys.stdout.isatty()


def status_of(articles: int, others: int) -> int:
    """The exit status of a command over many inputs: 0, 1 where some are no article, 3 where none is one."""
    if not others:
        return EXIT_OK
    return EXIT_SOME_FAILED if articles else EXIT_NOTHING_SUCCEEDED


def note(message: str) -> None:
    """A line for people, on stderr."""
    click.echo(printable(message), err=True)


def printable(text: str) -> str:
    """The text without the control characters by which a page could steer a terminal; line feed and tab stay."""
    return "".join(c if c.isprintable() or c in "\n\t" or not _is_control(c) else "�" for c in text)


def _is_control(character: str) -> bool:
    code = ord(character)
    return code < 32 or 127 <= code < 160


def console(*, stderr: bool = False) -> "Console":
    """A rich console that takes text as it is: no markup, no guessed colours. NO_COLOR is honoured."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else _PLAIN_WIDTH
    return Console(file=stream, highlight=False, markup=False, emoji=False, width=width)


def write_json(record: Mapping[str, Any]) -> None:
    """One JSON object a line on stdout, seen at once by what reads it."""
    from newsclean.store.records import SCHEMA_VERSION, json_line

    stream = sys.stdout.buffer
    stream.write(json_line({"schema_version": SCHEMA_VERSION, **record}))
    stream.flush()


@contextmanager
def opened(out: Path | None) -> Iterator[BinaryIO]:
    """Stdout, or the file, which gets its name only when it is whole. Raises InputError, DiskFullError."""
    if out is None or str(out) == STDIN:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if out.exists() and not out.is_file():  # a pipe or a device: nothing to put in its place
        with _writable(out), out.open("wb") as file:
            yield file
        return
    part = out.with_name(f"{out.name}.part")
    with _writable(out):
        try:
            with part.open("wb") as file:
                yield file
            part.replace(out)
        except BaseException:
            part.unlink(missing_ok=True)
            raise


@contextmanager
def _writable(out: Path) -> Iterator[None]:
    import errno

    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFullError(f"{out}: no space left; nothing was written") from None
        raise InputError(f"{out}: not writable: {problem.strerror}") from None
