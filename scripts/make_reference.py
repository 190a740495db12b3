"""Write docs/reference.md: the help of every command, as the program prints it.

    .venv/bin/python scripts/make_reference.py

A test compares the file with what this makes.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import click

from newsclean.cli import main

FILE = Path(__file__).resolve().parent.parent / "docs" / "reference.md"
_WIDTH = 100
_HELP = re.compile(r"^ +(?:-h, )?--help .*\n", re.MULTILINE)
"""All commands have it; whether click writes the short form depends on what was asked before."""
_HEAD = """# Command reference

What `newsclean COMMAND --help` prints. Written by scripts/make_reference.py; [commands.md](commands.md) explains more.
"""


def reference() -> str:
    """The page."""
    parts = [_HEAD]
    for name, command in _commands():
        with click.Context(
            command, info_name=f"newsclean {name}", terminal_width=_WIDTH, max_content_width=_WIDTH
        ) as context:
            text = _HELP.sub("", command.get_help(context) + "\n").rstrip()
            parts.append(f"## newsclean {name}\n\n```text\n{text}\n```\n")
    return "\n".join(parts)


def _commands() -> Iterator[tuple[str, click.Command]]:
    context = click.Context(main)
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command is not None
        yield name, command
        if isinstance(command, click.Group):
            for sub in sorted(command.commands):
                yield f"{name} {sub}", command.commands[sub]


if __name__ == "__main__":
    FILE.write_text(reference(), encoding="utf-8")
