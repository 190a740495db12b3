"""The options that are settings: which layer wins, what commands take, and what is said of a wrong value."""

from pathlib import Path

import pytest

from newsclean.cli.options import CHOICES, load_settings
from newsclean.errors import EXIT_USAGE, SettingsError
from newsclean.labels import LABELS
from newsclean.settings import CHOICES as OF_SETTINGS
from tests.cli.conftest import PAGE, Run, lines, one_error


def test_later_layers_win(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_settings().connections == 16
    (tmp_path / "newsclean.toml").write_text("connections = 2\nhost_delay = 7\noperator = 'file'\n")
    (tmp_path / "other.toml").write_text("connections = 3\n")
    monkeypatch.setenv("NEWSCLEAN_HOST_DELAY", "5")
    settings = load_settings(None, {"operator": "flag", "engine": None})
    assert (settings.connections, settings.host_delay, settings.operator) == (2, 5.0, "flag")
    assert settings.origins["host_delay"] == "environment NEWSCLEAN_HOST_DELAY"
    assert load_settings(Path("other.toml")).connections == 3


def test_presets_from_file_and_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "newsclean.toml").write_text(
        "focus = 'recall'\ninclude = ['captions', 'tables']\nsite_memory = false\n"
    )
    settings = load_settings()
    assert (settings.focus, settings.include, settings.site_memory) == ("recall", ("caption", "table"), False)
    monkeypatch.setenv("NEWSCLEAN_INCLUDE", "standfirst,comments")
    monkeypatch.setenv("NEWSCLEAN_FOCUS", "precision")
    settings = load_settings(None, {"site_memory": None})
    assert (settings.focus, settings.include, settings.site_memory) == ("precision", ("standfirst", "comments"), False)
    (tmp_path / "newsclean.toml").write_text("include = ['captoins']\n")
    monkeypatch.delenv("NEWSCLEAN_INCLUDE")
    with pytest.raises(SettingsError, match=r"newsclean\.toml: include: no label 'captoins'; did you mean 'caption'"):
        load_settings()


def test_choices_are_those_of_the_settings() -> None:
    assert all(OF_SETTINGS[name] == choices for name, choices in CHOICES.items())


@pytest.mark.parametrize("command", ["archive", "extract", "explain", "reindex"])
def test_every_command_that_judges_pages_has_the_presets(run: Run, command: str) -> None:
    said = run(command, "--help").stdout
    for option in ("--focus", "--include", "--engine", "--no-site-memory", "--rules"):
        assert option in said


def test_include_takes_labels_in_one_word_or_in_many(run: Run, tmp_path: Path) -> None:
    caption = "The northern quay in a photo of last winter, after the storm."
    figure = f"<figure><img src='quay.jpg' alt=''><figcaption>{caption}</figcaption></figure>"
    (tmp_path / "page.html").write_text(PAGE.replace("<p>Work", f"{figure}<p>Work", 1))

    def text(*flags: str) -> str:
        (record,) = lines(run("extract", "page.html", *flags).stdout)
        return str(record["text"])

    assert caption not in text()
    assert caption in text("--include", "captions,tables")
    assert caption in text("--include", "table", "--include", "Caption")
    assert "8399" not in text("--include", "captions")
    assert "8399" in text("--include", "counter")


def test_a_label_that_is_none_is_a_wrong_call(run: Run, page: Path) -> None:
    one_error(run("extract", page, "--include", "caption,captoin", status=EXIT_USAGE), "captoin", "mean 'caption'")
    one_error(run("extract", page, "--include", "xyzzy", status=EXIT_USAGE), "standfirst")
    result = run("extract", page, "--focus", "sharp", status=EXIT_USAGE)
    assert "balanced" in result.stderr


def test_engine_and_focus_reach_the_page(run: Run, page: Path) -> None:
    sources = {
        voice["source"]
        for record in lines(run("explain", page, "--engine", "trafilatura").stdout)[:-1]
        for voice in record["evidence"]
    }
    assert sources == {"engine:trafilatura"}
    *focused, _ = lines(run("explain", page, "--focus", "precision").stdout)
    assert all("focus:precision" in [voice["source"] for voice in record["evidence"]] for record in focused)


def test_the_docs_name_every_label() -> None:
    page = (Path(__file__).parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")
    section = page.partition("## What is kept")[2].partition("## All settings")[0]
    assert [label for label in LABELS if f"`{label}`" not in section] == []
