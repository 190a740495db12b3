"""List, show, lint and test the clutter rules; import site files of other readers."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsclean.cli.options import load_settings
from newsclean.cli.output import console, note, opened, out_option, printable, to_terminal, write_json
from newsclean.errors import EXIT_MISMATCH, EXIT_OK, EXIT_SOME_FAILED, InputError, UsageError

if TYPE_CHECKING:
    from newsclean.clutter.check import Finding
    from newsclean.clutter.rules import Rule, RuleSet

_files = click.option(
    "--rules", "files", multiple=True, metavar="FILE", help="Rule files beside the ones of newsclean."
)


@click.group("rules")
def command() -> None:
    """List, show, lint and test the clutter rules.

    \b
    newsclean rules list --label counter
    newsclean rules test --rules my-rules.toml
    """


@command.command("list")
@_files
@click.option("--label", help="Only rules with this label.")
@click.option("--language", help="Only rules of this language; any for those of all.")
def list_rules(files: tuple[str, ...], label: str | None, language: str | None) -> int:
    """List the rules that are in force.

    \b
    newsclean rules list
    newsclean rules list --language de --label related
    """
    chosen = [
        rule
        for rule in _load(files).rules
        if (label is None or rule.label == label) and (language is None or rule.language == language)
    ]
    if not to_terminal():
        for rule in chosen:
            write_json(_record(rule))
        return EXIT_OK
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="dim")
    for title in ("rule", "label", "scope"):
        table.add_column(title, no_wrap=True)
    table.add_column("why")
    for rule in chosen:
        table.add_row(rule.id, rule.label, rule.scope, rule.why)
    console().print(table)
    note(f"{len(chosen)} rules")
    return EXIT_OK


@command.command("show")
@_files
@click.argument("rule")
def show(files: tuple[str, ...], rule: str) -> int:
    """Show one rule: its phrases, its examples, and what it is for.

    \b
    newsclean rules show en.read-counter
    newsclean rules show en.read-counter | jq .match
    """
    found = _load(files)
    chosen = found.by_id(rule)
    if chosen is None:
        from difflib import get_close_matches

        near = get_close_matches(rule, [other.id for other in found.rules], n=1)
        hint = f"; did you mean {near[0]!r}?" if near else "; `newsclean rules list` has them all"
        raise UsageError(f"no rule {rule!r}{hint}")
    record = _record(chosen)
    if not to_terminal():
        write_json(record)
        return EXIT_OK
    from rich.text import Text

    screen = console()
    for key, value in record.items():
        values = value if isinstance(value, list) else [value]
        for number, line in enumerate(values):
            if line not in (None, False):
                screen.print(Text(f"{'' if number else key:>10}  ", "dim") + Text(printable(str(line))), soft_wrap=True)
    return EXIT_OK


@command.command("lint")
@_files
def lint_rules(files: tuple[str, ...]) -> int:
    """Find habits that make rules worse: open-ended phrases, reasons that are no sentence, wrong ids.

    \b
    newsclean rules lint
    newsclean rules lint --rules my-rules.toml
    """
    from newsclean.clutter.check import lint

    rules = _load(files)
    return _report(lint(rules), f"{len(rules.rules)} rules: nothing to complain about")


@command.command("test")
@_files
def test_rules(files: tuple[str, ...]) -> int:
    """Test each rule on its own examples: what it must match, and what must stay.

    \b
    newsclean rules test
    newsclean rules test --rules my-rules.toml
    """
    from newsclean.clutter.check import check_examples

    rules = _load(files)
    count = sum(len(rule.match) + len(rule.no_match) for rule in rules.rules)
    return _report(check_examples(rules), f"{len(rules.rules)} rules, {count} examples: all as they should be")


@command.command("import-ftr")
@click.argument("places", nargs=-1, required=True, metavar="FILE|DIR…", type=click.Path(exists=True, path_type=Path))
@out_option
def import_ftr(places: tuple[Path, ...], out: Path | None) -> int:
    """Convert site files of full-text readers (ftr-site-config) to a rule file.

    What they say of title, body, author, date and of what is to be stripped is carried over; what is left out is
    counted on stderr and stands as a comment in the rule file. A file that is wrong has a line there; what is right in
    it is kept.

    \b
    newsclean rules import-ftr ftr-site-config -o sites.toml
    newsclean rules import-ftr news.example.txt .blogs.example.txt > sites.toml
    """
    from collections import Counter

    from newsclean.clutter.ftr import document, read_ftr, site_files

    found = []
    left_out: Counter[str] = Counter()
    wrong = 0
    for path in site_files(list(places)):
        try:
            site = read_ftr(path.name, path.read_bytes())
        except OSError as problem:
            note(f"{path}: {problem.strerror}")
            wrong += 1
            continue
        if site.mistakes:
            more = f", and {len(site.mistakes) - 1} more" if len(site.mistakes) > 1 else ""
            note(f"{path}: {site.mistakes[0]}{more}")
            wrong += 1
        left_out.update(site.notes)
        found.append(site)
    if not found and not wrong:
        raise InputError(f"{places[0]}: no site files there: they are named for a host and end in .txt")
    with opened(out) as stream:
        stream.write(document(found).encode())
    for name, count in left_out.most_common():
        note(f"left out: {name} (in {count} files)")
    note(f"{sum(1 for site in found if site.selectors)} sites, {wrong} wrong files")
    return EXIT_SOME_FAILED if wrong else EXIT_OK


def _load(files: tuple[str, ...]) -> "RuleSet":
    from newsclean.clutter.rules import load

    return load((*load_settings().rules, *files))


def _report(findings: "Iterable[Finding]", praise: str) -> int:
    count = 0
    for finding in findings:
        count += 1
        if to_terminal():
            click.echo(printable(str(finding)))
        else:
            write_json({"file": finding.file, "rule": finding.rule, "message": finding.message})
    note(f"newsclean: {count} findings" if count else praise)
    return EXIT_MISMATCH if count else EXIT_OK


def _record(rule: "Rule") -> dict[str, Any]:
    return {
        "id": rule.id,
        "label": rule.label,
        "scope": rule.scope,
        "why": rule.why,
        "language": rule.language,
        "file": rule.file,
        "weight": rule.weight,
        **{place: [template.source for template in templates] for place, templates in rule.templates.items()},
        **dict(_optional(rule)),
        "match": list(rule.match),
        "no_match": list(rule.no_match),
    }


def _optional(rule: "Rule") -> Iterator[tuple[str, Any]]:
    """What only some rules have."""
    if rule.tokens:
        yield "tokens", [" ".join(words) for words in rule.tokens]
    for name in ("urls", "tags", "kinds"):
        if values := getattr(rule, name):
            yield name, list(values)
    for name in ("max_words", "section", "cut"):
        if value := getattr(rule, name):
            yield name, value
