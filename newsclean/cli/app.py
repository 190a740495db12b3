"""The command ``newsclean``: finds the command asked for, imports it, and says what went wrong, in one line."""

import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

import click

from newsclean.errors import EXIT_INTERRUPTED, EXIT_NOTHING_SUCCEEDED, EXIT_USAGE, NewscleanError
from newsclean.version import __version__

_NAME = "newsclean"
EXIT_PIPE = 141
"""The reader of stdout went away: what a shell reports for a process that SIGPIPE ended."""

SECTIONS: Mapping[str, Mapping[str, str]] = {
    "Keep and clean": {
        "archive": "Fetch articles, store them as WARC, save each alone: the main job.",
        "extract": "Extract the articles of pages, WARC and WACZ files that are here.",
        "text": "Clean text that another scraper pulled out of a page.",
    },
    "Use an archive": {
        "show": "Show one article, by its number or its URL.",
        "search": "Search headlines and text of an archive, the best articles first.",
        "stories": "List the stories that an archive has more than once, each with its copies.",
        "export": "Export all articles of an archive, in the order in which they were stored.",
        "stats": "Count what is in an archive, or list what failed.",
        "diff": "Compare two extractions of the same pages.",
        "reextract": "Extract all pages of an archive again.",
        "reindex": "Rebuild the catalogue from the WARC files alone.",
        "warc": "Look into WARC files, check, repair, index and pack them.",
    },
    "See why": {
        "explain": "Explain for each block of a page why it was kept or dropped.",
        "rules": "List, show, lint and test the clutter rules.",
        "fixture": "Keep pages as regression tests: add, check, review, approve and list them.",
        "demo": "Run the main job on a newsstand that newsclean carries.",
    },
}
"""The commands as the help lists them. Each is ``command`` in the module of its name; its help opens with this line."""

_MODULES = {name for commands in SECTIONS.values() for name in commands}


class Commands(click.Group):
    """The commands, each imported when it is called; and the one place where errors become lines and statuses.

    A command returns its exit status, or None for 0.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """All names, in the order of the help."""
        return [name for commands in SECTIONS.values() for name in commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name, imported now; None where there is none."""
        if cmd_name not in _MODULES:
            return None
        command: click.Command = import_module(f"newsclean.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does it; an unknown name is answered with the nearest one."""
        name = args[0]
        if name not in _MODULES and not name.startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(name, _MODULES, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            ctx.fail(f"no command {name!r}{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list in the help, made without importing a command."""
        for title, commands in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl(list(commands.items()), col_max=12)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a reader that went away is no error that anybody wants to hear of."""
        try:
            status = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            _close_stdout()
            return EXIT_PIPE
        return status

    def main(  # type: ignore[override]
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any
    ) -> Any:
        """Run, and end the process with the command's status."""
        if not extra.pop("standalone_mode", True):
            return super().main(args, prog_name or _NAME, standalone_mode=False, **extra)
        try:
            status = super().main(args, prog_name or _NAME, standalone_mode=False, **extra)
        except NewscleanError as problem:
            status = _say(str(problem), problem.exit_code)
        except click.UsageError as problem:
            if isinstance(problem, getattr(click.exceptions, "NoArgsIsHelpError", ())):
                problem.show()
                sys.exit(EXIT_USAGE)
            command = problem.ctx.command_path if problem.ctx else _NAME
            status = _say(f"{_sentence(problem.format_message())} (see `{command} --help`)", EXIT_USAGE)
        except click.ClickException as problem:
            status = _say(problem.format_message(), problem.exit_code)
        except OSError as problem:
            status = _say(f"{problem.filename or 'output'}: {problem.strerror or problem}", EXIT_NOTHING_SUCCEEDED)
            _close_stdout()
        except click.Abort:
            status = _say("interrupted", EXIT_INTERRUPTED)
        sys.exit(status or 0)


def _sentence(message: str) -> str:
    return " ".join(message.split()).removesuffix(".")


def _say(message: str, status: int) -> int:
    """Print an error as one line on stderr; gives the status back."""
    line = " ".join("".join(c if c.isprintable() else " " for c in message).split())
    click.echo(f"newsclean: error: {line}", err=True)
    return status


def _close_stdout() -> None:
    """Point stdout at nothing, so that Python finds no reason to complain when it flushes it at the end."""
    try:
        number = sys.stdout.fileno()
    except (OSError, ValueError):
        return
    os.dup2(os.open(os.devnull, os.O_WRONLY), number)


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit status: 0 all good, 1 some inputs are no article, 2 wrong usage, 3 nothing succeeded, "
    "4 a rule, a fixture or a comparison failed, 130 interrupted.",
)
@click.version_option(__version__, "-V", "--version", message="newsclean %(version)s")
def main() -> None:
    """Keep news: fetch lists of articles into WARC and save each article alone, without the clutter.

    \b
    newsclean demo                                  see it work, without the network
    newsclean archive -i urls.txt -o my-archive     the main job
    """
