"""Entity body -> text: content coding, then charset."""

from dataclasses import dataclass

from newsclean.codings import undo_codings
from newsclean.errors import EmptyPageError, NotHtmlError

_MAGIC = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a media file"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "gzip data"),
    (b"\x7fELF", "a program"),
    (b"OggS", "a media file"),
    (b"ID3", "a media file"),
    (b"wOF", "a font"),
)
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_CONTROL = bytes([*range(0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20)])
# Charsets whose text is pure ASCII bytes, so that "it is valid UTF-8" says nothing.
_SEVEN_BIT = frozenset({"iso2022_jp", "iso2022_kr", "hz", "utf-7"})
_LIKELY = 4
"""Characters of valid UTF-8 for each byte that is none, from which on a page is UTF-8 with faults."""
_SURELY = 50
"""The same, where the page says that it is in another charset."""
_LEAST_LETTERS = 40
"""Below that many bytes beyond ASCII, detection is worse than what the web's standard falls back to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A page as text."""

    text: str
    charset: str
    """Python's name of the charset that was used."""
    utf8: bytes | None = None
    """The bytes of ``text``, where the page came as UTF-8 without any fault, so that nobody encodes it again; absent
    for every other page."""
    diagnostics: tuple[str, ...] = ()


def decoded(body: bytes, headers: tuple[tuple[str, str], ...] = (), *, limit: int) -> Decoded:
    """The text of a page. ``limit``: most bytes after the content coding is undone.

    Raises EmptyPageError, NotHtmlError for binary data, PageTooLargeError, PageError for a broken coding.
    """
    notes: list[str] = []
    fields = {name.lower(): value for name, value in reversed(headers)}
    data = undo_codings(body, fields.get("content-encoding", ""), limit, notes)
    if not data.strip():
        raise EmptyPageError("the page is empty: the server sent no text")
    for magic, name in _MAGIC:
        if data.startswith(magic):
            raise NotHtmlError(f"not a page but {name}")
    text, charset, is_whole = _text(data, fields.get("content-type"), notes)
    if not text.strip():
        raise EmptyPageError("the page is empty: the server sent no text")
    return Decoded(text=text, charset=charset, utf8=data if is_whole else None, diagnostics=tuple(notes))


def _text(data: bytes, content_type: str | None, notes: list[str]) -> tuple[str, str, bool]:
    """Byte order mark, then valid UTF-8, then what header and page declare, then detection.

    Valid UTF-8 goes before what is declared: bytes that mean something in another charset are next to never
    valid UTF-8 by chance, while a declaration is wrong whenever a template or a server was changed alone. Returns the
    text, the charset's name, and whether the bytes are the text in UTF-8.
    """
    from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, resolve_encoding

    for bom, charset in _BOMS:
        if data.startswith(bom):
            return data.decode(charset, "replace").lstrip("\ufeff"), charset, False
    header = http_content_type_encoding(content_type)
    declared = [name for name in (header, html_body_declared_encoding(data)) if name]
    if not any(name in _SEVEN_BIT for name in declared):
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as problem:
            cut = problem.start >= len(data) - 3
            nearly = data.decode("utf-8", "replace")
            bad = nearly.count("\ufffd")
            good = len(nearly) - len(nearly.encode("ascii", "ignore")) - bad
            # A stray byte or a torn last character in UTF-8, not another charset: its letters rarely make UTF-8.
            if cut or good >= bad * (_SURELY if declared and "utf-8" not in declared else _LIKELY):
                notes.append(f"{bad} characters are no valid UTF-8")
                return nearly, "utf-8", False
        else:
            if declared and declared[0] not in ("utf-8", "ascii") and not data.isascii():
                notes.append(f"the page says {declared[0]} but is UTF-8")
            _refuse_binary(data)
            return text, "utf-8", True
    _refuse_binary(data)
    for name in declared:
        if name == "utf-8":
            continue
        try:
            return data.decode(name), name, False
        except (UnicodeDecodeError, LookupError):
            notes.append(f"the page says {name} but is not")
    fallback = next((name for name in declared if name != "utf-8"), str(resolve_encoding("latin1")))
    charset = _detected(data) or fallback
    return data.decode(charset, "replace"), charset, False


def _refuse_binary(data: bytes) -> None:
    """Raise NotHtmlError where more than one byte in a hundred is a control character."""
    head = data[:65536]
    if (len(head) - len(head.translate(None, _CONTROL))) * 100 > len(head):
        raise NotHtmlError("not a page but binary data")


def _detected(data: bytes) -> str | None:
    """The charset by its letters; None where there are too few to tell."""
    from charset_normalizer import from_bytes

    if sum(1 for byte in data if byte > 127) < _LEAST_LETTERS:
        return None
    best = from_bytes(data[:200_000]).best()
    return best.encoding if best is not None else None
