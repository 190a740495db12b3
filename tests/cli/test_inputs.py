import gzip
from pathlib import Path

import pytest
import zstandard

from newsclean.cli.inputs import Pages, kind_of
from newsclean.errors import InputError
from tests.warc.others import ANSWER, PAGE, arc_record, arc_start, wacz, warc_record


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"WARC/1.1\r\n", "warc"),
        (gzip.compress(b"WARC/1.0\r\nWARC-Type: warcinfo\r\n"), "warc"),
        (gzip.compress(b"<!DOCTYPE html>" * 10_000)[:40], "page"),
        (b"<html>", "page"),
        (b"", "page"),
        (b"\x1f\x8bbroken", "page"),
        (b"PK\x03\x04rest", "zip"),
        (b"\x28\xb5\x2f\xfdrest", "warc"),
        (b"\x5d\x2a\x4d\x18rest", "warc"),
        (arc_start(), "warc"),
        (gzip.compress(arc_start()), "warc"),
    ],
    ids="warc warc.gz html.gz html empty broken-gzip zip zst zst-dictionary arc arc.gz".split(),
)
def test_kind_by_content(head: bytes, kind: str) -> None:
    assert kind_of(head) == kind


REVISIT = warc_record(
    "again",
    b"",
    "revisit",
    more="WARC-Profile: http://netpreserve.org/warc/1.1/revisit/identical-payload-digest\r\n"
    "WARC-Refers-To-Target-URI: http://news.example/1\r\nWARC-Refers-To-Date: 2026-11-22T20:35:21Z\r\n",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a file of each kind, in the order of their names; the first has a revisit of the last's page."""
    (tmp_path / "a.warc.zst").write_bytes(zstandard.compress(warc_record("zst")) + zstandard.compress(REVISIT))
    (tmp_path / "b.html").write_bytes(PAGE)
    (tmp_path / "c.arc.gz").write_bytes(gzip.compress(arc_start()) + gzip.compress(arc_record("arc")))
    (tmp_path / "d.arc").write_bytes(arc_start() + arc_record("plain-arc"))
    wacz(tmp_path / "e.wacz", {"archive/e.warc.gz": gzip.compress(warc_record("wacz"))})
    (tmp_path / "f.htm").write_bytes(PAGE)
    (tmp_path / "g.warc.gz").write_bytes(gzip.compress(warc_record(1)) + b"junk" + gzip.compress(warc_record(2)))
    (tmp_path / "h.html").write_bytes(PAGE)
    return tmp_path


def test_a_folder_of_all_kinds(folder: Path) -> None:
    found = Pages([folder])
    pages = list(found)
    assert [page.capture.final_url.removeprefix("http://news.example/") for page in pages] == [
        *("zst", "again", "", "arc", "plain-arc", "wacz", "", "1", "2", "")
    ]
    assert {page.capture.body for page in pages} == {PAGE}
    names = [page.name.removeprefix(f"{folder}/").partition("@")[0] for page in pages]
    assert names == (
        "a.warc.zst a.warc.zst b.html c.arc.gz d.arc e.wacz!archive/e.warc.gz f.htm g.warc.gz g.warc.gz h.html".split()
    )
    (damage,) = found.damaged
    assert damage.startswith(f"{folder}/g.warc.gz@")


def test_a_revisit_of_what_is_not_given_is_damage(folder: Path) -> None:
    found = Pages([folder / "a.warc.zst"])
    assert [page.capture.final_url for page in found] == ["http://news.example/zst"]
    assert "revisit of http://news.example/1" in found.damaged[0]


@pytest.mark.parametrize("name", ["e.wacz", "a.warc.zst", "c.arc.gz"])
def test_standard_input_of_every_kind(folder: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with (folder / name).open("rb") as file:
        monkeypatch.setattr("sys.stdin", type("Piped", (), {"buffer": file}))
        pages = list(Pages([Path("-")]))
    assert [page.capture.body for page in pages] == [PAGE]
    assert pages[0].name.startswith("-@")


def test_zip_files_that_are_no_wacz_are_refused_at_once(tmp_path: Path) -> None:
    path = wacz(tmp_path / "x.zip", {"page.html": ANSWER})
    with pytest.raises(InputError, match=r"x\.zip: no WACZ that can be read"):
        Pages([path])
