"""The choice of the authors among what structured data, meta elements and the page itself say."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from newsclean.metadata.bylines import Byline, bylines, far_byline, opening_name, repeated_name
from newsclean.metadata.candidates import Candidate
from newsclean.metadata.jsonld import Graph, Node, types
from newsclean.metadata.names import Names, declared_names
from newsclean.metadata.sources import Gathered, one_line, printable
from newsclean.metadata.vocabulary import name_words
from newsclean.model import Block
from newsclean.page.compare import key

_MOST = 100
"""Authors of one page that are read."""
_MOST_MORE = 4
"""Names that another source may add."""
_ORGANISATIONS = frozenset("Organization NewsMediaOrganization Corporation Brand WebSite".split())


@dataclass(frozen=True, slots=True)
class Credit:
    """What one source says about the authors."""

    source: str
    raw: str
    names: Names


def authors(
    graph: Graph,
    nodes: Sequence[tuple[str, Node]],
    gathered: Gathered,
    blocks: Sequence[Block],
    at: int | None,
    outlet: frozenset[str],
) -> Iterator[Candidate]:
    """The authors, the best source first: people before organisations, and what the page declares before what it
    shows; then what names nobody. ``nodes``: the article in structured data, with sources. ``at``: number of the
    headline's block.
    """
    asked = [*_of_nodes(graph, nodes[:1], outlet), *_of_metas(gathered, outlet), *_of_nodes(graph, nodes[1:], outlet)]
    told = [credit for credit in asked if credit.names.people or credit.names.organisations]
    declared = next((credit for credit in told if credit.source == nodes[0][0]), None)
    node = nodes[0][1]
    first = next((credit for credit in told if credit.names.people), None)
    lines = bylines(blocks, at, outlet, only_named=first is not None)
    shown = [Credit(f"block:{line.block}", line.text, line.names) for line in lines if line.near][:3]
    if first is None and not any(_is_another(name, outlet) for credit in told for name in credit.names.organisations):
        first = next((credit for credit in shown if credit.names.people), None)
        line = None if first else _elsewhere(blocks, at, outlet)
        if line is not None:
            first = Credit(f"block:{line.block}", line.text, line.names)
    if first is not None:
        chosen = _fuller(first, [*told, *shown])
        names = chosen.names.people
        if chosen is declared:
            names += chosen.names.organisations if isinstance(node.get("author"), list) else ()
        yield Candidate(chosen.source, names, chosen.raw)
    # an agency tells more than the name of the outlet
    newsrooms = sorted(
        told, key=lambda credit: not any(_is_another(name, outlet) for name in credit.names.organisations)
    )
    for credit in (*newsrooms, *shown):
        if credit.names.organisations:
            yield Candidate(credit.source, credit.names.organisations, credit.raw)
    for credit in (*told, *shown):
        if credit.names.people and credit is not first:
            yield Candidate(credit.source, credit.names.people, credit.raw)
    for credit in asked:
        if credit not in told:
            yield Candidate(credit.source, None, credit.raw, "names nobody but the outlet")


def _elsewhere(blocks: Sequence[Block], at: int | None, outlet: frozenset[str]) -> Byline | None:
    """A byline that no mark near the headline gives away."""
    return opening_name(blocks, at, outlet) or repeated_name(blocks, at, outlet) or far_byline(blocks, at, outlet)


def _fuller(first: Credit, others: Sequence[Credit]) -> Credit:
    """The source that has all the names of the first and more, where there is one; the first otherwise."""
    own = {key(name) for name in first.names.people}
    for other in others:
        theirs = {key(name) for name in other.names.people}
        more = theirs - own
        if own < theirs and len(more) <= _MOST_MORE and not any(name in longer for name in own for longer in more):
            return other
    return first


def _is_another(name: str, outlet: frozenset[str]) -> bool:
    """Whether an organisation is not the page's own publisher, as an agency is."""
    return not any(own in key(name) for own in outlet) and not name_words().newsrooms.search(name)


def _of_nodes(graph: Graph, nodes: Iterable[tuple[str, Node]], outlet: frozenset[str]) -> Iterator[Credit]:
    for source, node in nodes:
        if value := node.get("author") or node.get("creator"):
            yield _of_structured(graph, source, value, outlet)


def _of_structured(graph: Graph, source: str, value: Any, outlet: frozenset[str]) -> Credit:
    people: list[str] = []
    organisations: list[str] = []
    raw: list[str] = []
    for entry in (value if isinstance(value, list) else [value])[:_MOST]:
        entry = graph.resolved(entry)
        text = _name(entry)
        if text is None:
            continue
        raw.append(text)
        names = declared_names(text, outlet)
        if isinstance(entry, dict) and types(entry) & _ORGANISATIONS:
            organisations += (*names.people, *names.organisations)
        else:
            people += names.people
            organisations += names.organisations
    names = Names(tuple(dict.fromkeys(people)), tuple(dict.fromkeys(organisations)))
    return Credit(source, "; ".join(raw), names)


def _name(value: Any) -> str | None:
    """The name of a person or organisation, which JSON-LD gives as a string, an object or a list."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        name = value.get("name")
        if isinstance(name, list):
            name = ", ".join(part for part in map(one_line, name) if part)
        value = name or " ".join(
            part for part in (one_line(value.get("givenName")), one_line(value.get("familyName"))) if part
        )
    return one_line(value)


def _of_metas(gathered: Gathered, outlet: frozenset[str]) -> Iterator[Credit]:
    for name in name_words().metas:
        values = gathered.metas.get(name)
        if not values:
            continue
        people: list[str] = []
        organisations: list[str] = []
        for value in values:
            names = declared_names(value, outlet)
            people += names.people
            organisations += names.organisations
        found = Names(tuple(dict.fromkeys(people)), tuple(dict.fromkeys(organisations)))
        yield Credit(f"meta:{name}", printable("; ".join(values)), found)
    label = next(iter(gathered.metas.get("twitter:label1", ())), "").casefold().strip(" :")
    for value in gathered.metas.get("twitter:data1", ())[:1]:
        if label in name_words().by and (found := declared_names(value, outlet)).people:
            yield Credit("meta:twitter:data1", value, found)
