"""One page that a command names."""

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from newsclean.cli.inputs import Pages
from newsclean.errors import InputError, UsageError

if TYPE_CHECKING:
    from newsclean.model import Capture


def capture_of(page: str, url: str | None) -> "Capture":
    """The page that a command names: a file, or a record as ``FILE@OFFSET``. ``url``: where a file is from.

    Raises InputError where there is no page, UsageError where there are several, WarcError for a record that cannot be
    read.
    """
    file, mark, offset = page.rpartition("@")
    if mark and offset.isdecimal() and not Path(page).exists():
        from newsclean.warc import read_at

        return read_at(file, int(offset))
    found = list(islice(Pages([Path(page)], url), 2))
    if not found:
        raise InputError(f"{page}: no page in it")
    if len(found) > 1:
        raise UsageError(f"{page}: more than one page; name one, as in {found[0].name}")
    return found[0].capture
