import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsclean.archive import Archive, indexing
from newsclean.settings import Settings
from tests.archive.server import Site

LATER = datetime(2100, 1, 1, tzinfo=UTC)


def lines_of(folder: Path) -> list[str]:
    return (folder / indexing.INDEX).read_text(encoding="utf-8").splitlines()


def by_cdxj_indexer(folder: Path) -> list[str]:
    """What cdxj-indexer makes of the same files."""
    program = str(Path(sys.executable).parent / "cdxj-indexer")
    files = sorted(str(file) for file in (folder / "warc").iterdir())
    return subprocess.run([program, "-s", *files], capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.fixture
def archived(tmp_path: Path, site: Site, settings: Settings) -> Path:
    """An archive of two runs, with a redirect, an error and a page that came twice."""
    folder = tmp_path / "archive"
    site.pages["/moved"] = (302, "text/html", b"/story-1")
    urls = [*site.stories(2), site.url("/moved"), site.url("/gone")]
    for chosen in (urls, urls[:1]):
        with Archive.create_or_open(folder, settings) as archive:
            archive.run(chosen, older_than=LATER)
    return folder


def test_a_run_leaves_the_index_that_cdxj_indexer_makes(archived: Path) -> None:
    assert lines_of(archived)
    assert lines_of(archived) == by_cdxj_indexer(archived)
    assert len(list((archived / "warc").iterdir())) == 2


def test_a_file_that_a_crash_left_open_is_taken_in(archived: Path, settings: Settings) -> None:
    whole = lines_of(archived)
    last = sorted((archived / "warc").iterdir())[-1]
    kept = [line for line in whole if last.name not in line]
    (archived / indexing.INDEX).write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")
    last.rename(last.with_name(last.name + ".open"))
    with Archive.open(archived, settings) as archive:
        archive.run()
    assert lines_of(archived) == whole


@pytest.mark.parametrize("spoilt", [None, "b\na\n", "no index\n"], ids=["missing", "out of order", "no index"])
def test_an_index_that_is_missing_or_spoilt_is_made_anew(
    archived: Path, site: Site, settings: Settings, spoilt: str | None
) -> None:
    if spoilt is None:
        (archived / indexing.INDEX).unlink()
    else:
        (archived / indexing.INDEX).write_text(spoilt, encoding="utf-8")
    with Archive.open(archived, settings) as archive:
        archive.run(site.stories(3)[2:])
    assert lines_of(archived) == by_cdxj_indexer(archived)


def test_reindex_makes_it_anew(archived: Path, settings: Settings) -> None:
    whole = lines_of(archived)
    (archived / indexing.INDEX).write_text("com,gone)/ 20200101000000 {}\n", encoding="utf-8")
    Archive.reindex(archived, settings)
    assert lines_of(archived) == whole
