"""The command line: one thin module a command, imported only when the command is called."""

from newsclean.cli.app import main

__all__ = ["main"]
