"""The options that become settings, the same in all commands."""

import os
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from newsclean.settings import Settings

SETTINGS_FILE = "newsclean.toml"
"""Read where the working directory has one and --config names no other."""

CHOICES = {
    "digest_compat": ("entity", "chunked"),
    "sync": ("group", "each", "close"),
    "focus": ("balanced", "precision", "recall"),
}
"""As the settings have them, which are not imported for a help text; a test compares them."""

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

_CONFIG: Decorator = click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"Settings file. [default: {SETTINGS_FILE}, where there is one]",
)
_ENGINE: Mapping[str, Decorator] = {
    "engine": click.option(
        "--engine", type=click.Choice(["newsclean", "trafilatura"]), help="Body engine. [default: newsclean]"
    ),
}
_JUDGING: Mapping[str, Decorator] = {
    "focus": click.option(
        "--focus",
        type=click.Choice(CHOICES["focus"]),
        help="Keep what is surely the article's, or all that may be. [default: balanced]",
    ),
    "include": click.option(
        "--include",
        multiple=True,
        metavar="LABEL,…",
        help="Keep these in the text as well: captions, standfirst, comments and other labels.",
    ),
    "site_memory": click.option(
        "--no-site-memory",
        "site_memory",
        is_flag=True,
        flag_value=False,
        default=None,
        help="Judge each page by itself, not by what repeats on its site.",
    ),
}
_RULES: Mapping[str, Decorator] = {
    "rules": click.option(
        "--rules", multiple=True, metavar="FILE", help="Further clutter rules; can be given more than once."
    ),
}
_FETCHING: Mapping[str, Decorator] = {
    "connections": click.option("--connections", type=int, metavar="N", help="Pages under way at once. [default: 16]"),
    "host_delay": click.option(
        "--host-delay", type=float, metavar="S", help="Least seconds between two requests to one host. [default: 1]"
    ),
    "page_timeout": click.option(
        "--timeout", "page_timeout", type=float, metavar="S", help="Longest time for one page. [default: 120]"
    ),
    "user_agent": click.option("--user-agent", metavar="TEXT", help="Who asks, as servers see it."),
    "robots": click.option(
        "--ignore-robots", "robots", is_flag=True, flag_value="ignore", default=None, help="Do not ask for robots.txt."
    ),
    "allow_private": click.option(
        "--allow-private", is_flag=True, flag_value=True, default=None, help="Fetch from addresses that are not public."
    ),
    "insecure": click.option(
        "--insecure", is_flag=True, flag_value=True, default=None, help="Do not check TLS certificates."
    ),
    "digest_compat": click.option(
        "--digest-compat",
        type=click.Choice(CHOICES["digest_compat"]),
        help="Payload digests by the standard, or as older tools check them. [default: entity]",
    ),
    "sync": click.option(
        "--sync",
        type=click.Choice(CHOICES["sync"]),
        help="Force records to the disk in groups, each, or when a file is closed. [default: group]",
    ),
    "operator": click.option("--operator", metavar="TEXT", help="Who runs the crawl; noted in the WARC files."),
}


def with_settings(*, fetching: bool = False, engine: bool = True) -> Decorator:
    """Give a command the options that are settings; it is passed ``settings`` in their place.

    ``fetching`` adds those of the HTTP client; without ``engine``, only the rules can be chosen.
    """
    options = {**(_FETCHING if fetching else {}), **({**_ENGINE, **_JUDGING} if engine else {}), **_RULES}

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def command(*args: Any, config: Path | None, **values: Any) -> Any:
            flags = {name: values.pop(name) for name in options}
            for name in ("rules", "include"):
                flags[name] = flags.get(name) or None
            return function(*args, settings=load_settings(config, flags), **values)

        wrapped: Callable[..., Any] = command
        for option in reversed([*options.values(), _CONFIG]):
            wrapped = option(wrapped)
        return wrapped

    return decorate


def load_settings(config: Path | None = None, flags: Mapping[str, Any] | None = None) -> "Settings":
    """Defaults, settings file, environment and flags put together. Raises SettingsError."""
    from newsclean.settings import Settings

    file = config if config is not None else Path(SETTINGS_FILE)
    if config is None and not file.is_file():
        return Settings.load(None, os.environ, flags or {})
    return Settings.load(file, os.environ, flags or {})
