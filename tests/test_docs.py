"""The documentation says what there is, and the examples in it work."""

import re
import runpy
import tomllib
from dataclasses import fields
from pathlib import Path

import click
import pytest

from newsclean.cli import main
from newsclean.clutter.rules import _KEYS, compile_rules, load
from newsclean.labels import LABELS
from newsclean.settings import Settings
from newsclean.version import __version__

ROOT = Path(__file__).parents[1]
COMMANDS_PAGE = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
RULES_PAGE = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")] + sorted(ROOT.glob("docs/*.md"))


def commands() -> dict[str, click.Command]:
    """All commands by what is typed for them: ``archive``, ``rules list``."""
    context = click.Context(main)
    found: dict[str, click.Command] = {}
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command is not None
        found[name] = command
        if isinstance(command, click.Group):
            found |= {f"{name} {sub}": part for sub, part in command.commands.items()}
    return found


@pytest.mark.parametrize("name", commands())
def test_command_has_help_examples_and_a_place_in_the_docs(name: str) -> None:
    command = commands()[name]
    assert command.help is not None
    assert command.help[0].isupper()
    examples = [line for line in command.help.splitlines() if re.match(r"(my-scraper.*\| )?newsclean ", line.strip())]
    assert len(examples) >= 2
    assert all(f"newsclean {name.split()[0]}" in example for example in examples)
    assert f"newsclean {name}" in COMMANDS_PAGE


@pytest.mark.parametrize("name", commands())
def test_every_option_is_in_the_docs_and_has_help(name: str) -> None:
    section = re.search(rf"^## newsclean {name.split()[0]}\n(.*?)(?=^## |\Z)", COMMANDS_PAGE, re.DOTALL | re.MULTILINE)
    assert section is not None
    for option in commands()[name].params:
        if isinstance(option, click.Option):
            assert option.help
            assert f"`{option.opts[-1]}" in section[1], option.opts[-1]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_of_the_docs_exist(page: Path) -> None:
    known = commands()
    blocks = re.findall(r"^```sh\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    for line in "".join(blocks).splitlines():
        for part in line.partition("#")[0].split("|"):
            words = part.split()
            if words[:1] != ["newsclean"]:
                continue
            name = next((n for n in (" ".join(words[1:3]), words[1]) if n in known), None)
            assert name, line
            options = {text for option in known[name].params for text in option.opts}
            assert {word for word in words if re.fullmatch("-{1,2}[a-z][a-z-]*", word)} <= options, line


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_and_scripts_of_the_docs_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!http)([^)#]+)", text):
        assert (page.parent / target).exists(), target
    for script in re.findall(r"scripts/[a-z_]+(?:\.py)?", text):
        assert (ROOT / script).exists(), script


def test_python_of_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"^```python\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    assert blocks
    for block in blocks:
        compile(block, "README.md", "exec")
    names = set(re.findall(r"newsclean\.([A-Za-z_]+)", "\n".join(blocks)))
    import newsclean

    assert names <= {*newsclean.__all__, "errors"}


def test_every_setting_is_in_the_docs() -> None:
    for setting in fields(Settings):
        if setting.name != "origins":
            assert f"`{setting.name}`" in COMMANDS_PAGE, setting.name


def test_rules_page_names_every_key_and_label() -> None:
    for key in _KEYS:
        assert f"`{key}`" in RULES_PAGE, key
    for label in LABELS:
        assert f"`{label}`" in RULES_PAGE, label


def test_rules_of_the_rules_page_are_rules() -> None:
    blocks = re.findall(r"^```toml\n(.*?)^```", RULES_PAGE, re.DOTALL | re.MULTILINE)
    assert blocks
    for block in blocks:
        rules = compile_rules([("docs/rules.md", block.encode())])
        assert rules.rules or rules.sites


def test_settings_of_the_commands_page_are_settings(tmp_path: Path) -> None:
    (block,) = re.findall(r"^```toml\n(.*?)^```", COMMANDS_PAGE, re.DOTALL | re.MULTILINE)
    (tmp_path / "newsclean.toml").write_text(block)
    assert Settings.load(tmp_path / "newsclean.toml").origins.keys() == tomllib.loads(block).keys()


def test_the_reference_is_what_the_program_prints() -> None:
    made = runpy.run_path(str(ROOT / "scripts" / "make_reference.py"))["reference"]()
    known = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    assert known.split() == made.split(), "run scripts/make_reference.py"


def test_changelog_has_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{__version__}]" in text or "## [Unreleased]" in text


def test_readme_counts_the_languages() -> None:
    languages = {rule.language for rule in load().rules} - {"any"}
    assert f"The rules know {len(languages)} languages" in README
