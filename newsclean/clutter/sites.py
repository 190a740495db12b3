"""Rules for single sites: where on their pages the article stands, and what is no part of it.

newsclean brings none. They are ``[[site]]`` tables of a user's rule file, written there or made from files of
full-text readers by :mod:`newsclean.clutter.ftr`. A rule holds for some hosts, and from one day to another where the
site changed its pages: an old page is read with the rules of its day.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from lxml import etree

from newsclean.errors import RulesError

FIELDS = ("title", "author", "date")
"""Metadata that a rule can point at."""
_SELECTORS = ("body", "strip", *FIELDS)
_DAYS = ("valid_from", "valid_until")
_ANY_SUBDOMAIN = "*."
_LONGEST_VALUE = 1_000
"""Characters of a title, an author or a date; what is longer was not pointed at rightly."""


@dataclass(frozen=True, slots=True, eq=False)
class Selector:
    """One XPath expression."""

    source: str
    path: etree.XPath
    where: str
    """File and rule, for messages."""

    def elements(self, tree: etree._Element) -> list[etree._Element]:
        """The elements that it names, in document order. Raises RulesError where it cannot be evaluated."""
        found = self._evaluated(tree)
        return [item for item in found if isinstance(item, etree._Element)] if isinstance(found, list) else []

    def values(self, tree: etree._Element) -> list[str]:
        """The texts that it names: of elements, attributes or of a string; empty ones left out. Raises RulesError."""
        found = self._evaluated(tree)
        texts = [_text(item) for item in (found if isinstance(found, list) else [found])]
        return [text for text in texts if 0 < len(text) <= _LONGEST_VALUE]

    def _evaluated(self, tree: etree._Element) -> object:
        try:
            return self.path(tree)
        except etree.XPathError as problem:
            raise RulesError(f"{self.where}: {self.source!r}: {problem}") from None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SiteRule:
    """Where the article stands on the pages of some hosts."""

    hosts: tuple[str, ...]
    """``news.example``, with or without ``www.``; ``*.example`` for all hosts below it."""
    file: str
    valid_from: date | None = None
    """First day of the pages that it is for; absent for no first day."""
    valid_until: date | None = None
    """Last day of the pages that it is for; absent for no last day."""
    body: tuple[Selector, ...] = ()
    """The elements with the article's text: those of the first selector that finds any."""
    strip: tuple[Selector, ...] = ()
    """Elements that are no part of it, wherever they are: those of all selectors."""
    fields: Mapping[str, tuple[Selector, ...]] = field(default_factory=dict)
    """For names of FIELDS: what the first selector finds that finds anything."""

    def holds_on(self, day: date | None) -> bool:
        """Whether it is for pages of that day; without a day, whether it has no last one."""
        if day is None:
            return self.valid_until is None
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


class SiteRules:
    """Site rules, by host."""

    def __init__(self, rules: Iterable[SiteRule] = ()) -> None:
        self._by_host: dict[str, list[SiteRule]] = {}
        for rule in rules:
            for host in rule.hosts:
                self._by_host.setdefault(_plain(host), []).append(rule)

    def __bool__(self) -> bool:
        return bool(self._by_host)

    def rules_for(self, host: str, day: date | None = None) -> tuple[SiteRule, ...]:
        """The rules for a page of a host on a day, in the order of their files.

        Rules that name the host itself go before those of the nearest domain above it; the others do not count.
        """
        name = _plain(host.partition(":")[0])
        parts = name.split(".")
        for pattern in (name, *(_ANY_SUBDOMAIN + ".".join(parts[above:]) for above in range(1, len(parts)))):
            if found := tuple(rule for rule in self._by_host.get(pattern, ()) if rule.holds_on(day)):
                return found
        return ()


def site_marks(tree: etree._Element, rules: Sequence[SiteRule]) -> tuple[set[etree._Element], set[etree._Element]]:
    """The elements that have the body, and those that are stripped; what is inside them goes with them.

    The body is that of the first rule that finds one; an empty set says nothing about it. The tree stays as it is.
    Raises RulesError where a selector cannot be evaluated.
    """
    body: set[etree._Element] = set()
    for selector in (selector for rule in rules for selector in rule.body):
        if body := set(selector.elements(tree)):
            break
    return body, {element for rule in rules for selector in rule.strip for element in selector.elements(tree)}


def site_fields(tree: etree._Element, rules: Sequence[SiteRule]) -> dict[str, list[str]]:
    """For each name of FIELDS that the rules find: the texts, white space folded. Raises RulesError."""
    found: dict[str, list[str]] = {}
    for name in FIELDS:
        for selector in (selector for rule in rules for selector in rule.fields.get(name, ())):
            if values := selector.values(tree):
                found[name] = values
                break
    return found


def read_site(file: str, number: int, entry: Mapping[str, Any]) -> SiteRule:
    """A ``[[site]]`` table, the ``number``-th of its file. Raises RulesError."""
    hosts = entry.get("hosts")
    where = f"{file}: site {number}"
    if not isinstance(hosts, list) or not hosts or not all(isinstance(host, str) for host in hosts):
        raise RulesError(f"{where}: hosts must be a list of host names")
    where = f"{file}: site {hosts[0]!r}"
    for host in hosts:
        name = host.removeprefix(_ANY_SUBDOMAIN)
        if not name or set(name) & set("*/:@ ") or name != name.strip("."):
            raise RulesError(f"{where}: {host!r} is no host name")
    if unknown := set(entry) - {"hosts", *_DAYS, *_SELECTORS}:
        raise RulesError(f"{where}: unknown key {min(unknown)!r}")
    selectors: dict[str, tuple[Selector, ...]] = {}
    for key in _SELECTORS:
        sources = entry.get(key, [])
        if not isinstance(sources, list) or not all(isinstance(source, str) for source in sources):
            raise RulesError(f"{where}: {key} must be a list of XPath expressions")
        selectors[key] = tuple(selector(source, f"{where}: {key}") for source in sources)
    if not any(selectors.values()):
        raise RulesError(f"{where}: it needs one of {', '.join(_SELECTORS)}")
    days = [_day(entry.get(key), f"{where}: {key}") for key in _DAYS]
    if days[0] and days[1] and days[0] > days[1]:
        raise RulesError(f"{where}: valid_from is after valid_until")
    return SiteRule(
        hosts=tuple(hosts),
        file=file,
        valid_from=days[0],
        valid_until=days[1],
        body=selectors["body"],
        strip=selectors["strip"],
        fields={name: selectors[name] for name in FIELDS if selectors[name]},
    )


def selector(source: str, where: str) -> Selector:
    """An XPath 1.0 expression, tried once. Raises RulesError where it is none; ``where`` is for the message."""
    try:
        path = etree.XPath(source, smart_strings=False)
        path(_BLANK)
    except (etree.XPathError, ValueError) as problem:
        raise RulesError(f"{where}: {source!r} is no XPath 1.0: {problem}") from None
    return Selector(source, path, where)


_BLANK = etree.fromstring("<html><body/></html>")
"""What selectors are tried on: unknown functions and prefixes show only there."""


def _plain(host: str) -> str:
    return host.lower().removeprefix("www.")


def _day(value: object, where: str) -> date | None:
    if value is None:
        return None
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    elif isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise RulesError(f"{where} must be a day: 2024-06-30")


def _text(item: object) -> str:
    if isinstance(item, etree._Element):
        item = item.xpath("string()")
    return " ".join(str(item).split()) if isinstance(item, (str, int, float)) and not isinstance(item, bool) else ""
