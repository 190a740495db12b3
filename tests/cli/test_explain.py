import re
from pathlib import Path

from newsclean.errors import EXIT_NOTHING_SUCCEEDED, EXIT_USAGE
from tests.cli.conftest import PAGE, Run, lines, one_error
from tests.cli.test_reading import TIDEWATER


def test_every_block_has_a_verdict_and_the_rules_reason(run: Run, page: Path) -> None:
    *found, _ = lines(run("explain", page).stdout)
    assert [record["block"] for record in found] == list(range(len(found)))
    (counter,) = [record for record in found if "8399" in record["text"]]
    assert counter["decision"] == "drop"
    assert counter["label"] == "counter"
    reasons = [voice["why"] for voice in counter["evidence"] if voice["source"].startswith("rule:")]
    assert all(reason.endswith(".") for reason in reasons)
    assert reasons


def test_page_of_an_archive_and_the_same_page_in_its_warc(run: Run, archive: Path) -> None:
    stored = lines(run("explain", "-o", archive, TIDEWATER).stdout)
    (record,) = lines(run("show", archive, TIDEWATER).stdout)
    place = record["record"]
    fresh = lines(run("explain", f"{archive / 'warc' / place['file']}@{place['offset']}").stdout)
    assert stored == fresh


def test_html_shows_all_blocks_and_runs_none(run: Run, tmp_path: Path) -> None:
    evil = PAGE.replace("<p>He is", "<p>&lt;script&gt;alert(1)&lt;/script&gt; &lt;b&gt;He is", 1)
    (tmp_path / "page.html").write_text(evil)
    result = run("explain", "page.html", "--html", "why.html")
    assert result.stdout == ""
    html = (tmp_path / "why.html").read_text()
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert len(re.findall(r'<article class="(?:keep|aside|drop) ', html)) == len(
        lines(run("explain", "page.html").stdout)[:-1]
    )
    assert not re.search(r"(?:src|href)=|url\(|@import", html)
    assert "<mark>This news has been read 8399 times" in html


def test_one_block_with_all_that_was_said_of_it(run: Run, page: Path) -> None:
    *blocks, _ = lines(run("explain", page).stdout)
    (number,) = [record["block"] for record in blocks if "8399" in record["text"]]
    (record,) = lines(run("explain", page, "--block", str(number)).stdout)
    assert record["text"] == blocks[number]["text"]
    assert any(voice["source"].startswith("classifier:") for voice in record["evidence"])
    one_error(run("explain", page, "--block", "9999", status=EXIT_USAGE), f"has {len(blocks)} blocks")


def test_html_has_all_evidence_on_hover(run: Run, page: Path, tmp_path: Path) -> None:
    run("explain", page, "--html", "why.html")
    html = (tmp_path / "why.html").read_text()
    *blocks, _ = lines(run("explain", page).stdout)
    hovers = re.findall(r'<div class="why" id="why(\d+)" role="tooltip">(.*?)</div>', html)
    assert [int(number) for number, _ in hovers] == [record["block"] for record in blocks]
    assert all("<td>classifier:" in hover for _, hover in hovers)
    (counter,) = [record for record in blocks if record["label"] == "counter"]
    hover = hovers[counter["block"]][1]
    assert [f"<td>{voice['source']}<td>" in hover for voice in counter["evidence"]]
    assert "It counts how often the page was read." in hover
    assert "article › p" in hover


def test_html_is_filtered_without_a_script(run: Run, page: Path, tmp_path: Path) -> None:
    run("explain", page, "--html", "why.html")
    html = (tmp_path / "why.html").read_text()
    for name in ("keep", "aside", "drop"):
        count = len(re.findall(f'<article class="{name} ', html))
        assert f'<label class="{name}" for="{name}">' in html
        assert f" {name} {count}</label>" in html
        assert f"#{name}:not(:checked) ~ main .{name}" in html
    switches = html.index('<input type="checkbox" id="keep" checked>')
    assert switches < html.index("<nav>") < html.index("<main>")


def test_an_archive_has_its_verdicts_already(run: Run, archive: Path) -> None:
    for flags in (["--focus", "recall"], ["--include", "captions"], ["--engine", "trafilatura"], ["--no-site-memory"]):
        result = run("explain", "-o", archive, TIDEWATER, *flags, status=EXIT_USAGE)
        one_error(result, flags[0].replace("--no-", "--"), "FILE@OFFSET")


def test_what_needs_to_be_named(run: Run, archive: Path) -> None:
    one_error(run("explain", TIDEWATER, status=EXIT_USAGE), "-o ARCHIVE")
    warc = next((archive / "warc").iterdir())
    one_error(run("explain", warc, status=EXIT_USAGE), "more than one page", f"{warc}@")
    result = run("explain", f"{warc}@7", status=None)
    assert result.exit_code == EXIT_NOTHING_SUCCEEDED
    one_error(result, f"{warc.name}@7")


def test_page_that_is_no_article(run: Run) -> None:
    for flags in ([], ["--block", "3"]):
        result = run("explain", "-", *flags, stdin="", status=EXIT_NOTHING_SUCCEEDED)
        assert "empty-page" in result.stderr
        assert result.stdout == ""


def test_long_names_of_elements_do_not_fill_the_page(run: Run, tmp_path: Path) -> None:
    long = "x" * 10_000
    (tmp_path / "page.html").write_text(PAGE.replace("<article>", f'<article class="{long}">', 1))
    run("explain", "page.html", "--html", "why.html")
    html = (tmp_path / "why.html").read_text()
    assert f"article.{'x' * 40}" in html
    assert "x" * 100 not in html


def test_the_last_line_says_what_the_page_is(run: Run, page: Path, tmp_path: Path) -> None:
    *_, last = lines(run("explain", page).stdout)
    assert last["outcome"] == last["page"]["kind"] == "article"
    assert 0.5 < last["page"]["confidence"] <= 1
    assert all(isinstance(reason, str) for reason in last["page"]["reasons"])
    gone = tmp_path / "gone.html"
    title = "Page not found"
    gone.write_text(f"<html><head><title>{title} | Post</title></head><body><h1>{title}</h1></body></html>")
    result = run("explain", gone, status=EXIT_NOTHING_SUCCEEDED)
    *_, last = lines(result.stdout)
    assert (last["outcome"], last["page"]["kind"]) == ("not-article:soft-404", "soft-404")
    assert "the title says “page not found”" in last["page"]["reasons"]
    assert "take the URL off the list" in result.stderr


def test_all_that_a_page_says_of_each_field(run: Run, page: Path) -> None:
    found = lines(run("explain", page, "--metadata").stdout)
    assert {"field", "source", "value", "raw", "chosen", "reason", "schema_version"} == set(found[0])
    (article,) = lines(run("extract", page).stdout)
    taken = {record["field"]: record for record in found if record["chosen"]}
    assert taken["headline"]["value"] == article["headline"]
    assert {name: taken[name]["source"] for name in taken} == {
        name: source["source"] for name, source in article["sources"].items()
    }
    assert all(record["reason"] for record in found if not record["chosen"])


def test_the_metadata_of_an_archive_s_page(run: Run, archive: Path) -> None:
    found = lines(run("explain", "-o", archive, TIDEWATER, "--metadata").stdout)
    (article,) = lines(run("show", archive, TIDEWATER).stdout)
    taken = {record["field"]: record["value"] for record in found if record["chosen"]}
    assert taken["headline"] == article["headline"]
    assert taken["date_published"] == article["date_published"]
