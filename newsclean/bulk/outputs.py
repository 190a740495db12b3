"""The files that a bulk job writes: one, or one a partition, for each input, whole or not at all."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import msgspec

from newsclean.bulk.schema import arrow_schema, filled, need_arrow
from newsclean.urls import host_of

Format = Literal["parquet", "jsonl"]
Partition = Literal["month", "host"]
_GROUP_ROWS = 2_000
_GROUP_BYTES = 32 * 1024 * 1024
"""Rows and their bytes as JSON that are held until they are written as a row group."""
_MOST_OPEN = 64
"""Files of partitions that are open at once; another closes the one that was written longest ago."""
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
        self._files: dict[str, _File] = {}
        self._written: dict[Path, Path] = {}
        self.rows = 0

    def add(self, lines: Sequence[bytes]) -> None:
        """Records as lines of JSON, without line feeds."""
        for line in lines:
            where = _partition_of(line, self._partition) if self._partition else ""
            self._file(where).add(line)
            self.rows += 1

    def finish(self) -> list[str]:
        """Write what is left, and name the files; their paths in the folder, sorted."""
        if not self._partition and not self._files:
            self._file("")
        for where in list(self._files):
            self._close(where)
        for temporary, final in self._written.items():
            temporary.replace(final)
        return sorted(str(path.relative_to(self._folder)) for path in self._written.values())

    def discard(self) -> None:
        """Leave nothing."""
        for file in self._files.values():
            file.close()
        for temporary in (*self._written, *(file.path for file in self._files.values())):
            temporary.unlink(missing_ok=True)

    def _file(self, where: str) -> "_File":
        if (known := self._files.pop(where, None)) is None:
            if len(self._files) >= _MOST_OPEN:
                self._close(next(iter(self._files)))
            folder = self._folder / where if where else self._folder
            folder.mkdir(parents=True, exist_ok=True)
            number = sum(path.parent == folder for path in self._written.values())
            ending = f"{f'.{number}' if number else ''}.{self._form}"
            temporary = folder / f".{self._name}{ending}.{os.getpid()}.tmp"
            self._written[temporary] = folder / f"{self._name}{ending}"
            known = _Parquet(temporary, self._facts) if self._form == "parquet" else _Lines(temporary)
        self._files[where] = known  # the last one written is the last to be closed
        return known

    def _close(self, where: str) -> None:
        self._files.pop(where).close()


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
        self._held = 0

    def add(self, line: bytes) -> None:
        self._lines.append(line)
        self._held += len(line)
        if len(self._lines) >= _GROUP_ROWS or self._held >= _GROUP_BYTES:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._lines:
            rows = [filled(msgspec.json.decode(line)) for line in self._lines]
            self._writer.write_table(need_arrow().Table.from_pylist(rows, schema=self._schema))
        self._lines, self._held = [], 0


class _Key(msgspec.Struct):
    url: str | None
    captured_at: str | None


_KEY = msgspec.json.Decoder(_Key)


def _partition_of(line: bytes, partition: Partition) -> str:
    """The folder of a row, as Hive names them: ``month=2026-11``, ``host=news.example``."""
    key = _KEY.decode(line)
    if partition == "month":
        return f"month={(key.captured_at or '')[:7] or 'unknown'}"
    return f"host={quote(host_of(key.url or '') or 'unknown', safe='.-')}"


def file_name(source: str, digest: str) -> str:
    """The name of an input's output: the input's own, and a few digits that tell it from others of that name."""
    own = source.rstrip("/").rsplit("/", 1)[-1]
    return f"{_NAME.sub('_', own)[:120]}-{digest[:8]}"
