import csv
import gzip
import io
import zipfile
from pathlib import Path

from newsclean.errors import EXIT_NOTHING_SUCCEEDED, EXIT_SOME_FAILED, EXIT_USAGE
from tests.cli.conftest import PAGE, PARAGRAPHS, Run, lines, one_error
from tests.clutter.paper import CREDIT, DISCLAIMER, counter
from tests.clutter.paper import page as paper_page

URL = "https://pellworth-post.example/quay"


def warc_of(archive: Path) -> Path:
    return next((archive / "warc").iterdir())


def test_file_with_a_url(run: Run, page: Path) -> None:
    (record,) = lines(run("extract", page, "--url", URL).stdout)
    assert record["outcome"] == "article"
    assert record["url"] == URL
    assert record["input"] == str(page)
    assert record["headline"] == "Board votes to rebuild quay"
    assert record["text"].split("\n") == list(PARAGRAPHS)


def test_stdin_and_gzip_and_folder_give_the_same(run: Run, page: Path, tmp_path: Path) -> None:
    (expected,) = lines(run("extract", page).stdout)
    folder = tmp_path / "pages" / "deep"
    folder.mkdir(parents=True)
    (folder / "b.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    (tmp_path / "pages" / "a.htm").write_text(PAGE)
    (tmp_path / "pages" / "notes.txt").write_text("not a page")
    found = lines(run("extract", tmp_path / "pages").stdout)
    assert [Path(record["input"]).name for record in found] == ["a.htm", "b.html.gz"]
    (piped,) = lines(run("extract", "-", stdin=PAGE).stdout)
    assert piped["input"] == "-"
    for record in (*found, piped):
        assert record | {"input": ""} == expected | {"input": ""}


def test_warc_gives_what_the_archive_has(run: Run, archive: Path) -> None:
    exported = run("export", archive).stdout
    result = run("extract", warc_of(archive), status=None)
    articles = [line for line in result.stdout.splitlines() if '"outcome":"article"' in line]
    assert sorted(articles) == sorted(exported.splitlines())
    assert "answers passed over" in result.stderr
    assert all("input" not in record for record in lines(result.stdout))


def test_warc_from_stdin(run: Run, archive: Path) -> None:
    file = warc_of(archive)
    piped = lines(run("extract", "-", stdin=file.read_bytes(), status=None).stdout)
    named = lines(run("extract", file, status=None).stdout)
    assert len(piped) == len(named) > 10
    for one, other in zip(piped, named, strict=True):
        assert one["record"].pop("file") == "-"
        assert other["record"].pop("file") == file.name
        assert one == other


def test_damaged_warc_gives_what_can_be_read(run: Run, archive: Path, tmp_path: Path) -> None:
    data = warc_of(archive).read_bytes()
    (tmp_path / "cut.warc.gz").write_bytes(data[: len(data) * 2 // 3])
    result = run("extract", "cut.warc.gz", status=EXIT_SOME_FAILED)
    assert lines(result.stdout)
    assert "cut.warc.gz@" in result.stderr


def test_wacz_gives_what_its_warc_gives(run: Run, archive: Path, tmp_path: Path) -> None:
    file = warc_of(archive)
    for packing in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        with zipfile.ZipFile(tmp_path / "crawl.wacz", "w", packing) as packed:
            packed.write(file, f"archive/{file.name}")
        named = lines(run("extract", file, status=None).stdout)
        found = lines(run("extract", "crawl.wacz", status=None).stdout)
        for one, other in zip(found, named, strict=True):
            assert one == other
    article = next(record for record in found if record["outcome"] == "article")
    assert run("explain", f"crawl.wacz!archive/{file.name}@{article['record']['offset']}").stdout


def test_formats(run: Run, page: Path, tmp_path: Path) -> None:
    (row,) = csv.DictReader(io.StringIO(run("extract", page, "-f", "csv").stdout))
    assert row["headline"] == "Board votes to rebuild quay"
    assert "# Board votes to rebuild quay" in run("extract", page, "-f", "md").stdout
    assert run("extract", page, "-f", "text").stdout == run("extract", page, "-f", "txt").stdout
    assert run("extract", page, "-o", "out.jsonl").stdout == ""
    assert len(lines((tmp_path / "out.jsonl").read_text())) == 1
    one_error(run("extract", page, "-f", "xml", status=EXIT_USAGE), "'xml'", "jsonl")


def test_pages_that_are_no_article_are_records_too(run: Run, page: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.html").write_text("")
    result = run("extract", "empty.html", status=EXIT_NOTHING_SUCCEEDED)
    (record,) = lines(result.stdout)
    assert record["outcome"] == "empty-page"
    assert record["message"]
    assert "text" not in record
    assert result.stderr.startswith("newsclean: empty.html: empty-page: ")
    both = run("extract", page, "empty.html", status=EXIT_SOME_FAILED)
    assert [record["outcome"] for record in lines(both.stdout)] == ["article", "empty-page"]


def test_what_cannot_be_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE)
    one_error(run("extract", "page.html", "no.html", status=EXIT_USAGE), "no.html", "no such file")
    one_error(run("extract", URL, status=EXIT_USAGE), "newsclean archive URL")
    (tmp_path / "empty").mkdir()
    one_error(run("extract", "empty", status=EXIT_USAGE), "no page in that folder")
    with zipfile.ZipFile(tmp_path / "crawl.wacz", "w") as file:
        file.writestr("datapackage.json", "{}")
    one_error(run("extract", "crawl.wacz", status=EXIT_USAGE), "crawl.wacz", "archive/")


def test_what_repeats_over_a_folder_is_heard(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "paper"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.html").write_text(paper_page(number))
    result = run("extract", folder)
    assert "learned from 6 pages" in result.stderr
    once = run("extract", folder, "--no-site-memory")
    assert once.stderr == ""
    for number, (with_memory, without) in enumerate(zip(lines(result.stdout), lines(once.stdout), strict=True)):
        assert counter(number) in without["body"]
        assert with_memory["body"] == [line for line in without["body"] if line != counter(number)]
        assert with_memory["body"][-2:] == [DISCLAIMER, CREDIT]
        assert with_memory["versions"]["site"]
    assert run("extract", folder).stdout == result.stdout
    assert run("extract", folder, folder / "0.html").stdout.startswith(result.stdout)
    alone = run("extract", folder / "0.html")
    assert alone.stderr == ""
    assert counter(0) in lines(alone.stdout)[0]["body"]
