"""Clutter rules: TOML files -> a RuleSet, with every mistake in a file named.

A rule of scope ``text`` names phrases (templates, see :mod:`newsclean.clutter.template`) and where in a block
they must stand: ``whole``, ``start``, ``end`` or ``part``. The other scopes look at the page around the block:
``attribute`` at the words of class names and ids, ``link`` at link targets, ``structure`` at tags.
"""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from newsclean.clutter.filed import Filed
from newsclean.clutter.grammar import Grammar
from newsclean.clutter.template import Template, Templates
from newsclean.errors import RulesError
from newsclean.labels import LABELS
from newsclean.model import Kind

if TYPE_CHECKING:
    from newsclean.clutter.sites import SiteRule

Scope = Literal["text", "attribute", "link", "structure"]
Place = Literal["whole", "start", "end", "part"]
STATES = "state-prefixes"
"""Name of the word set for RuleSet.states."""
PLACES: tuple[Place, ...] = get_args(Place)

_DEFAULT_WEIGHT: Mapping[str, float] = {"text": -10.0, "attribute": -2.0, "link": -3.0, "structure": -2.0}
"""A phrase is a verdict, what lies around a block is a voice among others."""
_DEFAULT_MAX_WORDS: Mapping[Place, int] = {"whole": 40, "start": 30, "end": 30, "part": 14}
"""Longer blocks are prose in which the phrase is said by somebody. CJK counts characters: see the matcher."""
_STRINGS = ("match", "no_match", "whole", "start", "end", "part", "tokens", "urls", "tags", "kinds")
_KEYS = frozenset({"id", "label", "scope", "why", "weight", "max_words", "section", "cut", "unended", *_STRINGS})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rule:
    """One rule. Two rules are the same if they are one object."""

    id: str
    """Language or ``any``, a dot and a slug: ``en.read-counter``."""
    label: str
    """What the block is: one of LABELS."""
    scope: Scope
    why: str
    """One sentence that the user is shown."""
    language: str
    """Language of the file: for people; every rule is tried on every page."""
    file: str
    weight: float
    """See Evidence.weight."""
    templates: Mapping[Place, tuple[Template, ...]] = field(default_factory=dict)
    """Scope ``text``: the phrases by the place where they must stand."""
    max_words: int | None = None
    """How long a block may be, in words; absent where the place's own limit holds, and elsewhere for no limit."""
    section: bool = False
    """A block that matches names a section: what follows it in its box goes with it."""
    cut: bool = False
    """Also cut out where it is the first or last sentence of a longer block."""
    unended: bool = False
    """A phrase without a colon counts only where the block does not end as a sentence: before titles."""
    kinds: tuple[str, ...] = ()
    """Kinds of block that it is about; empty for all."""
    tokens: tuple[tuple[str, ...], ...] = ()
    """Scope ``attribute``: runs of words inside one class name or id."""
    urls: tuple[str, ...] = ()
    """Scope ``link``: parts of a link target, in lower case."""
    tags: tuple[str, ...] = ()
    """Scope ``structure``: tag names of the block or of an element around it."""
    match: tuple[str, ...] = ()
    no_match: tuple[str, ...] = ()


@dataclass(frozen=True)
class RuleSet:
    """All rules that are in force."""

    rules: tuple[Rule, ...]
    digest: str
    """First 16 hexadecimal digits of the SHA-256 over the files."""
    states: frozenset[str] = frozenset()
    """First words of class names that tell a state (``has-caption``, ``no-comments``), not what is inside."""
    sites: "tuple[SiteRule, ...]" = ()
    """Rules for single sites; newsclean brings none."""
    filed: Filed | None = None
    """How the phrases are filed, where that is known already; absent where it must be worked out."""

    def by_id(self, rule_id: str) -> Rule | None:
        """The rule of that id; None where there is none."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)


@cache
def load(extra: tuple[str, ...] = ()) -> RuleSet:
    """The rules that newsclean brings and those of further files. Raises RulesError.

    A rule of a further file with the id of an earlier one takes its place. Without further files the rules are read
    from their compiled form, where there is one and it is of these very files.
    """
    from newsclean.clutter.compiled import read_compiled

    sources = carried()
    if not extra and (known := read_compiled(digest_of(sources))) is not None:
        return known
    return compile_rules(sources, extra)


def compile_rules(carried: Iterable[tuple[str, bytes]], extra: Sequence[str] = ()) -> RuleSet:
    """The rules of the files that newsclean brings, given with their texts, and of further ones. Raises RulesError."""
    sources = list(carried)
    for name in extra:
        try:
            sources.append((name, Path(name).read_bytes()))
        except OSError as problem:
            raise RulesError(f"{name}: rule file not readable: {problem.strerror}") from None
    shared: dict[str, Sequence[str]] = {}
    rules: dict[str, Rule] = {}
    documents = [(name, _document(name, text)) for name, text in sources]
    for name, document in documents:
        if document.get("language") == "any":
            shared.update(_sets(name, document))
    grammar = Grammar()
    sites: list[SiteRule] = []
    for position, (name, document) in enumerate(documents):
        sites += _sites(name, document)
        own = position >= len(sources) - len(extra)
        for rule in _rules(name, document, shared, grammar):
            if rule.id in rules and not own:
                raise RulesError(f"{name}: rule {rule.id!r} is already in {rules[rule.id].file}")
            rules[rule.id] = rule
    return RuleSet(tuple(rules.values()), digest_of(sources), frozenset(shared.get(STATES, ())), tuple(sites))


def read_rules(
    name: str, text: bytes, shared: Mapping[str, Sequence[str]], grammar: Grammar | None = None
) -> list[Rule]:
    """The rules of one file; ``shared`` are the word sets of other files. Raises RulesError.

    ``grammar`` takes up what the phrases of several files have in common.
    """
    return _rules(name, _document(name, text), shared, grammar)


def _rules(
    name: str, document: Mapping[str, Any], shared: Mapping[str, Sequence[str]], grammar: Grammar | None
) -> list[Rule]:
    language = document.get("language")
    if not isinstance(language, str):
        raise RulesError(f"{name}: the file must say its language, or language = 'any'")
    unknown = set(document) - {"language", "words", "rule", "site"}
    if unknown:
        raise RulesError(f"{name}: unknown key {min(unknown)!r}; there are language, words, rule and site")
    entries = document.get("rule", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise RulesError(f"{name}: rule must be tables: [[rule]]")
    templates = Templates({**shared, **_sets(name, document)}, grammar)
    rules = [_rule(name, language, entry, templates) for entry in entries]
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise RulesError(f"{name}: rule {rule.id!r} is there twice")
        seen.add(rule.id)
    return rules


def carried() -> list[tuple[str, bytes]]:
    """The rule files that newsclean brings, with their names, in their order."""
    folder = files("newsclean.clutter") / "data"
    found = [entry for entry in folder.iterdir() if entry.name.endswith(".toml")]
    return [(entry.name, entry.read_bytes()) for entry in sorted(found, key=lambda entry: entry.name)]


def digest_of(sources: Iterable[tuple[str, bytes]]) -> str:
    """What RuleSet.digest is for these files."""
    digest = hashlib.sha256()
    for _, text in sources:
        digest.update(hashlib.sha256(text).digest())
    return digest.hexdigest()[:16]


def _document(name: str, text: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(text.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise RulesError(f"{name}: not readable as TOML: {problem}") from None


def _sets(name: str, document: Mapping[str, Any]) -> dict[str, Sequence[str]]:
    sets = document.get("words", {})
    if not isinstance(sets, dict):
        raise RulesError(f"{name}: words must be a table: [words]")
    for key, value in sets.items():
        if not isinstance(value, list) or not value or not all(isinstance(item, str) for item in value):
            raise RulesError(f"{name}: words.{key} must be a list of strings")
    return dict(sets)


def _sites(name: str, document: Mapping[str, Any]) -> "list[SiteRule]":
    entries = document.get("site", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise RulesError(f"{name}: site must be tables: [[site]]")
    if not entries:
        return []
    from newsclean.clutter.sites import read_site

    return [read_site(name, number, entry) for number, entry in enumerate(entries, 1)]


def _rule(name: str, language: str, entry: Mapping[str, Any], templates_of: Templates) -> Rule:
    rule_id = entry.get("id")
    if not isinstance(rule_id, str):
        raise RulesError(f"{name}: a rule has no id")
    where = f"{name}: rule {rule_id!r}"
    if unknown := set(entry) - _KEYS:
        raise RulesError(f"{where}: unknown key {min(unknown)!r}")
    for key in ("label", "scope", "why"):
        if not isinstance(entry.get(key), str) or not entry[key]:
            raise RulesError(f"{where}: {key} is missing")
    for key in _STRINGS:
        if not isinstance(entry.get(key, []), list) or not all(isinstance(item, str) for item in entry.get(key, [])):
            raise RulesError(f"{where}: {key} must be a list of strings")
    if type(entry.get("weight", 0.0)) not in (int, float):
        raise RulesError(f"{where}: weight must be a number")
    if type(entry.get("max_words", 1)) is not int or entry.get("max_words", 1) < 1:
        raise RulesError(f"{where}: max_words must be a number above 0")
    for key in ("section", "cut"):
        if not isinstance(entry.get(key, False), bool):
            raise RulesError(f"{where}: {key} must be true or false")
    if not all(token.split() for token in entry.get("tokens", ())):
        raise RulesError(f"{where}: tokens must not be empty")
    if unknown := set(entry.get("kinds", ())) - set(get_args(Kind)):
        raise RulesError(f"{where}: kinds has {min(unknown)!r}; there are {', '.join(get_args(Kind))}")
    if entry["label"] not in LABELS:
        raise RulesError(f"{where}: unknown label {entry['label']!r}; there are {', '.join(sorted(LABELS))}")
    scope = entry["scope"]
    if scope not in get_args(Scope):
        raise RulesError(f"{where}: unknown scope {scope!r}; there are {', '.join(get_args(Scope))}")
    needed = {"text": PLACES, "attribute": ("tokens",), "link": ("urls",), "structure": ("tags",)}[scope]
    if not any(entry.get(key) for key in needed):
        raise RulesError(f"{where}: a rule of scope {scope} needs {' or '.join(needed)}")
    if not entry.get("match") or not entry.get("no_match"):
        raise RulesError(f"{where}: it needs match and no_match examples")
    try:
        templates = {
            place: tuple(templates_of.compile(source) for source in entry[place])
            for place in PLACES
            if entry.get(place)
        }
    except RulesError as problem:
        raise RulesError(f"{where}: {problem}") from None
    return Rule(
        id=rule_id,
        label=entry["label"],
        scope=scope,
        why=entry["why"],
        language=language,
        file=name,
        weight=float(entry.get("weight", _DEFAULT_WEIGHT[scope])),
        templates=templates,
        max_words=entry.get("max_words"),
        section=bool(entry.get("section", False)),
        cut=bool(entry.get("cut", False)),
        unended=bool(entry.get("unended", False)),
        kinds=tuple(entry.get("kinds", ())),
        tokens=tuple(tuple(token.lower().split()) for token in entry.get("tokens", ())),
        urls=tuple(url.lower() for url in entry.get("urls", ())),
        tags=tuple(entry.get("tags", ())),
        match=tuple(entry["match"]),
        no_match=tuple(entry["no_match"]),
    )


def max_words(rule: Rule, place: Place) -> int:
    """How long a block may be for a rule's phrases at that place, in words."""
    return rule.max_words if rule.max_words is not None else _DEFAULT_MAX_WORDS[place]
