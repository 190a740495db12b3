from pathlib import Path

from newsclean.archive import Archive
from newsclean.demo.newsstand import Newsstand
from tests.cli.conftest import Run, has_line


def test_demo_shows_an_article_before_and_after(run: Run, tmp_path: Path) -> None:
    result = run("demo", "--keep", "kept")
    before, after = result.stdout.split("after: the article as it is saved")
    assert has_line(before, "- counter", "This news has been read")
    assert "This news has been read" not in after
    assert has_line(before, "~ headline", "Pellworth")
    assert "Pellworth" in after
    with Archive.open(tmp_path / "kept") as archive:
        assert len(list(archive.outcomes())) == len(Newsstand().urls)
        assert len(list(archive.articles())) >= 12
    again = run("demo", "--keep", "kept")
    assert again.stdout == result.stdout


def test_demo_leaves_nothing_behind(run: Run, tmp_path: Path) -> None:
    assert "--keep DIR" in run("demo").stderr
    assert list(tmp_path.iterdir()) == []
