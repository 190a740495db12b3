from pathlib import Path

from newsclean.errors import EXIT_MISMATCH, EXIT_USAGE
from tests.cli.conftest import Run, lines, one_error

RULES = """
language = "en"

[[rule]]
id = "en.my-lottery"
label = "promo"
scope = "text"
why = "The paper's own lottery."
whole = ["play the harbour lottery [today]"]
match = ["Play the harbour lottery!", "Play the Harbour Lottery today"]
no_match = ["The harbour lottery was founded in 1920, the board said."]
"""


def write(folder: Path, text: str) -> None:
    """A file of its own for each test: rule files are read once a process."""
    (folder / "mine.toml").write_text(text)


def test_list_and_show(run: Run) -> None:
    rules = lines(run("rules", "list").stdout)
    assert len(rules) > 20
    counters = lines(run("rules", "list", "--label", "counter").stdout)
    assert counters
    assert {rule["label"] for rule in counters} == {"counter"}
    assert lines(run("rules", "show", counters[0]["id"]).stdout) == [counters[0]]
    assert counters[0]["match"]
    languages = lines(run("rules", "list", "--language", "any").stdout)
    assert {rule["language"] for rule in languages} == {"any"}


def test_unknown_rule_names_the_nearest(run: Run) -> None:
    (rule, *_) = lines(run("rules", "list").stdout)
    one_error(run("rules", "show", rule["id"] + "x", status=EXIT_USAGE), rule["id"])


def test_rules_that_newsclean_brings_are_right(run: Run) -> None:
    assert run("rules", "lint").stdout == ""
    assert run("rules", "test").stdout == ""


def test_own_rules(run: Run, tmp_path: Path) -> None:
    write(tmp_path, RULES)
    found = lines(run("rules", "test", "--rules", tmp_path / "mine.toml", status=None).stdout)
    assert not [line for line in found if line["rule"] == "en.my-lottery"]
    text = "Play the harbour lottery today\nThe board of the harbour met on Tuesday and voted to rebuild the quay.\n"
    assert "lottery" in run("text", stdin=text).stdout
    assert "lottery" not in run("text", "--rules", tmp_path / "mine.toml", stdin=text).stdout
    (tmp_path / "newsclean.toml").write_text(f'rules = ["{tmp_path / "mine.toml"}"]\n')
    assert "lottery" not in run("text", stdin=text).stdout
    assert lines(run("rules", "show", "en.my-lottery").stdout)[0]["file"] == str(tmp_path / "mine.toml")


def test_rule_that_fails_its_examples(run: Run, tmp_path: Path) -> None:
    write(tmp_path, RULES.replace('"Play the harbour lottery!"', '"Play the lottery!"'))
    result = run("rules", "test", "--rules", tmp_path / "mine.toml", status=EXIT_MISMATCH)
    (finding,) = [line for line in lines(result.stdout) if line["rule"] == "en.my-lottery"]
    assert "Play the lottery!" in finding["message"]


def test_lint_finds_bad_habits(run: Run, tmp_path: Path) -> None:
    write(tmp_path, RULES.replace("lottery.", "lottery"))
    found = lines(run("rules", "lint", "--rules", tmp_path / "mine.toml", status=EXIT_MISMATCH).stdout)
    (finding,) = [line for line in found if line["rule"] == "en.my-lottery"]
    assert "full stop" in finding["message"]


def test_rule_file_that_is_no_rule_file(run: Run, tmp_path: Path) -> None:
    write(tmp_path, RULES.replace("promo", "lottery"))
    one_error(run("rules", "list", "--rules", tmp_path / "mine.toml", status=EXIT_USAGE), "mine.toml", "'lottery'")
    one_error(run("text", "--rules", "none.toml", stdin="x", status=EXIT_USAGE), "none.toml")
