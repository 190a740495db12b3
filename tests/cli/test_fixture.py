"""``fixture``: the commands, a terminal that a program drives, and the guide word by word."""

import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from newsclean.cli.proxy import through_proxy
from newsclean.demo.newsstand import Newsstand
from newsclean.fixtures.folder import Fixture, find_fixtures
from newsclean.settings import Settings
from tests.fixtures.folders import COUNTER, PARAGRAPHS, TOO_WIDE, TRUTH, made, report

from .conftest import Run, lines, one_error
from .test_reading import TIDEWATER

GUIDE = Path(__file__).parents[2] / "docs" / "fixtures.md"
ID = "news.example/2025-03-14-quay-vote"


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_add_from_a_file_needs_its_address(run: Run, page: Path) -> None:
    one_error(run("fixture", "add", page, status=2), "--url")
    (added,) = lines(run("fixture", "add", page, "--url", "https://news.example/a/quay-vote").stdout)
    assert added["state"] == "new"
    assert Path(added["folder"], "capture.warc.gz").is_file()
    one_error(run("fixture", "add", page, "--url", "https://news.example/a/quay-vote", status=2), "--name")
    one_error(run("fixture", "add", "none.html", status=2), "none.html")
    one_error(run("fixture", "add", page, "--url", "ftp://news.example/a", status=3), "ftp://news.example/a")
    one_error(run("fixture", "add", "http://127.0.0.1:9/a", status=3), "127.0.0.1:9/a", "--allow-private")


def test_add_from_archive_warc_and_web(run: Run, archive: Path, newsstand: Newsstand) -> None:
    (one,) = lines(run("fixture", "add", TIDEWATER, "-o", archive, "-d", "a").stdout)
    (listed,) = lines(run("warc", "ls", archive, "--type", "response", "--url", TIDEWATER).stdout)
    (warc,) = (archive / "warc").glob("*.warc.gz")
    (other,) = lines(run("fixture", "add", f"{warc}@{listed['offset']}", "-d", "b").stdout)
    with through_proxy(newsstand.url):
        (third,) = lines(run("fixture", "add", TIDEWATER, "-d", "c", "--host-delay", "0.01").stdout)
    bodies = {Fixture(Path(added["folder"])).capture().body for added in (one, other, third)}
    assert len(bodies) == 1
    results = [report(Fixture(Path(added["folder"]))).result for added in (one, other, third)]
    assert all(result is not None and result.lines == results[0].lines for result in results if results[0])


def test_check_says_what_changed(run: Run, tmp_path: Path) -> None:
    made(tmp_path / "fixtures")
    (tmp_path / "my-rules.toml").write_text(TOO_WIDE)
    good = run("fixture", "check")
    assert [record["state"] for record in lines(good.stdout)] == ["good"]
    assert "1 good (as it was approved)" in good.stderr
    (record,) = lines(run("fixture", "check", "--rules", "my-rules.toml", status=4).stdout)
    assert (record["id"], record["state"], record["url"]) == (ID, "wrong", "https://news.example/local/quay-vote.html")
    assert record["failures"][0]["check"] == "must_not[this-news-has-been-read]"
    (count, *paragraphs) = record["changes"]
    assert count["old"] == 8399
    assert paragraphs[0]["old"] == PARAGRAPHS[1]
    assert paragraphs[0]["source"] == "rule:en.read-counter"
    for args in (["fixtures"], ["2025-03-14-quay-vote"], [f"fixtures/{ID}"], ["--no-cache"]):
        assert len(lines(run("fixture", "check", *args).stdout)) == 1


def test_wrong_names_and_folders(run: Run, tmp_path: Path) -> None:
    one_error(run("fixture", "check", status=2), "no such folder", "fixtures")
    (tmp_path / "fixtures").mkdir()
    one_error(run("fixture", "check", status=2), "no fixture in that folder", "newsclean fixture add")
    made(tmp_path / "fixtures")
    one_error(run("fixture", "check", "2025-03-14-quay-vot", status=2), "did you mean '2025-03-14-quay-vote'")
    one_error(run("fixture", "review", status=2), "terminal")
    one_error(run("fixture", "approve", "2025-03-14-quay-vote", status=2), "--reason")


def test_broken_fixture_does_not_hide_the_others(run: Run, tmp_path: Path) -> None:
    made(tmp_path / "fixtures")
    made(tmp_path / "fixtures", name="other").path("truth.toml").write_text("must = 3")
    found = {record["id"]: record for record in lines(run("fixture", "check", status=1).stdout)}
    assert found[ID]["state"] == "good"
    assert "truth.toml:1: must must be a list" in found["news.example/2025-03-14-other"]["error"]
    listed = run("fixture", "list", status=1)
    assert [record["id"] for record in lines(listed.stdout)] == [ID]
    assert "truth.toml:1" in listed.stderr


def test_approve_refuses_what_is_worse(run: Run, tmp_path: Path) -> None:
    made(tmp_path / "fixtures")
    (tmp_path / "my-rules.toml").write_text(TOO_WIDE)
    args = ("fixture", "approve", ID, "--reason", "so it is", "--rules", "my-rules.toml")
    one_error(run(*args, status=4), "must_not[this-news-has-been-read]", "--accept-regression")
    (said,) = lines(run(*args, "--accept-regression").stdout)
    assert (said["id"], said["why"]) == (ID, "so it is")
    assert said["who"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", said["when"])


def test_what_is_as_it_was_approved_is_not_approved_again(run: Run, tmp_path: Path) -> None:
    fixture, other = made(tmp_path / "fixtures"), made(tmp_path / "fixtures", name="other", approved=False)
    before = fixture.path("approved.json").read_bytes()
    said = lines(run("fixture", "approve", "fixtures", "--reason", "read both").stdout)
    assert [(record["id"], record["why"]) for record in said] == [(other.id, "read both"), (fixture.id, "read it")]
    assert fixture.path("approved.json").read_bytes() == before
    page = fixture.path("approved.md")
    page.write_text(page.read_text().replace("Tuesday", "Monday"))
    run("fixture", "approve", ID, "--reason", "somebody edited it")
    assert history(fixture)[-1] == ("approved", "somebody edited it")


def test_list_shows_clutter_language_and_age(run: Run, tmp_path: Path) -> None:
    made(tmp_path / "fixtures")
    (record,) = lines(run("fixture", "list").stdout)
    assert (record["clutter"], record["language"], record["captured"]) == (["counter"], "en", "2025-03-14")
    assert record["age_days"] > 0
    assert record["approved"]["who"] == "Ann"


class Terminal:
    """A command on a terminal of its own, which this program types on."""

    def __init__(self, *args: object, cwd: Path) -> None:
        self._ours, theirs = pty.openpty()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "newsclean", *map(str, args)],
            cwd=cwd,
            env=os.environ | {"TERM": "xterm", "COLUMNS": "120", "NO_COLOR": "1"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self.text = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._ours)

    def expect(self, words: str, seconds: float = 60) -> str:
        """What was printed up to these words, since they were last waited for."""
        until = time.monotonic() + seconds
        while words not in self.text:
            assert time.monotonic() < until, self.text
            if part := self._read():
                self.text += part
            else:
                assert words in self.text, self.text
        found, _, self.text = self.text.partition(words)
        return found

    def type(self, line: str) -> None:
        os.write(self._ours, f"{line}\n".encode())

    def status(self) -> int:
        while part := self._read():
            self.text += part
        return self._process.wait()

    def _read(self) -> str:
        if not select.select([self._ours], [], [], 60)[0]:
            return ""
        try:
            return os.read(self._ours, 65536).decode(errors="replace").replace("\r\n", "\n")
        except OSError:  # Linux ends a terminal whose other side was closed with EIO
            return ""


@pytest.fixture
def changed(tmp_path: Path) -> Fixture:
    """A fixture from which a paragraph goes with the rules of my-rules.toml, without a truth that says so."""
    fixture = made(tmp_path / "fixtures", truth=TRUTH.replace("must_not", "# must_not"))
    (tmp_path / "my-rules.toml").write_text(TOO_WIDE)
    return fixture


def history(fixture: Fixture) -> list[tuple[str, str]]:
    approved = report(fixture).approved
    assert approved is not None
    return [(entry.decision, entry.why) for entry in approved.history]


def test_accept_on_a_terminal(changed: Fixture, tmp_path: Path) -> None:
    with Terminal("fixture", "review", "--rules", "my-rules.toml", cwd=tmp_path) as terminal:
        shown = terminal.expect("[q]uit")
        assert "1 of 1  news.example/2025-03-14-quay-vote" in shown
        assert "change 1 of 3" in shown
        assert "view_count" in shown
        terminal.type("a")
        folded = " ".join(terminal.expect("[q]uit").split())
        assert "Work is to begin in May" in folded
        assert "(nothing)" in folded
        assert "It is a rule that was broken." in folded
        assert COUNTER not in folded
        terminal.type("a")
        assert COUNTER in " ".join(terminal.expect("[q]uit").split())
        terminal.type("a")
        terminal.expect("why is it right")
        terminal.type("the paragraph was no news")
        terminal.expect("approved by")
        assert terminal.status() == 0
    assert history(changed)[2:] == [("approved", "the paragraph was no news")]


def test_each_change_is_decided_on_its_own(changed: Fixture, tmp_path: Path) -> None:
    with Terminal("fixture", "review", "--rules", "my-rules.toml", cwd=tmp_path) as terminal:
        for answer in ("a", "r", "s"):
            terminal.expect("[q]uit")
            terminal.type(answer)
        terminal.expect("why is it right")
        terminal.type("nobody counts any more")
        terminal.expect("1 of 3 changes approved by")
        terminal.expect("why is it wrong")
        terminal.type("the paragraph is news")
        terminal.expect("0 accepted, 1 rejected, 0 left")
        assert terminal.status() == 4
    assert history(changed)[2:] == [
        ("approved", "nobody counts any more"),
        ("rejected", "the paragraph is news"),
    ]
    left = report(changed, Settings(rules=(str(tmp_path / "my-rules.toml"),)))
    assert [(change.old, change.new) for change in left.changes if change.kind != "label"] == [
        (PARAGRAPHS[1], None),
        (None, COUNTER),
    ]
    assert left.rejected is not None
    with Terminal("fixture", "review", "--rules", "my-rules.toml", cwd=tmp_path) as terminal:
        assert "rejected before" in terminal.expect("[q]uit")
        terminal.type("l")
        terminal.expect("why is it right")
        terminal.type("it was a rumour")
        terminal.expect("1 accepted, 0 rejected, 0 left")
        assert terminal.status() == 0


def test_reject_and_skip_on_a_terminal(changed: Fixture, tmp_path: Path) -> None:
    before = changed.path("approved.md").read_text()
    for answer in ("r", "s"):
        with Terminal("fixture", "review", "--rules", "my-rules.toml", cwd=tmp_path) as terminal:
            for number in range(3):
                shown = terminal.expect("[q]uit")
                assert ("rejected before" in shown) == (answer == "s" and number == 0)
                terminal.type(answer)
            if answer == "r":
                terminal.expect("why is it wrong")
                terminal.type("it is news")
                terminal.expect("rejected; ")
            assert terminal.status() == 4
    assert changed.path("approved.md").read_text() == before
    assert history(changed)[2:] == [("rejected", "it is news")]


def test_regression_has_to_be_confirmed_on_a_terminal(tmp_path: Path) -> None:
    fixture = made(tmp_path / "fixtures")
    (tmp_path / "my-rules.toml").write_text(TOO_WIDE)
    with Terminal("fixture", "review", "--rules", "my-rules.toml", cwd=tmp_path) as terminal:
        terminal.expect("[q]uit")
        terminal.type("l")
        terminal.expect("accept the regression")
        terminal.type("n")
        terminal.expect("nothing is approved")
        assert terminal.status() == 4
    with Terminal("fixture", "review", "--rules", "my-rules.toml", cwd=tmp_path) as terminal:
        terminal.expect("[q]uit")
        terminal.type("q")
        assert terminal.status() == 4
    assert len(history(fixture)) == 2


def test_page_that_nobody_approved_is_one_question(tmp_path: Path) -> None:
    fixture = made(tmp_path / "fixtures", approved=False)
    with Terminal("fixture", "review", cwd=tmp_path) as terminal:
        assert PARAGRAPHS[1][:40] in terminal.expect("[q]uit")
        terminal.type("a")
        terminal.expect("why is it right")
        terminal.type("read beside the page")
        assert terminal.status() == 0
    assert history(fixture)[1:] == [("approved", "read beside the page")]


def test_check_and_list_on_a_terminal(changed: Fixture, tmp_path: Path) -> None:
    with Terminal("fixture", "check", "--rules", "my-rules.toml", cwd=tmp_path) as terminal:
        assert terminal.status() == 4
        assert f"{changed.id}  changed" in re.sub(r"\x1b\[[\d;]*m", "", terminal.text)
        assert "(rule:en.read-counter)" in terminal.text
        assert "schema_version" not in terminal.text
    with Terminal("fixture", "list", cwd=tmp_path) as terminal:
        assert terminal.status() == 0
        assert "clutter: counter 1" in terminal.text


def test_the_guide_word_by_word(tmp_path: Path) -> None:
    blocks = re.findall(r"^```sh\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert len(blocks) >= 7
    done = subprocess.run(
        ["bash", "-e", "-c", "\n".join(blocks)],
        cwd=tmp_path,
        env=os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("status ") == 2
    assert "status 4" in done.stdout
    assert '"source":"rule:en.read-counter"' in done.stdout
    (fixture,) = find_fixtures([tmp_path / "my-scraper" / "fixtures"])
    assert report(fixture).state == "good"
    listed = re.findall(r"^\| `(\w+\.(?:md|json|toml|warc\.gz))`", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(path.name for path in fixture.folder.iterdir()) == sorted(listed)
