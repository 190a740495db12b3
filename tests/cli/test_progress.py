import pytest

from newsclean.archive import Progress
from newsclean.cli import progress
from newsclean.model import Outcome


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (2_340_000, "2.3 MB"), (5e12, "5000.0 GB")]
)
def test_size(count: float, words: str) -> None:
    assert progress.size(count) == words


def test_without_a_terminal_a_line_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter([0.0, 4.0, 4.0, 20.0, 20.0, 20.0])
    monkeypatch.setattr("newsclean.cli.progress.time.monotonic", lambda: next(clock))
    with progress.Reporter() as reporter:
        reporter.progress(Progress(done=1, total=9, articles=1, failed=0, bytes=1500))
        reporter.progress(Progress(done=5, total=9, articles=4, failed=1, bytes=2_000_000))
    assert capsys.readouterr().err == "newsclean: 5 of 9, 0.2 a second, 4 articles, 1 others, 2.0 MB\n"


def test_the_first_example_of_each_outcome_is_kept() -> None:
    with progress.Reporter(quiet=True) as reporter:
        for url, outcome in (("a", "article"), ("b", "dns"), ("c", "dns")):
            reporter.outcome(Outcome(url=url, outcome=outcome))
    assert {name: outcome.url for name, outcome in reporter.examples.items()} == {"article": "a", "dns": "b"}
