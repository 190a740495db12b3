from pathlib import Path

import pytest

from newsclean.errors import EXIT_NOTHING_SUCCEEDED, EXIT_USAGE
from tests.cli.conftest import PARAGRAPHS, Run, lines, one_error

SAMPLE = Path(__file__).parents[3] / "shared" / "sample" / "000_101b7afe40c93a6a.txt"
CLUTTER = ("This news has been read 8,214 times!", "Back to top button", "Kindly disable the Ad blocker")


def test_clutter_goes_and_paragraphs_stay(run: Run) -> None:
    text = "\n\n".join([PARAGRAPHS[0], CLUTTER[0], *PARAGRAPHS[1:], *CLUTTER])
    assert run("text", stdin=text).stdout == "\n\n".join(PARAGRAPHS) + "\n"


def test_file_with_a_byte_order_mark(run: Run, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("\n".join(PARAGRAPHS), encoding="utf-8-sig")
    assert run("text", "page.txt").stdout == "\n\n".join(PARAGRAPHS) + "\n"


def test_explain_has_a_verdict_for_each_line(run: Run) -> None:
    found = lines(run("text", "--explain", stdin=f"{PARAGRAPHS[0]}\n{CLUTTER[0]}\n").stdout)
    assert [(record["decision"], record["text"]) for record in found] == [("keep", PARAGRAPHS[0]), ("drop", CLUTTER[0])]
    assert found[1]["label"] == "counter"
    assert any(voice["why"] for voice in found[1]["evidence"])


def test_nothing_left(run: Run) -> None:
    result = run("text", stdin="\n".join(CLUTTER), status=EXIT_NOTHING_SUCCEEDED)
    assert result.stdout == ""
    assert "clutter" in result.stderr
    assert "empty" in run("text", stdin="", status=EXIT_NOTHING_SUCCEEDED).stderr


def test_missing_file(run: Run) -> None:
    one_error(run("text", "no.txt", status=EXIT_USAGE), "no.txt: no such file")


@pytest.mark.skipif(not SAMPLE.exists(), reason="../shared is not there")
def test_sample(run: Run) -> None:
    kept = run("text", SAMPLE).stdout.splitlines()
    gone = (
        "This news has been read 8399 times!",
        "Related Articles",
        "Back to top button",
        "Advt Blocker Detected",
        "Kindly disable the Ad blocker",
        "Verified by MonsterInsights",
    )
    whole = [line for line in SAMPLE.read_text().splitlines() if line.strip()]
    assert [line for line in kept if line] == [line for line in whole if line.strip() not in gone]
