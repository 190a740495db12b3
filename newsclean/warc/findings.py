"""What can be found in a WARC file by the rules of ISO 28500:2017 (WARC 1.1), each with clause and advice."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that may be wrong."""

    severity: Severity
    """``error``: the standard says shall, or tools will fail; ``warning``: it says should, or it may be meant."""
    clause: str
    """Where ISO 28500:2017 says so; ``#`` and a number: an issue of iipc/warc-specifications that settles it."""
    advice: str
    """What to do."""


_REPAIR = "run `newsclean warc repair`"
_WRITER = "the tool that wrote it should do better"

RULES: Mapping[str, Rule] = {
    # The file
    "not-warc": Rule("error", "4", "leave the file out"),
    "torn-tail": Rule("error", "4", f"{_REPAIR}, which cuts it off, and fetch what was lost again"),
    "damaged-record": Rule("error", "4", f"{_REPAIR}, which leaves it out, and fetch what was lost again"),
    "trailing-bytes": Rule("error", "4", f"{_REPAIR}, which drops them"),
    "record-end": Rule("error", "4", f"{_REPAIR}, which ends it as it should"),
    "shared-member": Rule("error", "D.2", f"{_REPAIR}, which packs each record by itself"),
    "unclosed": Rule("warning", "C", f"let its writer finish; if that is gone, {_REPAIR}"),
    "warcinfo-first": Rule("warning", "5.5", "nothing is lost; who wrote the file is not told"),
    "filename": Rule("warning", "5.17", "give the file its name back, or let it be"),
    # The head of a record
    "version": Rule("error", "4", _WRITER),
    "bare-lf": Rule("error", "4", _WRITER),
    "not-a-field": Rule("error", "4", _WRITER),
    "not-utf8": Rule("error", "4", _WRITER),
    "folded-field": Rule("warning", "4, #74", "some readers take only the first line"),
    "encoded-word": Rule("warning", "4, #67", "readers will show it as it is"),
    "missing-field": Rule("error", "5.1", _WRITER),
    "repeated-field": Rule("error", "5.1", "readers will take any one of them"),
    "forbidden-field": Rule("error", "5", _WRITER),
    "record-id": Rule("error", "5.2", _WRITER),
    "duplicate-id": Rule("error", "5.2", "look for the same file given or written twice"),
    "date": Rule("error", "5.4", "index and replay may show another time, or fail"),
    "event-date": Rule("warning", "5.4", _WRITER),
    "record-type": Rule("warning", "5.5", "readers will pass it over"),
    "content-type": Rule("warning", "5.6", "readers will guess"),
    "digest-form": Rule("warning", "5.8", "it was not compared"),
    "ip-address": Rule("error", "5.10", _WRITER),
    "target-uri": Rule("error", "5.14", "index and replay may not find it"),
    "angle-brackets": Rule("error", "5.14", "older tools will not find the record by its URL"),
    "truncated": Rule("warning", "5.15", "readers know length, time, disconnect and unspecified"),
    "profile": Rule("warning", "5.18", "readers will not interpret the record"),
    "segment": Rule("error", "5.20", _WRITER),
    # The block
    "block-digest": Rule("error", "5.8", "the record was changed after it was written; take it from another copy"),
    "payload-digest": Rule("error", "5.9", "duplicates are told by it"),
    "http-head": Rule("error", "6.3.2", "readers may make nothing of it"),
    "not-marked-truncated": Rule("warning", "6.3.2", "fetch it again if it is needed whole"),
    # Between records
    "dangling-reference": Rule("warning", "5.7, 5.11", "it may be in a file that was not given"),
    "refers-to-revisit": Rule("warning", "6.7", "replay may not find the content"),
    "refers-to-nothing": Rule("warning", "6.7.2", "replay looks for it by URL and date, and may not find the content"),
    "revisit-not-cut": Rule("warning", "6.7.2", _WRITER),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong, and where."""

    slug: str
    """Key of RULES."""
    file: str
    offset: int
    """Of the record, or of its gzip member."""
    record_id: str | None
    """As it stands there; absent where there is none."""
    detail: str
    """What is wrong, without what to do."""

    @property
    def severity(self) -> Severity:
        """Error or warning."""
        return RULES[self.slug].severity

    @property
    def clause(self) -> str:
        """Where ISO 28500:2017 says so."""
        return RULES[self.slug].clause

    @property
    def message(self) -> str:
        """What is wrong and what to do, in one sentence."""
        return f"{self.detail}; {RULES[self.slug].advice}"

    @property
    def line(self) -> str:
        """As compilers write it: place, severity, message, clause, slug."""
        return f"{self.file}@{self.offset}: {self.severity}: {self.message} ({self.clause}) [{self.slug}]"
