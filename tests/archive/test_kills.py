"""Kills at random moments, and WARC files that end anywhere; ``scripts/trial kills`` is the long run."""

import shutil
import zlib
from pathlib import Path

import pytest

from newsclean.archive import Archive
from newsclean.settings import Settings
from newsclean.warc import recover
from tests.archive.server import Site
from tests.trials import kills, newsstand

_COUNTS = {"well": 6, "redirect": 2, "unavailable-once": 2, "reset-once": 2, "missing": 1, "forbidden": 1, "latin": 1}


@pytest.mark.skipif(newsstand.MISSING is not None, reason=newsstand.MISSING or "")
def test_kills_lose_nothing_that_was_reported(tmp_path: Path) -> None:
    sets = [newsstand.some(tmp_path / "set", lambda behaviour: _COUNTS.get(behaviour, 0))]
    settings = {"NEWSCLEAN_WORKERS": "1", "NEWSCLEAN_CONNECTIONS": "4"}
    result = kills.run(tmp_path, kills=6, seed=3, delay=0.02, seconds=120, sets=sets, environment=settings)
    problems = result.problems + kills.rebuilt(tmp_path / "archive", Settings(workers=1))
    assert not problems, "\n".join(problems)
    assert result.kills >= 4


def _members(data: bytes) -> list[int]:
    """Where each gzip member begins, and where the last one ends: by zlib alone."""
    starts, at = [0], 0
    while at < len(data):
        unpacker = zlib.decompressobj(31)
        unpacker.decompress(data[at:])
        assert unpacker.eof
        at = len(data) - len(unpacker.unused_data)
        starts.append(at)
    return starts


def test_a_file_cut_at_any_byte_of_its_last_members_keeps_what_is_whole(
    tmp_path: Path, site: Site, settings: Settings
) -> None:
    with Archive.create_or_open(tmp_path / "archive", settings) as archive:
        (file,) = archive.run(site.stories(2)).warc_files
    data = file.read_bytes()
    starts = _members(data)
    folder = tmp_path / "torn"
    folder.mkdir()
    for cut in range(starts[-3], len(data) + 1):
        (folder / f"{file.name}.open").write_bytes(data[:cut])
        (done,) = recover(folder)
        kept = max(start for start in starts if start <= cut)
        assert (done.file, done.kept, done.cut, done.records) == (file.name, kept, cut - kept, starts.index(kept))
        assert bool(done.reason) == (kept < cut)
        (torn,) = folder.iterdir()
        assert torn.name == file.name
        assert torn.read_bytes() == data[:kept]
        torn.unlink()


def test_a_start_after_a_cut_gives_back_what_is_whole_and_fetches_the_rest(
    tmp_path: Path, site: Site, settings: Settings
) -> None:
    whole = tmp_path / "whole"
    urls = site.stories(4)
    with Archive.create_or_open(whole, settings.with_values(connections=1)) as archive:
        (file,) = archive.run(urls).warc_files
        before = {outcome.url: outcome for outcome in archive.outcomes()}
    offset, last = max((outcome.record.offset, url) for url, outcome in before.items() if outcome.record)
    data = file.read_bytes()
    starts = _members(data)
    # The last two records, the answer and what is noted of the fetch: at the first byte, in the middle, at the last.
    cuts = [starts[-3], (starts[-3] + starts[-2]) // 2, starts[-2] - 1, starts[-2], len(data) - 1, len(data)]
    for cut in cuts:
        folder = tmp_path / str(cut)
        shutil.copytree(whole, folder)
        torn = folder / "warc" / file.name
        torn.with_name(f"{file.name}.open").write_bytes(data[:cut])
        torn.unlink()
        site.requests.clear()
        with Archive.create_or_open(folder, settings) as archive:
            archive.run(urls)
            after = {outcome.url: outcome for outcome in archive.outcomes()}
        # The input whose answer is cut is fetched again; all others stay as they are.
        lost = {last} if cut < next(start for start in starts if start > offset) else set()
        assert {url for url in urls if after[url].record != before[url].record} == lost
        assert {path for path in site.requests if path.startswith("/story")} == {
            url.removeprefix(site.url("")) for url in lost
        }
        assert {outcome.outcome for outcome in after.values()} == {"article"}
        problems = kills.problems_of(folder, [], len(urls))
        assert not problems, f"cut at {cut}: {problems}"
        shutil.rmtree(folder)
