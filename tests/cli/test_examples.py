"""Every example of the README and of docs/ is run: the commands in a folder that has what they name, and the Python."""

import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsclean.archive import Archive
from newsclean.cli.proxy import through_proxy
from newsclean.demo.newsstand import Newsstand
from newsclean.warc import read_warc
from tests.cli.conftest import PAGE, Run

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *(page for page in sorted(ROOT.glob("docs/*.md")) if page.name != "fixtures.md")]
"""The guide to fixtures has a test of its own, which follows it from an empty folder."""
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
_STORY = "https://news.example/story"
_UNREACHED = ("--feed", "--sitemap", "--discover")
"""Options whose hosts nobody can ask here: the run ends with the status of a run that got nothing."""


def blocks(page: Path, language: str) -> list[str]:
    return [text for name, text in _FENCE.findall(page.read_text(encoding="utf-8")) if name == language]


def commands(page: Path) -> list[str]:
    """The lines that call newsclean, each one once."""
    lines = "".join(blocks(page, "sh")).splitlines()
    return list(dict.fromkeys(line for line in lines if line.startswith("newsclean ")))


@pytest.fixture
def workshop(
    run: Run, archive: Path, newsstand: Newsstand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """A folder with all that the examples name, and a network that is the newsstand."""
    monkeypatch.setenv("NEWSCLEAN_HOST_DELAY", "0.01")
    monkeypatch.setenv("NEWSCLEAN_MAX_ATTEMPTS", "1")
    shutil.copytree(archive, tmp_path / "my-archive")
    (crawl,) = (archive / "warc").glob("*.warc.gz")
    shutil.copy(crawl, tmp_path / "crawl.warc.gz")
    (tmp_path / "torn.warc.gz").write_bytes(crawl.read_bytes()[:-100])
    (tmp_path / "warc.paths").write_text("crawl.warc.gz\n", encoding="utf-8")
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "page.html").write_text(PAGE, encoding="utf-8")
    menu = "".join(f"<li><a href='/{place}'>Section {place}</a></li>" for place in range(20))
    (tmp_path / "page.html").write_text(PAGE.replace("<article>", f"<ul>{menu}</ul><article>"), encoding="utf-8")
    (tmp_path / "scraped.txt").write_text("A story.\n\nThis news has been read 8399 times!", encoding="utf-8")
    (tmp_path / "urls.txt").write_text("\n".join(newsstand.urls[:3]), encoding="utf-8")
    for name in ("monday.jsonl", "tuesday.jsonl"):
        run("export", archive, "-o", name)
    (rules,) = blocks(ROOT / "docs" / "quickstart.md", "toml")
    for name in ("my-rules.toml", "new-rules.toml"):
        (tmp_path / name).write_text(rules, encoding="utf-8")
    (tmp_path / "ftr-site-config").mkdir()
    (tmp_path / "ftr-site-config" / "news.example.txt").write_text("body: //article\nstrip: //aside\n")
    (tmp_path / "sites.toml").write_text(
        'language = "any"\n\n[[site]]\nhosts = ["news.example"]\nbody = ["//article"]\n'
    )
    with through_proxy(newsstand.url):
        yield tmp_path


def arguments(line: str, page: Path, archive: Path, number: int) -> list[str]:
    """What a shell would make of the first command of a line, in the workshop, whose archive has that article."""
    capture = next(iter(read_warc(next((archive / "warc").glob("*.warc.gz")))))
    assert capture.record is not None
    line = line.replace(_STORY, capture.final_url)
    line = re.sub(r"\S+\.warc\.gz@\d+", f"crawl.warc.gz@{capture.record.offset}", line)
    if page.name != "quickstart.md":  # there it is the number of the demo's article
        line = line.replace("my-archive 17", f"my-archive {number}")
    line = line.replace("~/newsclean-next/bin/newsclean", str(Path(sys.executable).with_name("newsclean")))
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|>;")
    lexer.whitespace_split = True
    words = list(lexer)
    for sign in ("|", ">"):
        if sign in words:
            words = words[: words.index(sign)]
    found: list[str] = []
    for word in words[1:]:
        names = sorted(str(path) for path in Path().glob(word)) if "*" in word and "/*" not in word[:2] else []
        found += names or [word]
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_run(page: Path, workshop: Path, run: Run, archive: Path) -> None:
    with Archive.open(archive) as opened:
        number = next(opened.articles()).id
    for line in commands(page):
        words = arguments(line, page, archive, number)
        if words[0] == "demo" and "my-archive" in words:
            shutil.rmtree(workshop / "my-archive")
        if "articles/" in words:  # each job has a folder of its own
            shutil.rmtree(workshop / "articles", ignore_errors=True)
        result = run(*words, status=None)
        good = (3,) if any(option in words for option in _UNREACHED) else (0, 1, 3) if words[0] == "archive" else (0, 1)
        assert result.exit_code in good, f"{line}: {result.exit_code}\n{result.stderr}"


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "python")], ids=lambda page: page.name)
def test_python_runs(page: Path, workshop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (workshop / "newsclean.toml").write_text("")
    os.environ["NEWSCLEAN_WORKERS"] = "1"
    names: dict[str, object] = {"html": PAGE, "scraped_text": "A story.\n\nThis news has been read 8399 times!"}
    for block in blocks(page, "python"):
        exec(compile(block, page.name, "exec"), names)
    if page.name != "warc-tools.md":
        out = capsys.readouterr().out
        assert "Board votes to rebuild quay" in out
        assert "A story." in out


def test_the_examples_are_many() -> None:
    assert sum(len(commands(page)) for page in PAGES) > 60


def test_an_archive_of_the_library_guide(workshop: Path) -> None:
    with Archive.open(workshop / "my-archive") as opened:
        assert opened.stats().articles > 10
