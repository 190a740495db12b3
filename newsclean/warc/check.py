"""Checks WARC files against ISO 28500:2017: the bytes of the file, the fields, the digests, and what refers to what."""

import hashlib
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from newsclean.errors import NotWarcError, PageError
from newsclean.warc.bodies import UNEXPLAINED, check_block, explained
from newsclean.warc.fields import check_fields
from newsclean.warc.findings import Finding
from newsclean.warc.names import OPEN
from newsclean.warc.passing import RECORD_END, Passing, passing
from newsclean.warc.records import MAX_RECORD, Damaged, open_warc

_RECENT = 1000
"""Records whose date is kept, to compare those of one capture event: they stand close together."""
_REFERENCES = ("WARC-Concurrent-To", "WARC-Refers-To", "WARC-Warcinfo-ID")


class Checker:
    """Checks files that belong together. Of each record it keeps 16 bytes of its id's digest, and of each reference
    whose record has not come yet where it stands.
    """

    def __init__(self) -> None:
        self.records = 0
        """Whole records in all files so far."""
        self._kinds: dict[bytes, str] = {}
        self._missing: dict[bytes, Finding] = {}
        self._to_revisits: dict[bytes, Finding] = {}
        self._dates: OrderedDict[bytes, str] = OrderedDict()

    def check(self, path: Path, name: str | None = None) -> Iterator[Finding]:
        """What is wrong with one file, in its order. ``name``: what ``Finding.file`` says; the path where it is left
        out. Raises InputError; a file that is no WARC file at all is a finding.
        """
        shown = str(path) if name is None else name
        with open_warc(path) as file:
            if path.name.endswith(OPEN):
                yield _finding("unclosed", shown, 0, "the file is still being written, or was not closed")
            try:
                with closing(passing(file, shown)) as found:
                    yield from self._file(found, path, shown)
            except NotWarcError as problem:
                yield _finding("not-warc", shown, 0, str(problem).removeprefix(f"{shown}: "))

    def rest(self) -> Iterator[Finding]:
        """What can be told when all files have been read: references to records that are in none of them."""
        yield from self._missing.values()
        self._missing.clear()

    def _file(self, found: Iterator[Passing | Damaged], path: Path, shown: str) -> Iterator[Finding]:
        last: Passing | None = None
        damaged: Damaged | None = None
        shared = False
        for record in found:
            if damaged:
                yield self._damage(damaged, last, path, tail=False)
                damaged = None
            if isinstance(record, Damaged):
                damaged = record
                continue
            if last is None and record.offset == 0 and record.header("WARC-Type") != "warcinfo":
                yield _of("warcinfo-first", record, shown, "the first record of the file is no warcinfo record")
            last = record
            if record.number and not shared:
                shared = True
                yield _of(
                    "shared-member",
                    record,
                    shown,
                    "a gzip member with more than one record, none of which can be read alone (further ones not named)",
                )
            yield from self._record(record, path, shown)
        if damaged:
            yield self._damage(damaged, last, path, tail=True)

    def _record(self, record: Passing, path: Path, shown: str) -> Iterator[Finding]:
        told = [*check_fields(record), *_name(record, path, shown)]
        for slug, detail in check_block(record):
            if detail == UNEXPLAINED:
                detail = _explained(record, path) or detail
            told.append((slug, detail))
        if not record.finish():
            return
        self.records += 1
        if record.ending != RECORD_END:
            there = f"{record.ending!r}" if record.ending else "nothing"
            told.append(("record-end", f"behind the block is {there}, not two times CR LF"))
        for slug, detail in told:
            yield _of(slug, record, shown, detail)
        yield from self._links(record, shown)

    def _damage(self, damaged: Damaged, last: Passing | None, path: Path, *, tail: bool) -> Finding:
        """What a place that could not be read is: the torn end of the file, rubbish behind it, or a broken record."""
        known = last if last and last.offset == damaged.offset else None
        slug, detail = "damaged-record", damaged.reason
        if tail and not known and last:
            size, empty = _behind(path, damaged.offset)
            if empty or not damaged.reason.startswith("the file ends"):
                slug = "trailing-bytes"
                detail = f"{size:,} {'NUL ' if empty else ''}bytes behind the last record that are no record"
        if tail and slug == "damaged-record" and damaged.reason.startswith("the file ends"):
            slug = "torn-tail"
        record_id = known.header("WARC-Record-ID") if known else None
        return Finding(slug=slug, file=damaged.file, offset=damaged.offset, record_id=record_id, detail=detail)

    def _links(self, record: Passing, shown: str) -> Iterator[Finding]:
        """Ids that were there before, and references: to nothing, to revisits, to another time."""
        kind = record.header("WARC-Type") or ""
        date = record.header("WARC-Date") or ""
        own = record.header("WARC-Record-ID")
        if own:
            key = _key(own)
            if key in self._kinds:
                yield _of("duplicate-id", record, shown, f"WARC-Record-ID {own} is that of an earlier record, too")
            self._kinds[key] = kind
            self._missing.pop(key, None)
            later = self._to_revisits.pop(key, None)
            if later and kind == "revisit":
                yield later
            self._dates[key] = date
            if len(self._dates) > _RECENT:
                self._dates.popitem(last=False)
        for name in _REFERENCES:
            for value in record.every(name):
                key = _key(value)
                if key not in self._kinds:
                    self._missing.setdefault(
                        key, _of("dangling-reference", record, shown, f"{name} {value}: no record here has that id")
                    )
                elif name == "WARC-Concurrent-To" and date and self._dates.get(key, date) != date:
                    yield _of(
                        "event-date",
                        record,
                        shown,
                        f"WARC-Date {date}, but {self._dates[key]} on another record of the same capture",
                    )
        if kind == "revisit":
            yield from self._revisit(record, shown)

    def _revisit(self, record: Passing, shown: str) -> Iterator[Finding]:
        value = record.header("WARC-Refers-To")
        if value:
            told = _of("refers-to-revisit", record, shown, f"a revisit of {value}, which is a revisit itself")
            if self._kinds.get(_key(value)) == "revisit":
                yield told
            elif _key(value) not in self._kinds:
                self._to_revisits[_key(value)] = told
        lacking = [name for name in ("WARC-Refers-To-Target-URI", "WARC-Refers-To-Date") if not record.header(name)]
        if lacking:
            yield _of("refers-to-nothing", record, shown, f"a revisit without {' and '.join(lacking)}")


def _name(record: Passing, path: Path, shown: str) -> Iterator[tuple[str, str]]:
    filename = record.header("WARC-Filename")
    own = path.name.removesuffix(OPEN)
    if filename and record.offset == 0 and filename.strip('"') != own and Path(shown).name == path.name:
        yield "filename", f"WARC-Filename says {filename!r}"


def _explained(record: Passing, path: Path) -> str | None:
    """Why the payload digest fails, found by reading the record again, whole."""
    if record.size > MAX_RECORD or record.number:
        return None
    with open_warc(path) as file, closing(passing(file, "", record.offset)) as again:
        same = next(again)
        assert isinstance(same, Passing)  # it was read a moment ago
        try:
            return explained(b"".join(same.chunks()), record.header("WARC-Payload-Digest") or "")
        except PageError:
            return None


def _behind(path: Path, offset: int) -> tuple[int, bool]:
    """Bytes from there to the end of the file, and whether all are NUL."""
    with open_warc(path) as file:
        file.seek(offset)
        empty = True
        size = 0
        while data := file.read(1 << 16):
            size += len(data)
            empty = empty and not data.strip(b"\0")
    return size, empty


def _key(record_id: str) -> bytes:
    return hashlib.blake2b(record_id.encode("utf-8", "replace"), digest_size=16).digest()


def _of(slug: str, record: Passing, shown: str, detail: str) -> Finding:
    return Finding(
        slug=slug, file=shown, offset=record.offset, record_id=record.header("WARC-Record-ID"), detail=detail
    )


def _finding(slug: str, shown: str, offset: int, detail: str) -> Finding:
    return Finding(slug=slug, file=shown, offset=offset, record_id=None, detail=detail)
