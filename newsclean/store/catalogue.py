"""The catalogue: what an archive knows about its inputs, captures and articles, in one SQLite file."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from newsclean.clutter.site import SiteMemory
from newsclean.errors import BadUrlError, NotInArchiveError, UsageError
from newsclean.exchange import Earlier
from newsclean.model import Article, Extraction, Outcome, RecordRef
from newsclean.store import blocks, codec, drift, fulltext, sites, stories, writes
from newsclean.store.connection import connect, translated
from newsclean.store.drift import Drift
from newsclean.store.rows import Added, Copy, Ended, Judged, Pending, Queued, SearchHit, Stats, StoredArticle, Story

_BATCH = 1000


class Catalogue:
    """One open catalogue file. Not for use by two threads at the same time.

    Every method raises ArchiveBusyError where another process holds the file for longer than the busy time-out,
    DiskFullError where there is no space, NoArchiveError where the file is damaged.
    """

    def __init__(self, file: Path, connection: sqlite3.Connection) -> None:
        self.file = file
        connection.row_factory = sqlite3.Row
        self._connection = connection

    @classmethod
    def open(cls, file: Path, *, create: bool = False, write: bool = True, busy_timeout: float = 10.0) -> Self:
        """Open the file; ``create`` makes it where it is missing, without ``write`` nothing can be changed.

        ``busy_timeout`` is in seconds. Raises NoArchiveError, NewerSchemaError, ArchiveBusyError.
        """
        return cls(file, connect(file, create=create, write=write, busy_timeout=busy_timeout))

    def close(self) -> None:
        """Close the file; its write-ahead log is folded in."""
        with translated(self.file):
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Inputs

    def add_inputs(self, entries: Iterable[tuple[str, str]], *, older_than: str | None = None) -> Added:
        """Take in inputs, each with its origin; read as they come and stored a thousand at a time.

        Duplicates by canonical form, in the list or from earlier runs, are taken once. What is no http(s) URL is
        stored with the outcome ``bad-url``. With ``older_than``, a WARC-Date, known inputs that are done and were
        fetched before that moment, or never, are queued again.
        """
        stream = iter(entries)
        new = known = bad = again = 0
        while batch := list(islice(stream, _BATCH)):
            rows = [writes.input_row(text, origin) for text, origin in batch]
            with self._transaction() as db:
                for row in rows:
                    cursor = db.execute(
                        "INSERT INTO queue (url, key, host, origin, state, outcome, message)"
                        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
                        row,
                    )
                    if not cursor.rowcount:
                        known += 1
                        if older_than is not None:
                            again += writes.queue_again(db, older_than, row[1])
                    elif row[5] is None:
                        new += 1
                    else:
                        bad += 1
        return Added(new=new, known=known - again, bad=bad, again=again)

    def queue_again(self, older_than: str) -> int:
        """Queue all inputs again that are done and were fetched before that WARC-Date, or never; returns how many."""
        with self._transaction() as db:
            return writes.queue_again(db, older_than)

    def would_fetch(self, url: str, older_than: str | None = None) -> bool:
        """Whether an input would be fetched if it was given to :meth:`add_inputs`, or waits already."""
        rows = self._rows(
            "SELECT state, (SELECT max(c.fetched_at) FROM captures c WHERE c.key = queue.key) AS fetched_at"
            " FROM queue WHERE key = ?",
            writes.key_of(url),
        )
        if not rows or rows[0]["state"] == "queued":
            return True
        return older_than is not None and (rows[0]["fetched_at"] or "") < older_than

    def queued_hosts(self) -> dict[str, int]:
        """How many inputs wait to be fetched, by host, the host of the first input first."""
        return self._counted("SELECT host, count(*) FROM queue WHERE state = 'queued' GROUP BY host ORDER BY min(id)")

    def queued(self, *, limit: int, after: int = 0, host: str | None = None) -> list[Queued]:
        """Inputs that wait to be fetched, in their order, from behind the id ``after``; of one host where given."""
        where, values = ("AND host = ?", [host]) if host is not None else ("", [])
        rows = self._rows(
            f"SELECT id, url, key, host FROM queue WHERE state = 'queued' {where} AND id > ? ORDER BY id LIMIT ?",
            *values,
            after,
            limit,
        )
        return [
            Queued(id=row["id"], url=row["url"], host=row["host"], earlier=self._earlier(row["key"])) for row in rows
        ]

    def requeue(self, outcomes: Iterable[str]) -> int:
        """Put inputs with one of these outcomes back into the queue; returns how many."""
        with self._transaction() as db:
            return sum(
                db.execute(
                    "UPDATE queue SET state = 'queued', outcome = NULL, message = ''"
                    " WHERE state = 'done' AND outcome = ?",
                    [outcome],
                ).rowcount
                for outcome in outcomes
            )

    def counts(self) -> dict[str, int]:
        """Inputs by state: ``queued``, ``fetched`` (stored, not yet extracted), ``done``."""
        counted = self._counted("SELECT state, count(*) FROM queue GROUP BY state")
        return {"queued": 0, "fetched": 0, "done": 0} | counted

    def outcome_counts(self) -> dict[str, int]:
        """Inputs that are done, by outcome, the most frequent first."""
        return self._counted("SELECT outcome, count(*) FROM queue WHERE state = 'done' GROUP BY 1 ORDER BY 2 DESC, 1")

    def outcomes(self, *, origin: str | None = None) -> Iterator[Outcome]:
        """How every input ended, in the order in which they were given; those that still wait are left out."""
        where = " AND q.origin = :origin" if origin is not None else ""
        for row in self._streamed(f"{codec.OUTCOMES} WHERE q.state = 'done'{where}", "queue_id", "q.id", origin=origin):
            yield codec.outcome_of(row)

    def outcome(self, url: str) -> Outcome | None:
        """How the input of that URL ended; None where it still waits or was never given."""
        rows = self._rows(f"{codec.OUTCOMES} WHERE q.key = ? AND q.outcome IS NOT NULL", writes.key_of(url))
        return codec.outcome_of(rows[0]) if rows else None

    def capture_outcome(self, capture_id: int) -> Outcome | None:
        """How the input that this capture ended came out; None where it waits, or has a later capture that differs."""
        rows = self._rows(
            f"{codec.OUTCOMES} WHERE (c.id = ? OR c.same_as = ?) AND q.outcome IS NOT NULL", capture_id, capture_id
        )
        return codec.outcome_of(rows[0]) if rows else None

    def adopt_inputs(self, other: Path) -> None:
        """Take the inputs of another catalogue over, in their order: lines that are no URL with their outcome, all
        others as waiting. For a new catalogue, before anything is stored in it."""
        with translated(other):
            self._connection.execute("ATTACH ? AS other", [str(other)])
        try:
            with self._transaction() as db:
                db.execute(
                    "INSERT INTO queue (id, url, key, host, origin, state, outcome, message)"
                    " SELECT id, url, key, host, origin, iif(host = '', 'done', 'queued'),"
                    " iif(host = '', outcome, NULL), iif(host = '', message, '')"
                    " FROM other.queue WHERE host != '' OR outcome = ?",
                    [BadUrlError.code],
                )
        finally:
            with translated(self.file):
                self._connection.execute("DETACH other")

    # Captures

    def file_sizes(self) -> dict[str, int]:
        """How many bytes of each WARC file the catalogue accounts for, by name."""
        return self._counted("SELECT name, size FROM files ORDER BY name")

    def store(self, ended: Sequence[Ended], files: Mapping[str, int]) -> list[int | None]:
        """Record inputs whose exchange is over, and how far each WARC file is accounted for, in one step.

        The records must be on disk already. Returns for each input the id of its capture, None without one. Giving
        the same records again changes nothing.
        """
        ids: list[int | None] = []
        with self._transaction() as db:
            for end in ended:
                capture_id = writes.store_capture(db, end)
                writes.store_end(db, end, capture_id)
                ids.append(capture_id)
            db.executemany(
                "INSERT INTO files (name, size) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET size = excluded.size",
                files.items(),
            )
        return ids

    def original(self, payload_digest: str) -> Earlier | None:
        """The first whole response with that payload; None where there is none."""
        rows = self._rows(
            "SELECT record_id, final_url, fetched_at, payload_digest, chunked FROM captures"
            " WHERE payload_digest = ? AND revisit_of IS NULL AND truncated IS NULL ORDER BY id LIMIT 1",
            payload_digest,
        )
        return codec.earlier_of(rows[0]) if rows else None

    def record(self, record_id: str) -> RecordRef | None:
        """Where the capture with that record id lies; None where the catalogue does not know it."""
        rows = self._rows("SELECT file, offset, length, record_id FROM captures WHERE record_id = ?", record_id)
        return codec.record_of(rows[0]) if rows else None

    def cut(self, file: str, size: int) -> int:
        """A WARC file ends at ``size``: forget the captures behind it and queue their inputs; returns how many."""
        with self._transaction() as db:
            lost = [
                row[0]
                for row in db.execute("SELECT id FROM captures WHERE file = ? AND offset + length > ?", [file, size])
            ]
            for capture_id in lost:
                writes.forget_capture(db, capture_id)
            db.execute("UPDATE files SET size = min(size, ?) WHERE name = ?", [size, file])
        return len(lost)

    def forget_file(self, file: str) -> int:
        """A WARC file is gone: as :meth:`cut` at its beginning."""
        lost = self.cut(file, 0)
        with self._transaction() as db:
            db.execute("DELETE FROM files WHERE name = ?", [file])
        return lost

    def pending(self, *, limit: int, after: int = 0) -> list[Pending]:
        """Captures that wait for their extraction, in their order, from behind the id ``after``."""
        rows = self._rows("SELECT * FROM captures WHERE waits AND id > ? ORDER BY id LIMIT ?", after, limit)
        return [codec.pending_of(row) for row in rows]

    def waits(self, capture_id: int) -> bool:
        """Whether that capture waits for an extraction of its own."""
        return bool(self._rows("SELECT waits FROM captures WHERE id = ?", capture_id)[0][0])

    # Extractions and articles

    def store_extractions(self, extractions: Sequence[tuple[int, Extraction]], *, learning: bool = False) -> None:
        """Record what became of captures, each named by its id, in one step; earlier results are replaced.

        With ``learning``, what repeats on their sites is learned from those that are articles, see
        :meth:`settle_sites`.
        """
        packed = [(number, found, blocks.pack(found.blocks, found.verdicts)) for number, found in extractions]
        with self._transaction() as db:
            for capture_id, extraction, blob in packed:
                writes.store_extraction(db, capture_id, extraction, blob)
                if learning:
                    sites.learn(db, capture_id, extraction)

    # The memory of sites

    def site_memory(self, host: str) -> SiteMemory | None:
        """What runs that are over saw on pages of the host; None where it is too little to say anything."""
        with translated(self.file):
            return sites.memory(self._connection, host)

    def learn_page(self, capture_id: int, extraction: Extraction) -> None:
        """Learn from a page whose extraction is not to be stored."""
        with self._transaction() as db:
            sites.learn(db, capture_id, extraction)

    def settle_sites(self) -> None:
        """A run is over: what was learned in it, and in those before it that were broken off, is heard from now on."""
        if self._rows("SELECT 1 FROM site_pages WHERE NOT settled LIMIT 1"):
            with self._transaction() as db:
                sites.settle(db)

    def pages_to_learn(self) -> list[int]:
        """Ids of the captures that wait for their extraction and teach most of their sites: the latest of each host
        that has enough of them."""
        return [row[0] for row in self._rows(sites.TO_LEARN)]

    def pending_one(self, capture_id: int) -> Pending:
        """A capture that waits for its extraction."""
        return codec.pending_of(self._rows("SELECT * FROM captures WHERE id = ?", capture_id)[0])

    def article(self, name: int | str) -> StoredArticle:
        """The article of that number, or the latest of that URL: asked, final or canonical.

        Raises NotInArchiveError, saying how the input ended where it is known.
        """
        capture_id = self._capture_id(name, "JOIN articles a ON a.id = c.id", "article")
        rows = self._rows(f"{codec.ARTICLES} WHERE a.id = ?", capture_id)
        return codec.stored_article(rows[0])

    def articles(self, *, versions: bool = False, one_per_story: bool = False) -> Iterator[StoredArticle]:
        """The latest article of each input, in the order of their records, read as they are asked for.

        With ``versions``, also the earlier ones of inputs that were fetched again and had changed. With
        ``one_per_story``, of those that are copies of one text only the one that was captured first, in its latest
        version. Raises UsageError for both.
        """
        if versions and one_per_story:
            raise UsageError("versions and one-per-story exclude each other; ask for one of them")
        with translated(self.file):
            skipped = stories.later(self._compared()) if one_per_story else frozenset()
        where = "true" if versions else "c.newer IS NULL"
        for row in self._streamed(f"{codec.ARTICLES} WHERE {where}", "id", "a.id"):
            if row["id"] not in skipped:
                yield codec.stored_article(row)

    def stories(self) -> Iterator[Story]:
        """The stories that are there more than once, by the numbers of their articles; read as they are asked for."""
        with translated(self.file):
            parts = stories.parts(self._compared())
        for part in parts:
            with translated(self.file):
                found = stories.read(self._connection, part)
            yield from found

    def copies(self, name: int | str) -> tuple[Copy, ...]:
        """The copies of an article, named as for :meth:`article`; the earliest first. Raises NotInArchiveError."""
        capture_id = self._capture_id(name, "JOIN articles a ON a.id = c.id", "article")
        with translated(self.file):
            return stories.copies(self._compared(), capture_id)

    def judged(self, capture_id: int | None = None) -> Iterator[Judged]:
        """How each capture was judged, article or not, in the order of their records; one of them where asked for."""
        where = "true" if capture_id is None else "c.id = :one"
        sql = (
            "SELECT c.id, c.record_id, c.final_url, e.outcome FROM captures c JOIN extractions e ON e.capture_id = c.id"
        )
        for row in self._streamed(f"{sql} WHERE {where}", "id", "c.id", one=capture_id):
            yield Judged(capture_id=row["id"], record_id=row["record_id"], url=row["final_url"], outcome=row["outcome"])

    def extraction(self, name: int | str) -> Extraction:
        """The judgement of one page, article or not, with its blocks, verdicts and evidence.

        ``name`` is an article's number or a URL: asked, final or canonical. Raises NotInArchiveError.
        """
        capture_id = self._capture_id(name, "JOIN extractions e ON e.capture_id = c.id", "page")
        sql = "SELECT e.*, c.* FROM extractions e JOIN captures c ON c.id = e.capture_id WHERE c.id = ?"
        row = self._rows(sql, capture_id)[0]
        judged, verdicts = blocks.unpack(row["blocks"])
        return Extraction(
            outcome=row["outcome"],
            message=row["message"],
            found=self._article_of(capture_id),
            kind=codec.kind_of(row),
            blocks=judged,
            verdicts=verdicts,
            diagnostics=codec.strings(row["diagnostics"]),
            versions=codec.versions_of(row),
            record=codec.record_of(row),
            captured_at=row["fetched_at"] or None,
        )

    def search(self, words: str, *, limit: int = 20) -> list[SearchHit]:
        """Articles with these words in headline or text, the best first.

        All words must be there; ``"a phrase"``, ``-without``, ``begin*`` and ``this OR that`` are understood, and
        nothing is a syntax error. Raises InputError where there is no word to look for.
        """
        query = fulltext.parse(words)
        rows = self._rows(
            f"SELECT bm25(search, 4.0, 1.0) AS rank, found.* FROM search JOIN ({codec.ARTICLES}) found"
            " ON found.id = search.rowid WHERE search MATCH ? AND found.newer IS NULL ORDER BY rank, found.id LIMIT ?",
            query.expression,
            limit,
        )
        hits = []
        for row in rows:
            article = codec.article_of(row)
            snippet, spans = fulltext.excerpt(article.text, query)
            hits.append(
                SearchHit(
                    article_id=row["id"],
                    url=article.url or row["final_url"],
                    headline=article.headline,
                    date_published=article.date_published,
                    in_language=article.in_language,
                    snippet=snippet,
                    spans=spans,
                    rank=row["rank"],
                )
            )
        return hits

    def stats(self) -> Stats:
        """What is in the archive, counted."""
        counts = self.counts()
        captures = self._rows("SELECT count(*), coalesce(sum(body_bytes), 0) FROM captures")[0]
        with translated(self.file):
            many, copies = stories.counts(self._compared())
        return Stats(
            inputs=sum(counts.values()),
            waiting=counts["queued"] + counts["fetched"],
            outcomes=self.outcome_counts(),
            articles=self._rows("SELECT count(*) FROM articles")[0][0],
            languages=self._counted(
                "SELECT coalesce(in_language, ''), count(*) FROM articles GROUP BY 1 ORDER BY 2 DESC, 1"
            ),
            hosts=self._counted(
                "SELECT c.host, count(*) FROM articles a JOIN captures c ON c.id = a.id GROUP BY 1 ORDER BY 2 DESC, 1"
            ),
            days=self._counted(
                "SELECT coalesce(substr(date_published, 1, 10), ''), count(*) FROM articles GROUP BY 1 ORDER BY 1"
            ),
            captures=captures[0],
            body_bytes=captures[1],
            warc_files=self.file_sizes(),
            catalogue_bytes=self.file.stat().st_size,
            stories=many,
            copies=copies,
        )

    def drifts(self, hosts: Sequence[str] | None = None) -> list[Drift]:
        """The hosts whose latest pages have another shape than those before; of all, or of those that are named."""
        with translated(self.file):
            return list(drift.drifts(self._connection, hosts))

    # Inside

    def _compared(self) -> sqlite3.Connection:
        """The connection, once all articles were compared: an older version left them as they were."""
        while not stories.is_filled(self._connection):
            with self._transaction() as db:
                stories.fill(db)
        return self._connection

    def _article_of(self, capture_id: int) -> Article | None:
        rows = self._rows(f"{codec.ARTICLES} WHERE a.id = ?", capture_id)
        return codec.article_of(rows[0]) if rows else None

    def _earlier(self, key: str) -> Earlier | None:
        """The latest whole page of an input, for a conditional request; None where there is none."""
        rows = self._rows(
            "SELECT o.record_id, o.final_url, o.fetched_at, o.payload_digest, o.chunked,"
            " coalesce(c.etag, o.etag) AS etag, coalesce(c.last_modified, o.last_modified) AS last_modified"
            " FROM captures c JOIN captures o ON o.record_id = coalesce(c.revisit_of, c.record_id)"
            " WHERE c.key = ? AND o.status = 200 AND o.truncated IS NULL AND o.payload_digest IS NOT NULL"
            " ORDER BY c.id DESC LIMIT 1",
            key,
        )
        return codec.earlier_of(rows[0], rows[0]["etag"], rows[0]["last_modified"]) if rows else None

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with translated(self.file):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def _rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        with translated(self.file):
            return self._connection.execute(sql, values).fetchall()

    def _counted(self, sql: str) -> dict[str, int]:
        return {row[0]: row[1] for row in self._rows(sql)}

    def _streamed(self, sql: str, column: str, expression: str, **values: Any) -> Iterator[sqlite3.Row]:
        """Rows in the order of a number, some at a time, so that a long export holds no lock and little memory."""
        last = -1
        while True:
            with translated(self.file):
                rows = self._connection.execute(
                    f"{sql} AND {expression} > :last ORDER BY {expression} LIMIT 200", {**values, "last": last}
                ).fetchall()
            if not rows:
                return
            yield from rows
            last = rows[-1][column]

    def _capture_id(self, name: int | str, join: str, what: str) -> int:
        if isinstance(name, int) or name.isdecimal():
            rows = self._rows(f"SELECT c.id FROM captures c {join} WHERE c.id = ?", int(name))
            if not rows:
                raise NotInArchiveError(f"{self.file.parent}: no {what} has the number {name}")
        else:
            rows = self._rows(
                f"SELECT c.id FROM names n JOIN captures c ON c.id = n.capture_id {join} WHERE n.key = ?"
                " ORDER BY c.fetched_at DESC, c.id DESC LIMIT 1",
                writes.key_of(name),
            )
            if not rows:
                raise NotInArchiveError(f"{self.file.parent}: no {what} has the URL {name}{self._ending(name)}")
        return int(rows[0][0])

    def _ending(self, url: str) -> str:
        known = self.outcome(url)
        if known is None:
            return "; `newsclean search` finds articles by their words"
        return f": its outcome is {known.outcome}" + (f" ({known.message})" if known.message else "")
