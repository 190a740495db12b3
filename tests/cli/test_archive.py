import http.server
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsclean.archive import Archive
from newsclean.demo.newsstand import Newsstand
from newsclean.errors import EXIT_INTERRUPTED, EXIT_NOTHING_SUCCEEDED, EXIT_SOME_FAILED, EXIT_USAGE
from tests.cli.conftest import PAGE, Run, has_line, lines, one_error


def test_one_object_an_input(run: Run, newsstand: Newsstand, tmp_path: Path) -> None:
    good = [url for url in newsstand.urls if "tidewater" in url or "valley" in url]
    missing = next(url for url in newsstand.urls if "lighthouse" in url)
    (tmp_path / "urls.txt").write_text("\n".join(["# a list", good[0], "", "not a url", missing, good[0] + "#top"]))
    result = run(
        *("archive", good[1], "-i", "urls.txt", "-o", "kept", "--proxy", newsstand.url, "--host-delay", "0.01"),
        status=EXIT_SOME_FAILED,
    )
    found = {record["url"]: record for record in lines(result.stdout)}
    assert len(lines(result.stdout)) == 4
    assert found[good[0]]["outcome"] == found[good[1]]["outcome"] == "article"
    assert found[good[0]]["origin"] == "urls.txt:2"
    assert found[good[1]]["origin"] == "argument"
    assert found[missing]["outcome"] == "http-404"
    assert found[missing]["status"] == 404
    assert found["not a url"]["outcome"] == "bad-url"
    assert "urls.txt:4" in found["not a url"]["message"]
    with Archive.open(tmp_path / "kept") as archive:
        article = archive.article(found[good[0]]["article_id"])
        assert article.url == good[0]
        assert article.extraction.record is not None
        assert article.extraction.record.offset == found[good[0]]["record"]["offset"]
        assert {outcome.outcome for outcome in archive.outcomes()} == {"article", "http-404", "bad-url"}
    assert has_line(result.stderr, "article", "2")
    assert has_line(result.stderr, "http-404", "1", missing)
    assert has_line(result.stderr, "bad-url", "1")
    assert "1 inputs were known already" in result.stderr
    assert "newsclean search kept" in result.stderr


def test_what_is_known_is_not_fetched_again(run: Run, newsstand: Newsstand) -> None:
    args = ("archive", newsstand.urls[0], "-o", "kept", "--proxy", newsstand.url)
    assert f"article  {newsstand.urls[0]}\n" in run(*args, "-v").stderr
    again = run(*args)
    assert again.stdout == ""
    assert "Nothing waited" in again.stderr
    assert "1 inputs were known already" in again.stderr


def test_lists_from_stdin_and_arguments_that_are_lists(run: Run, newsstand: Newsstand, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(f"title,url\nA story,{newsstand.urls[1]}\n")
    args = ("--proxy", newsstand.url, "-o", "kept", "-q")
    result = run("archive", "-i", "-", "list.csv", *args, stdin=f"{newsstand.urls[0]}\n")
    assert {record["origin"] for record in lines(result.stdout)} == {"-:1", "list.csv:2"}
    assert result.stderr == ""


def test_no_article_at_all(run: Run, newsstand: Newsstand) -> None:
    missing = next(url for url in newsstand.urls if "lighthouse" in url)
    result = run("archive", missing, "-o", "kept", "--proxy", newsstand.url, status=EXIT_NOTHING_SUCCEEDED)
    assert "stats kept --failed" in result.stderr


def test_missing_and_empty_lists_leave_no_folder(run: Run, tmp_path: Path) -> None:
    one_error(run("archive", "-i", "urls.txt", "-o", "kept", status=EXIT_USAGE), "urls.txt", "no such file")
    (tmp_path / "urls.txt").write_text("# nothing\n\n")
    one_error(run("archive", "-i", "urls.txt", "-o", "kept", status=EXIT_USAGE), "urls.txt", "no URL in it")
    one_error(run("archive", "-i", "-", "-o", "kept", status=EXIT_USAGE), "-: no URL in it")
    one_error(run("archive", "-i", "-", "-", "-o", "kept", status=EXIT_USAGE), "once")
    assert not (tmp_path / "kept").exists()


def test_nothing_to_do(run: Run, tmp_path: Path) -> None:
    one_error(run("archive", "-o", "kept", status=EXIT_USAGE), "give URLs or -i LIST")
    assert not (tmp_path / "kept").exists()


def test_foreign_folder_is_left_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").touch()
    result = run("archive", "http://news.example/", "-o", "photos", status=EXIT_USAGE)
    one_error(result, "photos", "no newsclean archive")
    assert [file.name for file in (tmp_path / "photos").iterdir()] == ["a.jpg"]


def test_archive_that_another_process_writes_to(run: Run, tmp_path: Path) -> None:
    with Archive.create_or_open(tmp_path / "kept") as other:
        other.add(["http://news.example/1"])
        result = run("archive", "http://news.example/2", "-o", "kept", status=EXIT_USAGE)
        one_error(result, "kept", str(os.getpid()), "wait")


def test_wrong_settings(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = "http://news.example/"
    one_error(run("archive", url, "--connections", "0", status=EXIT_USAGE), "connections (flag)", "above 0")
    one_error(run("archive", url, "--config", "my.toml", status=EXIT_USAGE), "my.toml", "no such settings file")
    (tmp_path / "newsclean.toml").write_text("conections = 3\n")
    one_error(run("archive", url, status=EXIT_USAGE), "newsclean.toml", "'conections'", "'connections'")
    (tmp_path / "newsclean.toml").unlink()
    monkeypatch.setenv("NEWSCLEAN_HOST_DELAY", "soon")
    one_error(run("archive", url, status=EXIT_USAGE), "NEWSCLEAN_HOST_DELAY", "float")


class SlowServer(http.server.ThreadingHTTPServer):
    """Gives an article for every path, once ``go`` is set; until then only for the first ones."""

    daemon_threads = True

    def __init__(self, at_once: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.at_once = at_once
        self.served: list[str] = []
        self.go = threading.Event()


class _Handler(http.server.BaseHTTPRequestHandler):
    server: SlowServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if len(self.server.served) >= self.server.at_once:
            self.server.go.wait(60)
        self.server.served.append(self.path)
        body = PAGE.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def slow_server() -> Iterator[SlowServer]:
    with SlowServer(at_once=3) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.go.set()
        server.shutdown()
        thread.join()


def started(server: SlowServer, folder: Path, count: int) -> "subprocess.Popen[str]":
    (folder / "urls.txt").write_text("".join(f"http://127.0.0.1:{server.server_port}/{n}\n" for n in range(count)))
    environment = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    environment |= {"NEWSCLEAN_WORKERS": "1", "NEWSCLEAN_ALLOW_PRIVATE": "1", "NEWSCLEAN_ROBOTS": "ignore"}
    return subprocess.Popen(
        [sys.executable, "-m", "newsclean", "archive", "-i", "urls.txt", "-o", "kept", "--host-delay", "0"],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def rest_of(process: "subprocess.Popen[str]") -> tuple[str, str]:
    """What it goes on to print until it ends; communicate() would lose lines that readline() has in its buffer."""
    assert process.stdout is not None
    assert process.stderr is not None
    late = threading.Timer(60, process.kill)
    late.start()
    try:
        said = process.stdout.read(), process.stderr.read()
        process.wait()
    finally:
        late.cancel()
    return said


def test_interrupt_finishes_what_is_under_way_and_the_next_run_goes_on(
    slow_server: SlowServer, run: Run, tmp_path: Path
) -> None:
    with started(slow_server, tmp_path, 12) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        first = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert "Ctrl-C again" in process.stderr.readline()
        slow_server.go.set()
        rest, said = rest_of(process)
    assert process.returncode == EXIT_INTERRUPTED
    done = {record["url"] for record in lines(first + rest)}
    assert 3 <= len(done) < 12
    assert "inputs wait; go on with `newsclean archive -o kept`" in said
    with pytest.MonkeyPatch.context() as patch:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            patch.delenv(name, raising=False)
        later = {
            record["url"]
            for record in lines(
                run("archive", "-o", "kept", "--host-delay", "0", "--allow-private", "--ignore-robots").stdout
            )
        }
    assert not done & later
    assert len(done | later) == 12
    assert len(slow_server.served) == len(set(slow_server.served)) == 12


def test_second_interrupt_stops_at_once(slow_server: SlowServer, tmp_path: Path) -> None:
    with started(slow_server, tmp_path, 5) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        done = [process.stdout.readline() for _ in range(3)]
        process.send_signal(signal.SIGINT)
        process.stderr.readline()
        time.sleep(0.2)  # two signals at once are one
        process.send_signal(signal.SIGINT)
        _rest, said = rest_of(process)
    assert process.returncode == EXIT_INTERRUPTED
    assert "stopped at once" in said
    assert "Traceback" not in said
    with Archive.open(tmp_path / "kept") as archive:
        assert {outcome.url for outcome in archive.outcomes()} >= {record["url"] for record in lines("".join(done))}
