"""The files that a bulk job writes: one, or one a partition, for each input, whole or not at all."""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Literal
from urllib.parse import quote

import msgspec

from newsclean.bulk.schema import arrow_schema, filled, moment, need_arrow
from newsclean.errors import InputError
from newsclean.urls import host_of
from newsclean.version import __version__

Format = Literal["parquet", "jsonl"]
Partition = Literal["month", "host"]
_BATCH_ROWS = 100
_GROUP_ROWS = 2_000
_GROUP_BYTES = 32 * 1024 * 1024
"""Rows and their bytes as JSON that are held until they are written as a row group."""
_NAME = re.compile(r"[^A-Za-z0-9._-]+")


class Output:
    """What comes of one input. Rows go to files with temporary names, which :meth:`finish` gives their own."""

    def __init__(
        self, folder: Path, name: str, form: Format, partition: Partition | None, facts: dict[str, str]
    ) -> None:
        """``name``: of the file, without its ending. ``facts``: key-value metadata of Parquet files."""
        self._folder = folder
        self._name = name
        self._form = form
        self._partition = partition
        self._facts = facts
        self._whole: _File | None = None
        """The file of an input that is not partitioned."""
        self._spool: IO[bytes] | None = None
        """Rows that are partitioned once all are here: hosts come in turn, and a file a turn would be one a row."""
        self._places: dict[str, list[tuple[int, int]]] = {}
        """For each partition where its rows stand in the spool, and their lengths."""
        self._written: dict[Path, Path] = {}
        self.rows = 0

    def add(self, lines: Iterable[bytes]) -> None:
        """Records as lines of JSON, without line feeds."""
        for line in lines:
            if self._partition:
                self._keep(_partition_of(line, self._partition), line)
            else:
                if self._whole is None:
                    self._whole = self._file("")
                self._whole.add(line)
            self.rows += 1

    def finish(self) -> list[str]:
        """Write what is left, and name the files; their paths in the folder, sorted."""
        if self._partition:
            self._part()
        else:
            (self._whole or self._file("")).close()
        for temporary, final in self._written.items():
            temporary.replace(final)
        return sorted(path.relative_to(self._folder).as_posix() for path in self._written.values())

    def discard(self) -> None:
        """Leave nothing."""
        if self._whole is not None:
            self._whole.close()
        if self._spool is not None:
            self._spool.close()
        for temporary in self._written:
            temporary.unlink(missing_ok=True)

    def _keep(self, where: str, line: bytes) -> None:
        if self._spool is None:
            # beside the output, where there is room, and without a name: it goes with the process
            self._spool = TemporaryFile(dir=self._folder)  # noqa: SIM115 - closed by finish or discard
        self._places.setdefault(where, []).append((self._spool.tell(), len(line)))
        self._spool.write(line)

    def _part(self) -> None:
        """One file a partition, one after another: no more than a row group is held."""
        if self._spool is None:
            return
        with self._spool as spool:
            for where, places in self._places.items():
                file = self._file(where)
                for start, length in places:
                    spool.seek(start)
                    file.add(spool.read(length))
                file.close()

    def _file(self, where: str) -> "_File":
        folder = self._folder / where if where else self._folder
        folder.mkdir(parents=True, exist_ok=True)
        temporary = folder / f".{self._name}.{self._form}.{os.getpid()}.tmp"
        self._written[temporary] = folder / f"{self._name}.{self._form}"
        return _Parquet(temporary, self._facts) if self._form == "parquet" else _Lines(temporary)


class _File:
    """One file that is being written."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, line: bytes) -> None:
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError


class _Lines(_File):
    """JSON Lines."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._stream = path.open("wb")

    def add(self, line: bytes) -> None:
        self._stream.write(line + b"\n")

    def close(self) -> None:
        self._stream.close()


class _Parquet(_File):
    """Parquet, packed with zstd, a row group at a time."""

    def __init__(self, path: Path, facts: dict[str, str]) -> None:
        super().__init__(path)
        need_arrow()
        from pyarrow import parquet

        self._schema = arrow_schema(facts)
        self._writer: Any = parquet.ParquetWriter(path, self._schema, compression="zstd")
        self._lines: list[bytes] = []
        self._batches: list[Any] = []
        """Rows as Arrow has them, in a fifth of the room that they take as objects."""
        self._rows = self._held = 0

    def add(self, line: bytes) -> None:
        self._lines.append(line)
        self._rows += 1
        self._held += len(line)
        if len(self._lines) >= _BATCH_ROWS:
            self._pack()
        if self._rows >= _GROUP_ROWS or self._held >= _GROUP_BYTES:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._writer.close()

    def _pack(self) -> None:
        rows = [filled(msgspec.json.decode(line)) for line in self._lines]
        self._batches.append(need_arrow().RecordBatch.from_pylist(rows, schema=self._schema))
        self._lines = []

    def _flush(self) -> None:
        if self._lines:
            self._pack()
        if self._batches:
            self._writer.write_table(need_arrow().Table.from_batches(self._batches), row_group_size=self._rows)
        self._batches = []
        self._rows = self._held = 0


def write_parquet(path: Path, records: Iterable[dict[str, Any]]) -> int:
    """Write records (:func:`newsclean.store.records.article_record`) to one file, which gets its name when it is whole;
    returns how many. Raises UsageError without pyarrow, InputError where the file cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    count = 0
    try:
        file = _Parquet(temporary, {"newsclean.version": __version__})
        try:
            for record in records:
                file.add(msgspec.json.encode(record))
                count += 1
        finally:
            file.close()
        temporary.replace(path)
    except OSError as problem:
        raise InputError(f"{path}: cannot be written: {problem.strerror or problem}") from None
    finally:
        temporary.unlink(missing_ok=True)
    return count


class _Key(msgspec.Struct):
    url: str | None
    captured_at: str | None


_KEY = msgspec.json.Decoder(_Key)


def _partition_of(line: bytes, partition: Partition) -> str:
    """The folder of a row, as Hive names them: ``month=2026-11``, ``host=news.example``."""
    key = _KEY.decode(line)
    if partition == "month":
        # never the text itself: a WARC-Date may say ../..
        when = moment(key.captured_at or "")
        return f"month={when.year:04}-{when.month:02}" if when else "month=unknown"
    return f"host={quote(host_of(key.url or '') or 'unknown', safe='.-')}"


def file_name(source: str, digest: str) -> str:
    """The name of an input's output: the input's own, and a few digits that tell it from others of that name."""
    own = source.rstrip("/").rsplit("/", 1)[-1]
    return f"{_NAME.sub('_', own)[:120]}-{digest[:8]}"
