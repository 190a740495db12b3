"""Site files of full-text readers: what is carried over, what is noted, what is wrong."""

import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from newsclean.cli import main
from newsclean.clutter.ftr import document, read_ftr
from newsclean.clutter.rules import load

CONFIG = """# the harbour paper
title: //h1[@class="head"]
body: //div[@id='story']
body: //article
author: substring-after(//p[@class='by'], 'By ')
date: //time/@datetime
strip: //aside
strip_id_or_class: "promo"
strip_id_or_class: it's
strip_image_src: /pixel
strip: //aside

prune: no
tidy: no
single_page_link: //a[@class='print']
replace_string(<br><br>): <p>
http_header(user-agent): x
test_url: https://harbour.example/1
"""


def selectors(text: str, name: str = "harbour.example.txt") -> dict[str, list[str]]:
    return read_ftr(name, text.encode()).selectors


def test_what_is_carried_over() -> None:
    site = read_ftr("harbour.example.txt", CONFIG.encode())
    assert site.selectors == {
        "title": ['//h1[@class="head"]'],
        "body": ["//div[@id='story']", "//article"],
        "author": ["substring-after(//p[@class='by'], 'By ')"],
        "date": ["//time/@datetime"],
        "strip": [
            "//aside",
            "//*[contains(@class, 'promo') or contains(@id, 'promo')]",
            '//*[contains(@class, "it\'s") or contains(@id, "it\'s")]',
            "//img[contains(@src, '/pixel')]",
        ],
    }
    assert site.notes == ["single_page_link", "replace_string", "http_header"]
    assert site.mistakes == []


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("harbour.example.txt", "harbour.example"),
        ("www.harbour.example.txt", "harbour.example"),
        (".harbour.example.txt", "*.harbour.example"),
        ("HARBOUR.example.txt", "harbour.example"),
        ("harbour.example", "harbour.example"),
    ],
)
def test_the_name_says_the_host(name: str, host: str) -> None:
    assert read_ftr(name, b"body: //p").hosts == [host]


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("global.txt", b"body: //p", "the name is no host name"),
        ("a b.example.txt", b"body: //p", "the name is no host name"),
        ("harbour.example.txt", b"body: //p\n# \xff", "not UTF-8"),
        ("harbour.example.txt", b"", "no directives in it"),
        ("harbour.example.txt", b"# nothing\n", "no directives in it"),
        ("harbour.example.txt", b"prune: no", "nothing in it that can be carried over"),
        ("harbour.example.txt", b"<html>\n", "nothing in it that can be carried over"),
        ("harbour.example.txt", b"title: //h1\nbody: //div[", "line 2: '//div[' is no XPath 1.0"),
    ],
)
def test_wrong_files(name: str, data: bytes, says: str) -> None:
    (mistake,) = read_ftr(name, data).mistakes
    assert mistake.startswith(says)


def test_what_is_right_in_a_wrong_file_is_kept() -> None:
    assert selectors("title: //h1\nbody: //div[\nbody:\n") == {"title": ["//h1"]}


def test_quotes_of_both_kinds() -> None:
    (strip,) = selectors("strip_id_or_class: a'b\"c")["strip"]
    assert strip.startswith("//*[contains(@class, concat('a', \"'\", 'b\"c'))")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["rules", "import-ftr", *map(str, arguments)], standalone_mode=False)


def test_a_folder_of_thousands(tmp_path: Path) -> None:
    folder = tmp_path / "sites"
    (folder / ".git").mkdir(parents=True)
    (folder / ".git" / "x.example.txt").write_text("body: //p")
    (folder / "LICENSE").write_text("free")
    for number in range(2000):
        (folder / f"paper-{number}.example.txt").write_text(f"body: //div[@id='s{number}']\nnext_page_link: //a\n")
    out = tmp_path / "sites.toml"
    result = run(folder, "-o", out)
    assert result.return_value == 0
    assert result.stdout == ""
    assert "left out: next_page_link (in 2000 files)" in result.stderr
    assert "2000 sites, 0 wrong files" in result.stderr
    rules = load((str(out),))
    assert len(rules.sites) == 2000
    assert rules.sites[7].body[0].source.startswith("//div[@id='s")


def test_wrong_files_have_one_line_each(tmp_path: Path) -> None:
    (tmp_path / "a.example.txt").write_text("body: //div[\nstrip: [\n")
    (tmp_path / "b.example.txt").write_bytes(b"\xff\n\xfe")
    (tmp_path / "c.example.txt").write_text("body: //p\n")
    result = run(tmp_path)
    assert result.return_value == 1
    errors = result.stderr.splitlines()
    assert len(errors) == 3
    assert "a.example.txt: line 1: '//div[' is no XPath 1.0" in errors[0]
    assert errors[0].endswith(", and 1 more")
    assert errors[1].endswith("b.example.txt: not UTF-8")
    assert errors[2] == "1 sites, 2 wrong files"
    assert tomllib.loads(result.stdout)["site"] == [{"hosts": ["c.example"], "body": ["//p"]}]


def test_a_folder_without_site_files(tmp_path: Path) -> None:
    result = run(tmp_path)
    assert result.exception is not None or result.return_value == 2


def test_what_is_left_out_stands_in_the_rule_file() -> None:
    assert "# left out: single_page_link, replace_string, http_header\n[[site]]" in document(
        [read_ftr("harbour.example.txt", CONFIG.encode())]
    )


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_file_gives_a_rule_file_or_a_mistake(data: bytes) -> None:
    for prefix in (b"", b"strip_id_or_class: ", b"body: //p\ntitle: "):
        site = read_ftr("harbour.example.txt", prefix + data)
        assert site.selectors or site.mistakes
        tables = tomllib.loads(document([site])).get("site", [])
        assert tables == ([{"hosts": site.hosts, **site.selectors}] if site.selectors else [])
