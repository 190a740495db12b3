"""The command line in this process, and an archive of the newsstand's pages."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from newsclean import extraction
from newsclean.archive import Archive
from newsclean.cli import main
from newsclean.cli.proxy import through_proxy
from newsclean.clutter import rules
from newsclean.demo.newsstand import Newsstand
from newsclean.settings import Settings

Run = Callable[..., Result]

PARAGRAPHS = (
    "The harbour board of Pellworth voted on Tuesday to rebuild the northern quay, after a winter in which two storms "
    "had washed away most of its foundations.",
    "Work is to begin in May and to last two years, the board said, during which ferries will land at the fish market.",
    "He is back to top form, the harbour master said of the old crane, which was repaired last week.",
)
PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>Board votes to rebuild quay</title></head><body>
<article><h1>Board votes to rebuild quay</h1>{"".join(f"<p>{text}</p>" for text in PARAGRAPHS)}
<p>This news has been read 8399 times!</p></article></body></html>"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in an empty working directory; stdout and stderr come apart."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSCLEAN_WORKERS", "1")  # a process more takes longer to start than these few pages
    for kept in (rules.load, extraction._voice, extraction._versions):
        kept.cache_clear()  # a process runs one command; here the next test's rules may have the same name

    def invoke(*args: object, stdin: str | bytes = "", status: int | None = 0) -> Result:
        result = CliRunner().invoke(main, [str(arg) for arg in args], input=stdin, prog_name="newsclean")
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert "Traceback" not in result.stderr
        if status is not None:
            assert result.exit_code == status, result.stderr
        return result

    return invoke


@pytest.fixture(scope="session")
def newsstand() -> Iterator[Newsstand]:
    with Newsstand() as stand:
        yield stand


@pytest.fixture(scope="session")
def archive(newsstand: Newsstand, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of all that the newsstand has, and of one line that is no URL. Tests must not change it."""
    folder = tmp_path_factory.mktemp("newsstand") / "archive"
    with through_proxy(newsstand.url), Archive.create_or_open(folder, Settings(host_delay=0.01, workers=1)) as made:
        made.run(
            [*((url, f"urls.txt:{line}") for line, url in enumerate(newsstand.urls, 1)), ("no url", "urls.txt:99")]
        )
    return folder


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """An article with one line of clutter."""
    file = tmp_path / "page.html"
    file.write_text(PAGE, encoding="utf-8")
    return file


def lines(text: str) -> list[dict[str, Any]]:
    """JSON Lines, each an object that names its schema."""
    records = [json.loads(line) for line in text.splitlines()]
    assert all(record["schema_version"] == 1 for record in records)
    return records


def has_line(text: str, *parts: str) -> bool:
    """Whether one line has all the parts."""
    return any(all(part in line for part in parts) for line in text.splitlines())


def one_error(result: Result, *parts: str) -> None:
    """Stderr is one line, an error that says all the parts; stdout is empty."""
    said: Sequence[str] = result.stderr.splitlines()
    assert len(said) == 1, said
    assert said[0].startswith("newsclean: error: ")
    for part in parts:
        assert part in said[0]
    assert result.stdout == ""
