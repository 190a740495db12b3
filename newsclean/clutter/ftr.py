"""Site files of full-text readers (ftr-site-config) -> ``[[site]]`` tables.

Such a file is named for a host, ``news.example.txt``, or ``.news.example.txt`` for the hosts below it, and has a
directive a line: ``body: //div[@id='story']``. The ones that say where the article stands are carried over; those that
ask for further pages or rewrite the page are not, and are noted.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from newsclean.clutter.sites import FIELDS, selector
from newsclean.errors import RulesError

_LINE = re.compile(r"([A-Za-z][A-Za-z_-]*)\s*(?:\(.*\))?\s*:\s*(.*)")
_NO_LOSS = frozenset(
    (
        "test_url test_contains prune tidy parser autodetect_on_failure convert_double_br_tags insert_detected_image "
        "strip_comments src_lazy_load_attr footnotes"
    ).split()
)
"""How a reader goes about its work, and tests of the file: nothing is missed without them."""
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+")


@dataclass(slots=True)
class SiteFile:
    """What a site file says, in newsclean's words."""

    hosts: list[str]
    selectors: dict[str, list[str]] = field(default_factory=dict)
    """By key of a ``[[site]]`` table."""
    notes: list[str] = field(default_factory=list)
    """What could not be carried over."""
    mistakes: list[str] = field(default_factory=list)
    """What is wrong with the file."""

    def table(self) -> str:
        """The ``[[site]]`` table; empty where nothing is left of the file."""
        if not self.selectors:
            return ""
        lines = [f"# left out: {', '.join(self.notes)}"] if self.notes else []
        lines += ["[[site]]", f"hosts = {_list(self.hosts)}"]
        lines += [f"{key} = {_list(self.selectors[key])}" for key in _KEYS if key in self.selectors]
        return "\n".join(lines) + "\n"


_KEYS = ("body", "strip", *FIELDS)


def read_ftr(name: str, data: bytes) -> SiteFile:
    """A site file's content. ``name``: the file's name, which says the host."""
    host = name.removesuffix(".txt").lower()
    plain = host.removeprefix(".").removeprefix("www.")
    site = SiteFile([f"*.{plain}" if host.startswith(".") else plain])
    if not _HOST.fullmatch(plain):
        site.mistakes.append("the name is no host name")
        return site
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        site.mistakes.append("not UTF-8")
        return site
    known = 0
    left_out: dict[str, None] = {}
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        found = _LINE.fullmatch(line)
        if found is None:
            left_out["a line that is no directive"] = None
            continue
        key, value = found[1].lower(), found[2]
        if key in _CARRIED:
            known += 1
            if value:
                _take(site, number, *_CARRIED[key](value))
        elif key in _NO_LOSS:
            known += 1
        else:
            left_out[key] = None
    site.notes += left_out
    if not known and not left_out:
        site.mistakes.append("no directives in it")
    elif not site.selectors and not site.mistakes:
        site.mistakes.append("nothing in it that can be carried over")
    return site


def site_files(places: list[Path]) -> Iterator[Path]:
    """The files that are named, and of folders all that end in ``.txt``, by name; hidden folders left out."""
    for place in places:
        if not place.is_dir():
            yield place
            continue
        for path in sorted(place.rglob("*.txt")):
            if path.is_file() and not any(part.startswith(".") for part in path.relative_to(place).parts[:-1]):
                yield path


def document(sites: Iterable[SiteFile]) -> str:
    """The rule file of these sites; a host that is there twice has two tables."""
    tables = [table for site in sites if (table := site.table())]
    return "\n".join(['language = "any"\n', *tables])


def _take(site: SiteFile, number: int, key: str, source: str) -> None:
    try:
        selector(source, f"line {number}")
    except RulesError as problem:
        site.mistakes.append(str(problem))
        return
    sources = site.selectors.setdefault(key, [])
    if source not in sources:
        sources.append(source)


def _named(value: str) -> tuple[str, str]:
    quoted = _quoted(value.strip("'\""))
    return "strip", f"//*[contains(@class, {quoted}) or contains(@id, {quoted})]"


def _pictured(value: str) -> tuple[str, str]:
    return "strip", f"//img[contains(@src, {_quoted(value.strip(chr(39) + chr(34)))})]"


def _as_it_is(key: str) -> Callable[[str], tuple[str, str]]:
    return lambda value: (key, value)


_CARRIED: dict[str, Callable[[str], tuple[str, str]]] = {
    **{key: _as_it_is(key) for key in _KEYS},
    "strip_id_or_class": _named,
    "strip_image_src": _pictured,
}


def _quoted(text: str) -> str:
    """A text as XPath has it, which knows no escapes."""
    if "'" not in text:
        return f"'{text}'"
    if '"' not in text:
        return f'"{text}"'
    return "concat(" + ', "\'", '.join(f"'{part}'" for part in text.split("'")) + ")"


def _list(values: list[str]) -> str:
    if len(values) == 1:
        return f"[{_toml(values[0])}]"
    return "[\n" + "".join(f"    {_toml(value)},\n" for value in values) + "]"


def _toml(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08X}" for c in escaped) + '"'
