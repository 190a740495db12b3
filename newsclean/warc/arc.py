"""ARC 1.0 and 1.1, the Internet Archive's format before WARC: the line above each document, as WARC fields.

``URL IP-address Archive-date Content-type Archive-length``; version 2 has five more words before the length. The
first record, ``filedesc:``, describes the file. A document is what the server sent: status line, head and body.
"""

import re
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

FILE_START = b"filedesc:"
"""How an ARC file begins, unpacked."""
HEAD = re.compile(
    rb"([A-Za-z][A-Za-z0-9+.\-]*:\S[^\n]*?) (\S+) (\d{17}|\d{14}|\d{12}) (?:([^\n]*) )?(\d{1,18})[ \t]*\r?\n"
)
"""The line above a document: URL, address, date, type and what version 2 has more, length."""
_UNKNOWN_IP = "0.0.0.0"


def arc_fields(line: bytes) -> tuple[tuple[str, str], ...] | None:
    """The fields that a WARC record with the same document would have; None where the line is no head of an ARC record.

    Content-Length is that of the document, a line end behind it does not count. An ARC record has no id: it is made of
    the line, so that it is the same whenever the file is read. WARC-Date is absent where the date is none.
    """
    found = HEAD.fullmatch(line)
    if found is None:
        return None
    url, ip, date, rest, size = (part.decode("utf-8", "replace") if part else "" for part in found.groups())
    kind, content_type = _kind(url, rest.partition(" ")[0].rstrip(";"))
    fields = [
        ("WARC-Type", kind),
        ("WARC-Record-ID", f"<urn:uuid:{uuid5(NAMESPACE_URL, f'{url} {ip} {date} {size}')}>"),
    ]
    if stamp := _date(date):
        fields.append(("WARC-Date", stamp))
    fields.append(("WARC-Target-URI", url))
    if ip != _UNKNOWN_IP:
        fields.append(("WARC-IP-Address", ip))
    return (*fields, ("Content-Type", content_type), ("Content-Length", size))


def _kind(url: str, content_type: str) -> tuple[str, str]:
    """WARC-Type and Content-Type of a document from that URL; for HTTP the whole answer is the document."""
    scheme = url.partition(":")[0].lower()
    if scheme in ("http", "https"):
        return "response", "application/http; msgtype=response"
    return {"filedesc": "warcinfo", "dns": "response"}.get(scheme, "resource"), content_type


def _date(digits: str) -> str | None:
    """ISO 8601 of ``YYYYMMDDhhmm``, with seconds and thousandths where they are there."""
    try:
        parsed = datetime.strptime(digits[:14].ljust(14, "0"), "%Y%m%d%H%M%S")
    except ValueError:
        return None
    return f"{parsed:%Y-%m-%dT%H:%M:%S}{'.' + digits[14:] if digits[14:] else ''}Z"
