"""A WARC file, or a part of one -> rows, one a page."""

from collections.abc import Iterator
from typing import Any

from newsclean.bulk.places import fetched, shown
from newsclean.bulk.schema import filled
from newsclean.bulk.wanted import ALL, Wanted
from newsclean.errors import NewscleanError
from newsclean.extraction import extract_capture
from newsclean.model import Capture, Extraction, RecordRef, Versions
from newsclean.settings import Settings
from newsclean.store.records import article_record
from newsclean.version import __version__
from newsclean.warc import Damaged, read, read_part

DAMAGED = "warc-damaged"
"""Outcome of a record that cannot be read."""
CRASHED = "extraction-crashed"
"""Outcome of a page whose extraction ended its process, or raised what it never should."""
Part = tuple[int, int | None]
"""First byte of a part of a file, and the one behind its last; None for the file's end."""


def rows_of_warc(
    source: str, *, settings: Settings | None = None, wanted: Wanted = ALL, part: Part | None = None
) -> Iterator[dict[str, Any]]:
    """The rows of a WARC file, in its order, each with all columns of :data:`newsclean.bulk.schema.FIELDS`.

    ``source``: a path or an fsspec URL (``s3://bucket/file.warc.gz``). ``part``: the records that begin between two
    offsets, the first of which is that of a record. What cannot be extracted, and what cannot be read of the file,
    gives a row whose ``outcome`` and ``message`` say so. What is known of a site by its other pages is not heard: a
    row depends on its page alone.

    Raises InputError where the file cannot be had, NotWarcError where it is none, UsageError where fsspec or its part
    for the scheme is missing.
    """
    chosen = by_page(settings or Settings())
    with fetched(source) as path:
        for capture in captures(str(path), part):
            if (record := record_of(capture, chosen, wanted, shown(source))) is not None:
                yield filled(record)


def by_page(settings: Settings) -> Settings:
    """The settings of all bulk jobs, so that their rows name the same: what repeats on a site is not heard."""
    return settings.with_values(site_memory=False)


def captures(path: str, part: Part | None) -> Iterator[Capture | Damaged]:
    """The captures of a file here, or of a part of it, and what is damaged between them."""
    yield from read(path) if part is None else read_part(path, *part)


def record_of(found: Capture | Damaged, settings: Settings, wanted: Wanted, source: str) -> dict[str, Any] | None:
    """The record of one capture, as ``newsclean extract`` writes it; None where it is not wanted."""
    if isinstance(found, Damaged):
        return failure(found, DAMAGED, f"{source}@{found.offset}: {found.reason}", settings)
    if not wanted.takes(found):
        return None
    try:
        record = article_record(extract_capture(found, settings), found.final_url or None)
    except NewscleanError:
        raise
    except Exception as problem:  # noqa: BLE001 - one page is not to end a file of thousands
        place = f"{source}@{found.record.offset}" if found.record else source
        message = f"{place}: the extraction failed: {type(problem).__name__}: {problem}"
        return failure(found, CRASHED, message, settings)
    return record if wanted.keeps(record) else None


def failure(found: Capture | Damaged, outcome: str, message: str, settings: Settings) -> dict[str, Any]:
    """The record of a page whose extraction could not be made, or of what cannot be read."""
    versions = Versions(newsclean=__version__, rules="", engine=settings.engine, settings=settings.extraction_digest())
    if isinstance(found, Damaged):
        ref = RecordRef(file=found.file, offset=found.offset, length=0, record_id="")
        return article_record(Extraction(outcome=outcome, message=message, versions=versions, record=ref))
    made = Extraction(
        outcome=outcome,
        message=message,
        versions=versions,
        record=found.record,
        captured_at=found.fetched_at or None,
    )
    return article_record(made, found.final_url or None)
