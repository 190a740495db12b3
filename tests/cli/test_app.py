import subprocess
import sys
from pathlib import Path

import click
import pytest

from newsclean.cli import app, main
from newsclean.errors import (
    EXIT_INTERRUPTED,
    EXIT_NOTHING_SUCCEEDED,
    EXIT_USAGE,
    DiskFullError,
    NewscleanError,
    NoArchiveError,
)
from newsclean.version import __version__
from tests.cli.conftest import Run, one_error

HEAVY = ("httpx", "httpcore", "lxml", "trafilatura", "rich", "numpy", "py3langid", "sqlite3", "asyncio", "msgspec")


def test_help_lists_every_command(run: Run) -> None:
    text = run("--help").stdout
    for title, commands in app.SECTIONS.items():
        assert f"{title}:" in text
        for name in commands:
            assert f"\n  {name} " in text
    assert "Exit status: 0" in text


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from newsclean.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_listed_line_is_the_line_that_the_command_opens_with() -> None:
    context = click.Context(main)
    for commands in app.SECTIONS.values():
        for name, words in commands.items():
            command = main.get_command(context, name)
            assert command is not None
            assert command.name == name
            assert command.help is not None
            opening = command.help.split("\n\n")[0].replace("\n", " ")
            assert opening == words


def test_version(run: Run) -> None:
    assert run("--version").stdout == f"newsclean {__version__}\n"


def test_unknown_command_names_the_nearest(run: Run) -> None:
    one_error(run("serach", status=EXIT_USAGE), "'serach'", "'search'", "`newsclean --help`")


def test_unknown_option(run: Run) -> None:
    one_error(run("export", "archive", "--formt", "csv", status=EXIT_USAGE), "--formt", "`newsclean export --help`")


def test_without_a_command_it_shows_the_help(run: Run) -> None:
    result = run(status=EXIT_USAGE)
    assert "archive" in result.stderr + result.stdout


def raising(problem: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise problem

    monkeypatch.setattr(main, "get_command", lambda _ctx, name: click.Command(name, callback=fail))


@pytest.mark.parametrize(
    ("problem", "status"),
    [
        (NewscleanError("bad\nthing\x1b[31m"), EXIT_NOTHING_SUCCEEDED),
        (NoArchiveError("bad thing [31m"), EXIT_USAGE),
        (DiskFullError("bad thing [31m"), EXIT_NOTHING_SUCCEEDED),
        (click.ClickException("bad thing [31m"), 1),
    ],
)
def test_errors_are_one_line_and_their_status(
    problem: Exception, status: int, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    raising(problem, monkeypatch)
    result = run("stats", status=status)
    assert result.stderr == "newsclean: error: bad thing [31m\n"


def test_interrupt(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    raising(KeyboardInterrupt(), monkeypatch)
    assert "interrupted" in run("stats", status=EXIT_INTERRUPTED).stderr


def test_reader_that_goes_away_is_no_error() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "newsclean", "rules", "list"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == app.EXIT_PIPE


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("command", [["rules", "list"], ["--help"]])
def test_output_that_is_full(command: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "newsclean", *command], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == EXIT_NOTHING_SUCCEEDED
    assert done.stderr == "newsclean: error: output: No space left on device\n"


def test_python_minus_m(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "newsclean", "show", "no-such"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == EXIT_USAGE
    assert done.stdout == ""
    assert "newsclean show" in done.stderr
    assert len(done.stderr.splitlines()) == 1
