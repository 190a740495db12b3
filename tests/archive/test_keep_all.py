"""What becomes of pages that are no articles, without and with ``keep_all``."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsclean.archive import Archive
from newsclean.errors import NotInArchiveError
from newsclean.settings import Settings
from tests.archive.server import Site

GONE = (
    b"<!doctype html><html lang=en><head><title>Page not found | Tidewater Post</title></head><body>"
    b"<h1>Page not found</h1><p>Sorry, the page that you are looking for has moved or does not exist any more.</p>"
    b"</body></html>"
)
FAR = datetime(2100, 1, 1, tzinfo=UTC)
OUTCOME = "not-article:soft-404"


def records(archive: Archive) -> list[dict[str, object]]:
    out = io.BytesIO()
    archive.export(out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def run(folder: Path, site: Site, settings: Settings) -> str:
    site.pages["/gone"] = (200, "text/html", GONE)
    gone = site.url("/gone")
    with Archive.create_or_open(folder, settings) as archive:
        summary = archive.run([*site.stories(2), gone])
        assert summary.outcomes == {"article": 2, OUTCOME: 1}
    return gone


def test_a_page_that_is_no_article_is_listed_and_not_stored_as_one(
    tmp_path: Path, site: Site, settings: Settings
) -> None:
    gone = run(tmp_path / "archive", site, settings)
    with Archive.open(tmp_path / "archive") as archive:
        outcome = archive.outcome(gone)
        assert outcome is not None
        assert (outcome.outcome, outcome.article_id) == (OUTCOME, None)
        assert outcome.record is not None
        assert "take the URL off the list" in outcome.message
        assert {record["outcome"] for record in records(archive)} == {"article"}
        judged = archive.extraction(gone)
        assert judged.found is None
        assert judged.kind is not None
        assert judged.kind.kind == "soft-404"
        with pytest.raises(NotInArchiveError, match=OUTCOME):
            archive.article(gone)


def test_keep_all_stores_what_is_there_and_a_reindex_without_it_takes_it_out(
    tmp_path: Path, site: Site, settings: Settings
) -> None:
    folder = tmp_path / "archive"
    gone = run(folder, site, settings.with_values(keep_all=True))
    with Archive.open(folder) as archive:
        outcome = archive.outcome(gone)
        assert outcome is not None
        assert (outcome.outcome, outcome.ok) == (OUTCOME, False)
        assert outcome.article_id is not None
        stored = archive.article(outcome.article_id)
        assert stored.extraction.outcome == OUTCOME
        assert archive.extraction(gone).found == stored.article
        kinds = {str(record["outcome"]): record["kind"] for record in records(archive)}
        assert kinds.keys() == {"article", OUTCOME}
        assert kinds[OUTCOME] == {
            "kind": "soft-404",
            "confidence": kinds[OUTCOME]["confidence"],  # type: ignore[index]
            "reasons": kinds[OUTCOME]["reasons"],  # type: ignore[index]
        }
    Archive.reindex(folder, settings)
    with Archive.open(folder) as archive:
        assert {record["outcome"] for record in records(archive)} == {"article"}
    Archive.reindex(folder, settings.with_values(keep_all=True))
    with Archive.open(folder) as archive:
        assert {record["outcome"] for record in records(archive)} == {"article", OUTCOME}


def test_again_keeps_the_number_of_what_is_unchanged(tmp_path: Path, site: Site, settings: Settings) -> None:
    folder = tmp_path / "archive"
    kept = settings.with_values(keep_all=True)
    gone = run(folder, site, kept)
    with Archive.open(folder, kept) as archive:
        first = archive.outcome(gone)
        archive.run([gone], older_than=FAR)
        again = archive.outcome(gone)
        assert first is not None
        assert again is not None
        assert (again.outcome, again.article_id, again.revisit) == (OUTCOME, first.article_id, True)
