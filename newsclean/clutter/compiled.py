"""The rules that newsclean brings in a form that is read quickly, made from the TOML files by scripts/build_rules.

The file names the digest of the TOML files that it was made from. Where it is missing, is of other files or is of
another version of this module, the TOML files are read instead: the answers are the same, the start takes longer.
"""

import sys
import zlib
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from newsclean.clutter.filed import Filed
from newsclean.clutter.grammar import Grammar, Items
from newsclean.clutter.phrases import PhraseIndex
from newsclean.clutter.rules import PLACES, Place, Rule, RuleSet, Scope, carried, compile_rules, digest_of
from newsclean.clutter.template import Template

NAME = "rules.compiled"
"""Name of the file, beside the TOML files."""
_VERSION = 2
"""Changes with the form of the file."""


class _Head(msgspec.Struct, frozen=True, array_like=True):
    """What stands first, so that it can be read alone."""

    version: int
    digest: str


class _Rule(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A Rule, with its templates as they are in the grammar; see there for what the others are."""

    id: str
    label: str
    scope: Scope
    why: str
    language: str
    file: str
    weight: float
    templates: dict[Place, list[tuple[str, Items, bool]]]
    max_words: int | None
    section: bool
    cut: bool
    unended: bool
    kinds: tuple[str, ...]
    tokens: tuple[tuple[str, ...], ...]
    urls: tuple[str, ...]
    tags: tuple[str, ...]
    match: tuple[str, ...]
    no_match: tuple[str, ...]


class _Body(msgspec.Struct, frozen=True, array_like=True, gc=False):
    rules: list[_Rule]
    states: frozenset[str]
    choices: list[msgspec.Raw]
    filed: Filed


class _Choices(list[Any]):
    """The choices of the grammar, read when they are first asked for: most never are."""

    def __getitem__(self, number: Any) -> Any:
        found = super().__getitem__(number)
        if isinstance(found, bytes):
            found = self[number] = _decode_choice(found)
        return found


_decode_choice = msgspec.msgpack.Decoder(tuple[Items, ...]).decode


def write_compiled(rules: RuleSet) -> bytes:
    """The file's content for a rule set of one grammar; the same rules give the same bytes. No site rules."""
    index = PhraseIndex(rules.rules)
    filed = index.filed()
    known = index.grammar.choices
    choices = [msgspec.Raw(msgspec.msgpack.encode(known[number])) for number in range(len(known))]
    body = _Body([_written(rule) for rule in rules.rules], rules.states, choices, filed)
    encoder = msgspec.msgpack.Encoder(order="deterministic")
    return encoder.encode(_Head(_VERSION, rules.digest)) + zlib.compress(encoder.encode(body))


def read_compiled(digest: str) -> RuleSet | None:
    """The carried rules; None where the compiled file is missing or not of the TOML files with that digest."""
    try:
        data = (files("newsclean.clutter") / "data" / NAME).read_bytes()
    except OSError:
        return None
    head = msgspec.msgpack.encode(_Head(_VERSION, digest))
    if not data.startswith(head):
        return None
    try:
        body = msgspec.msgpack.decode(zlib.decompress(data[len(head) :]), type=_Body)
    except (zlib.error, msgspec.DecodeError):
        return None
    grammar = Grammar(_Choices(map(bytes, body.choices)))
    return RuleSet(tuple([_rule(rule, grammar) for rule in body.rules]), digest, body.states, filed=body.filed)


def _written(rule: Rule) -> _Rule:
    values = {name: getattr(rule, name) for name in _Rule.__struct_fields__ if name != "templates"}
    templates = {
        place: [(known.source, known.items, known.signs) for known in found] for place, found in rule.templates.items()
    }
    return _Rule(**values, templates=templates)


def _rule(rule: _Rule, grammar: Grammar) -> Rule:
    return Rule(
        id=rule.id,
        label=rule.label,
        scope=rule.scope,
        why=rule.why,
        language=rule.language,
        file=rule.file,
        weight=rule.weight,
        templates={
            place: tuple([Template(source, items, signs, grammar) for source, items, signs in rule.templates[place]])
            for place in PLACES
            if place in rule.templates
        },
        max_words=rule.max_words,
        section=rule.section,
        cut=rule.cut,
        unended=rule.unended,
        kinds=rule.kinds,
        tokens=rule.tokens,
        urls=rule.urls,
        tags=rule.tags,
        match=rule.match,
        no_match=rule.no_match,
    )


def main(arguments: Sequence[str]) -> int:
    """Write the compiled form of the carried rules, to the folder that is named or beside them.

    Beside them it is written only where it is out of date. With ``--check`` nothing is written: exit status 1 where the
    file is missing or out of date.
    """
    folder = Path(str(files("newsclean.clutter") / "data"))
    if arguments and arguments[0] != "--check":
        folder = Path(arguments[0])
    path = folder / NAME
    if not arguments and _is_fresh(path):
        return 0
    rules = compile_rules(carried())
    if "--check" in arguments:
        fresh = path.is_file() and path.read_bytes() == write_compiled(rules)
        if not fresh:
            print(f"{path}: out of date: run scripts/build_rules", file=sys.stderr)
        return int(not fresh)
    temporary = path.with_suffix(".new")
    temporary.write_bytes(write_compiled(rules))
    temporary.replace(path)
    return 0


def _is_fresh(path: Path) -> bool:
    """Whether the file is of these TOML files and younger than the modules that make it: a quick look."""
    modules = Path(__file__).parent.glob("*.py")
    head = msgspec.msgpack.encode(_Head(_VERSION, digest_of(carried())))
    try:
        young = path.stat().st_mtime_ns > max(module.stat().st_mtime_ns for module in modules)
        return young and path.read_bytes().startswith(head)
    except OSError:
        return False


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
