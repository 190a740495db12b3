"""The archive: a folder with WARC files and the catalogue over them."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from newsclean.archive import dry_run, job, rebuild, reindex
from newsclean.archive.disk import disk_error
from newsclean.archive.job import Stop
from newsclean.archive.lock import Lock
from newsclean.archive.progress import Progress, Summary
from newsclean.errors import NoArchiveError
from newsclean.fetch import Entry
from newsclean.fetch.found import Sources
from newsclean.fetch.plan import Planned
from newsclean.model import Capture, Extraction, Outcome, RecordRef
from newsclean.settings import Settings
from newsclean.store import Added, Catalogue, Copy, Drift, SearchHit, Stats, StoredArticle, Story, export
from newsclean.warc.compose import warc_date

Input = str | tuple[str, str] | Entry
"""A URL; a URL and where it came from; a line of :func:`newsclean.fetch.read_list`."""
CATALOGUE = "catalog.sqlite"
WARC = "warc"


class Archive:
    """An open archive. Use it as a context manager.

    Reading needs no lock and works while another process writes; :meth:`add`, :meth:`run` and :meth:`fetch_all` take
    the archive's lock until it is closed. All methods raise ArchiveError's kinds: NoArchiveError, NewerSchemaError,
    ArchiveBusyError, DiskFullError.
    """

    def __init__(self, path: Path, settings: Settings, catalogue: Catalogue) -> None:
        self.path = path
        """The folder."""
        self.settings = settings
        self._catalogue = catalogue
        self._lock = Lock(path)

    @classmethod
    def open(cls, path: str | Path, settings: Settings | None = None) -> Self:
        """Open an archive that exists. Raises NoArchiveError where the folder is none."""
        folder = Path(path)
        if not folder.is_dir():
            raise NoArchiveError(f"{folder}: no such folder; `newsclean archive -o {folder} URL…` makes an archive")
        if not (folder / CATALOGUE).exists() and not (folder / WARC).is_dir():
            raise NoArchiveError(f"{folder}: no newsclean archive: it has neither {CATALOGUE} nor {WARC}/")
        return cls(folder, settings or Settings(), Catalogue.open(folder / CATALOGUE))

    @classmethod
    def create_or_open(cls, path: str | Path, settings: Settings | None = None) -> Self:
        """Open an archive, or make one in a folder that is new or empty.

        Raises NoArchiveError for a folder that holds other things.
        """
        folder = Path(path)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not (folder / CATALOGUE).exists() and not (folder / WARC).is_dir() and any(folder.iterdir()):
                raise NoArchiveError(f"{folder}: not empty, and no newsclean archive; name a new folder")
            (folder / WARC).mkdir(exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            raise NoArchiveError(f"{folder}: not a folder; name a new folder for the archive") from None
        except OSError as problem:
            raise disk_error(problem, folder) from problem
        return cls(folder, settings or Settings(), Catalogue.open(folder / CATALOGUE, create=True))

    @staticmethod
    def reindex(
        path: str | Path,
        settings: Settings | None = None,
        *,
        on_progress: Callable[[Progress], None] | None = None,
        stop: Stop | None = None,
    ) -> Summary:
        """Build the catalogue anew from the WARC files in ``warc/`` and put it in the place of the old one.

        The folder needs no catalogue: other people's WARC files will do. Pages are extracted anew, with the settings,
        rules and version of today, and with what repeats over the pages of their sites, which is learned first, in a
        pass of its own (progress with the step ``learning``). Inputs that are in no WARC file (still waiting, or no
        URLs) are taken over from the old catalogue where it can be read. Stopped or failed, the old catalogue stays as
        it was.
        """
        folder = Path(path)
        if not (folder / WARC).is_dir():
            raise NoArchiveError(f"{folder}: nothing to index: it has no folder {WARC}/ with WARC files")
        lock = Lock(folder)
        lock.take()
        try:
            return asyncio.run(
                reindex.reindex(folder, folder / CATALOGUE, settings or Settings(), on_progress=on_progress, stop=stop)
            )
        finally:
            lock.drop()

    def close(self) -> None:
        """Close the catalogue and give the lock back."""
        self._catalogue.close()
        self._lock.drop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Writing

    def add(self, entries: Iterable[Input], *, older_than: datetime | None = None) -> Added:
        """Take in inputs: URLs, pairs of a URL and where it came from (``urls.txt:12``), or entries of a list.

        They are read as they come, so that a list may be of any length. Duplicates by canonical form, also of earlier
        runs, are taken once; what is no http(s) URL becomes an input with the outcome ``bad-url``.

        ``older_than``, with a zone: inputs of earlier runs that were fetched before that moment, or could not be
        fetched, are queued again. What the server says is unchanged, or sends unchanged, is stored as a revisit.
        """
        self._lock.take()
        return self._catalogue.add_inputs(map(_with_origin, entries), older_than=_warc_date(older_than))

    def add_again(self, older_than: datetime) -> int:
        """Queue all inputs again that were fetched before that moment, or could not be fetched; returns how many."""
        self._lock.take()
        moment = _warc_date(older_than)
        assert moment is not None
        return self._catalogue.queue_again(moment)

    def run(
        self,
        entries: Iterable[Input] = (),
        *,
        sources: Sources | None = None,
        older_than: datetime | None = None,
        retry_failed: bool = False,
        extracting: bool = True,
        on_progress: Callable[[Progress], None] | None = None,
        on_outcome: Callable[[Outcome], None] | None = None,
        stop: Stop | None = None,
    ) -> Summary:
        """The main job: take in the inputs, then fetch, store, extract and record all that wait. See add, fetch_all."""
        self.add(entries, older_than=older_than)
        return asyncio.run(
            self.fetch_all(
                sources=sources,
                older_than=older_than,
                retry_failed=retry_failed,
                extracting=extracting,
                on_progress=on_progress,
                on_outcome=on_outcome,
                stop=stop,
            )
        )

    async def fetch_all(
        self,
        *,
        sources: Sources | None = None,
        older_than: datetime | None = None,
        retry_failed: bool = False,
        extracting: bool = True,
        on_progress: Callable[[Progress], None] | None = None,
        on_outcome: Callable[[Outcome], None] | None = None,
        stop: Stop | None = None,
    ) -> Summary:
        """Fetch, store, extract and record every input that waits.

        First what an earlier run left behind is put in order: WARC files that a crash left open are repaired, records
        that the catalogue does not know are read in, pages that were stored but not extracted are extracted.
        ``sources``: feeds, sitemaps and hosts whose stories become inputs first; ``older_than`` for them as in
        :meth:`add`. A source that cannot be had or read is an outcome, too.
        Without ``extracting``, pages are stored, with the outcome ``stored``, and a later run extracts them.
        ``retry_failed`` queues inputs again that failed in a way that may pass (no address, time-out, 5xx, 429).
        ``on_outcome`` gets each input's outcome once its records are on disk and it is in the catalogue. Where
        ``stop`` is set, no new page is begun, those under way are finished and all files are closed.

        Raises DiskFullError, after the files were closed; all that was reported is stored.
        """
        self._lock.take()
        return await job.run(
            self.path,
            self._catalogue,
            self.settings,
            extracting=extracting,
            retry_failed=retry_failed,
            sources=sources,
            older_than=_warc_date(older_than),
            on_progress=on_progress,
            on_outcome=on_outcome,
            stop=stop,
        )

    @staticmethod
    def dry_run(
        path: str | Path,
        entries: Iterable[Input],
        on_planned: Callable[[Planned], None],
        *,
        settings: Settings | None = None,
        sources: Sources | None = None,
        older_than: datetime | None = None,
    ) -> None:
        """Say of each input what :meth:`run` would do with it. Feeds, sitemaps and robots.txt are asked for; nothing is
        written, and the archive need not exist."""
        dry_run.dry_run(
            Path(path) / CATALOGUE,
            map(_with_origin, entries),
            sources or Sources(),
            settings or Settings(),
            on_planned,
            older_than=_warc_date(older_than),
        )

    # Reading

    def articles(self, *, versions: bool = False, one_per_story: bool = False) -> Iterator[StoredArticle]:
        """The latest article of each input, in the order of their records; with ``versions``, the earlier ones too;
        with ``one_per_story``, of the copies of one text only the one that was captured first."""
        return self._catalogue.articles(versions=versions, one_per_story=one_per_story)

    def stories(self) -> Iterator[Story]:
        """The stories that the archive has more than once, over all hosts; see :mod:`newsclean.near`."""
        return self._catalogue.stories()

    def copies(self, name: int | str) -> tuple[Copy, ...]:
        """The copies of that article, the earliest first; none for most. Raises NotInArchiveError."""
        return self._catalogue.copies(name)

    def article(self, name: int | str) -> StoredArticle:
        """The article of that number or URL (asked, final or canonical). Raises NotInArchiveError."""
        return self._catalogue.article(name)

    def extraction(self, name: int | str) -> Extraction:
        """The judgement of one page, article or not, block by block. Raises NotInArchiveError."""
        return self._catalogue.extraction(name)

    def search(self, words: str, *, limit: int = 20) -> list[SearchHit]:
        """Articles with these words, the best first; see :meth:`newsclean.store.Catalogue.search`."""
        return self._catalogue.search(words, limit=limit)

    def outcomes(self) -> Iterator[Outcome]:
        """How every input ended, in the order in which they were given."""
        return self._catalogue.outcomes()

    def outcome(self, url: str) -> Outcome | None:
        """How the input of that URL ended; None where it still waits or was never given."""
        return self._catalogue.outcome(url)

    def stats(self) -> Stats:
        """What is in the archive, counted."""
        return self._catalogue.stats()

    def drifts(self, hosts: Sequence[str] | None = None) -> list[Drift]:
        """The hosts whose latest pages have another shape than those before: what is kept, how long bodies are, which
        fields are missing. Of all hosts, or of those that are named."""
        return self._catalogue.drifts(hosts)

    def export(
        self,
        out: BinaryIO,
        format: str = "jsonl",  # noqa: A002
        *,
        versions: bool = False,
        one_per_story: bool = False,
    ) -> int:
        """Write the articles, as :meth:`articles` gives them, to a binary file in one of ``newsclean.store.FORMATS``;
        returns how many."""
        return export(self._catalogue, out, format, versions=versions, one_per_story=one_per_story)

    def capture(self, ref: RecordRef) -> Capture:
        """Read a record back from the WARC files. Raises WarcError's kinds."""
        return rebuild.read_capture(self.path / WARC, ref, self._catalogue)


def _warc_date(moment: datetime | None) -> str | None:
    """The moment as WARC-Dates have it; a zone is needed."""
    return warc_date(moment.astimezone(UTC)) if moment else None


def _with_origin(entry: Input) -> tuple[str, str]:
    if isinstance(entry, str):
        return entry, ""
    return entry if isinstance(entry, tuple) else (entry.text, entry.origin)
