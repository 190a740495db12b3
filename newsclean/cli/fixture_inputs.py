"""Which fixtures a command is about."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsclean.errors import InputError

if TYPE_CHECKING:
    from newsclean.fixtures.folder import Fixture

FOLDER = Path("fixtures")


def fixtures_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """The option ``-d DIR``; passes ``root``."""
    return click.option(
        "-d",
        "--fixtures",
        "root",
        type=click.Path(file_okay=False, path_type=Path),
        default=FOLDER,
        show_default=True,
        metavar="DIR",
        help="Folder with the fixtures.",
    )(function)


def names_argument(*, required: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The argument ``ID|DIR…``; passes ``names``."""
    return click.argument("names", nargs=-1, required=required, metavar="ID|DIR..." if required else "[ID|DIR]...")


def named_fixtures(names: Sequence[str], root: Path) -> "list[Fixture]":
    """The fixtures with these ids in ``root``, and those in these folders; all in ``root`` without a name.

    Raises InputError where there is none.
    """
    from newsclean.fixtures.folder import chosen, find_fixtures

    folders = [Path(name) for name in names if Path(name).is_dir()]
    ids = [name for name in names if not Path(name).is_dir()]
    found = find_fixtures(folders)
    if ids or not names:
        inside = find_fixtures([root])
        wanted = chosen(inside, ids) if ids else inside
        known = {fixture.id for fixture in found}
        found += [fixture for fixture in wanted if fixture.id not in known]
    if not found:
        where = folders[0] if folders else root
        raise InputError(f"{where}: no fixture in that folder; `newsclean fixture add PAGE -d {where}` makes one")
    return found
