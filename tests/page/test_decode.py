"""Entity body -> text: content codings, charsets, and bodies that are no page."""

import gzip
import tracemalloc
import zlib

import brotli
import pytest
import zstandard
from hypothesis import example, given
from hypothesis import strategies as st

from newsclean.errors import EmptyPageError, NotHtmlError, PageError, PageTooLargeError
from newsclean.page.decode import Decoded, decoded

LIMIT = 1_000_000
GERMAN = "Die Brücke über die Würm bleibt für Fußgänger geöffnet, sagte Bürgermeisterin Käthe Müßig."
RUSSIAN = "Мост через реку останется открытым для пешеходов, сообщила мэр города в четверг вечером."
HEBREW = "הגשר יישאר פתוח להולכי רגל בלבד עד סוף החודש, הודיעה ראש העיר ביום חמישי בערב"
JAPANESE = "橋は今月末まで歩行者だけが通行できる、と市長は木曜日の夜に発表した。工事は来週から始まる予定だ。"
KOREAN = "다리는 이달 말까지 보행자만 건널 수 있다고 시장이 목요일 저녁에 발표했다. 공사는 다음 주에 시작된다."
CHINESE = "市长周四晚间宣布，这座桥到月底之前只允许行人通行。施工将于下周开始，预计持续两个月左右。"


def page(text: str, charset: str | None = None) -> str:
    meta = f'<meta charset="{charset}">' if charset else ""
    return f"<html><head>{meta}<title>{text[:12]}</title></head><body><p>{text}</p></body></html>"


def read(body: bytes, content_type: str | None = None, coding: str | None = None, limit: int = LIMIT) -> Decoded:
    headers = []
    if content_type is not None:
        headers.append(("Content-Type", content_type))
    if coding is not None:
        headers.append(("content-encoding", coding))
    return decoded(body, tuple(headers), limit=limit)


def raw_deflate(data: bytes) -> bytes:
    machine = zlib.compressobj(wbits=-15)
    return machine.compress(data) + machine.flush()


LEGACY = [
    (GERMAN, "windows-1252"),
    (GERMAN, "iso-8859-15"),
    (RUSSIAN, "windows-1251"),
    (RUSSIAN, "koi8-r"),
    (HEBREW, "windows-1255"),
    ("أعلنت رئيسة البلدية أن الجسر سيبقى مفتوحا للمشاة حتى نهاية الشهر", "windows-1256"),
    (JAPANESE, "shift_jis"),
    (JAPANESE, "euc-jp"),
    (JAPANESE, "iso-2022-jp"),
    (KOREAN, "euc-kr"),
    (CHINESE, "gb18030"),
    (CHINESE, "gb2312"),
    ("這座橋到月底之前只允許行人通行，市長星期四晚間宣布。", "big5"),
]


@pytest.mark.parametrize(("text", "charset"), LEGACY, ids=[f"{charset}-{text[:3]}" for text, charset in LEGACY])
def test_charset_of_the_header(text: str, charset: str) -> None:
    assert text in read(page(text).encode(charset), f"text/html; charset={charset}").text


@pytest.mark.parametrize(("text", "charset"), LEGACY, ids=[f"{charset}-{text[:3]}" for text, charset in LEGACY])
def test_charset_of_the_meta_element(text: str, charset: str) -> None:
    assert text in read(page(text, charset).encode(charset), "text/html").text


@pytest.mark.parametrize(
    ("text", "charset"), [(RUSSIAN, "windows-1251"), (JAPANESE, "shift_jis"), (KOREAN, "euc-kr"), (CHINESE, "gb18030")]
)
def test_charset_that_nobody_declares(text: str, charset: str) -> None:
    assert text in read(page(text * 3).encode(charset)).text


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_byte_order_mark_goes_before_every_declaration(charset: str) -> None:
    data = page(GERMAN + RUSSIAN, "iso-8859-1").encode(charset)
    if charset.endswith(("-le", "-be")):
        data = "\ufeff".encode(charset) + data
    found = read(data, "text/html; charset=windows-1251")
    assert GERMAN + RUSSIAN in found.text
    assert found.text.startswith("<html>")


def test_header_goes_before_meta() -> None:
    assert RUSSIAN in read(page(RUSSIAN, "iso-8859-1").encode("windows-1251"), "text/html; charset=windows-1251").text


@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1251", "shift_jis", "gb2312"])
def test_a_charset_that_lies_about_utf8(declared: str) -> None:
    found = read(page(GERMAN, declared).encode(), f"text/html; charset={declared}")
    assert GERMAN in found.text
    assert found.charset == "utf-8"
    assert any("UTF-8" in note for note in found.diagnostics)


def test_utf8_that_is_none() -> None:
    found = read(page(GERMAN * 3, "utf-8").encode("windows-1252"), "text/html; charset=utf-8")
    assert GERMAN in found.text


def test_the_declared_charset_that_fails_is_named() -> None:
    body = page(JAPANESE * 3, "utf-8").encode("shift_jis")
    found = read(body, "text/html; charset=euc-jp")
    assert JAPANESE in found.text
    assert any("euc_jp" in note for note in found.diagnostics)


def test_torn_last_character() -> None:
    body = page(RUSSIAN).encode()[: -len(".</p></body></html>") - 1]
    found = read(body, "text/html; charset=utf-8")
    assert RUSSIAN[:-2] in found.text
    assert found.diagnostics == ("1 characters are no valid UTF-8",)


def test_one_stray_byte_in_utf8() -> None:
    body = page(RUSSIAN * 20, "utf-8").encode().replace(" река".encode(), b" \xff", 1)
    body = body.replace("Мост".encode(), b"\xff" + "Мост".encode(), 1)
    found = read(body, "text/html")
    assert found.charset == "utf-8"
    assert found.text.count(RUSSIAN) >= 19


@pytest.mark.parametrize(("declared", "right"), [("utf-8", True), (None, True), ("windows-1251", False)])
def test_a_part_in_another_charset(declared: str | None, right: bool) -> None:
    """A comment in Latin-1 does not turn a page of UTF-8; a declaration has to be surely wrong."""
    body = page(RUSSIAN, declared).encode() + "Für Füße".encode("windows-1252") * 6
    assert (RUSSIAN in read(body, "text/html").text) is right


@pytest.mark.parametrize("name", ["utf8", "UTF-8", '"utf-8"', "x-unknown", "", "none"])
def test_names_of_charsets_that_say_little(name: str) -> None:
    assert GERMAN in read(page(GERMAN).encode(), f"text/html; charset={name}").text


CODINGS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.compress,
}


@pytest.mark.parametrize("coding", CODINGS)
def test_content_coding(coding: str) -> None:
    found = read(CODINGS[coding](page(GERMAN).encode()), coding=coding)
    assert found.text == page(GERMAN)
    assert found.diagnostics == ()


def test_deflate_without_its_header() -> None:
    assert read(raw_deflate(page(GERMAN).encode()), coding="deflate").text == page(GERMAN)


@pytest.mark.parametrize("header", ["gzip, br", "GZIP ,BR", "identity, gzip, identity, br"])
def test_two_codings_are_undone_last_first(header: str) -> None:
    assert read(brotli.compress(gzip.compress(page(GERMAN).encode())), coding=header).text == page(GERMAN)


def test_coded_twice_with_gzip() -> None:
    assert read(gzip.compress(gzip.compress(page(GERMAN).encode())), coding="gzip, gzip").text == page(GERMAN)


def test_gzip_of_several_members() -> None:
    text = page(GERMAN).encode()
    assert read(gzip.compress(text[:40]) + gzip.compress(text[40:]), coding="gzip").text == page(GERMAN)


def test_bytes_behind_the_end_of_a_gzip_body_do_not_count() -> None:
    assert read(gzip.compress(page(GERMAN).encode()) + bytes(512), coding="gzip").text == page(GERMAN)


def test_zstd_of_several_frames_without_a_size() -> None:
    text = page(GERMAN).encode()
    machine = zstandard.ZstdCompressor(write_content_size=False)
    assert read(machine.compress(text[:40]) + machine.compress(text[40:]), coding="zstd").text == page(GERMAN)


def test_gzip_header_over_plain_text() -> None:
    found = read(page(GERMAN).encode(), coding="gzip")
    assert found.text == page(GERMAN)
    assert any("gzip" in note for note in found.diagnostics)


def random_text(size: int) -> bytes:
    """A page that compresses badly, so that half of its coded bytes are about half of its text."""
    return b"<html><body><p>" + b" ".join(str(pow(3, n, 1_000_003)).encode() for n in range(size // 7)) + b"</p>"


@pytest.mark.parametrize("coding", CODINGS)
def test_cut_body_is_read_up_to_the_cut(coding: str) -> None:
    whole = random_text(400_000)
    coded = CODINGS[coding](whole)
    found = read(coded[: len(coded) // 2], coding=coding)
    assert len(whole) // 4 < len(found.text) < len(whole)
    assert whole.decode().startswith(found.text)


@pytest.mark.parametrize("coding", CODINGS)
def test_broken_body_is_read_up_to_the_break(coding: str) -> None:
    whole = random_text(400_000)
    coded = bytearray(CODINGS[coding](whole))
    middle = len(coded) // 2
    coded[middle : middle + 64] = bytes(64)
    found = read(bytes(coded), coding=coding)
    assert found.text.startswith(whole[:1000].decode())


@pytest.mark.parametrize("coding", ["br", "zstd", "deflate"])
def test_a_body_that_is_not_in_its_coding(coding: str) -> None:
    with pytest.raises(PageError, match=coding):
        read(b"\xff\xff" + page(GERMAN).encode(), coding=coding)


def test_an_unknown_coding_is_named() -> None:
    with pytest.raises(PageError, match="'compress'"):
        read(page(GERMAN).encode(), coding="compress")


@pytest.mark.parametrize("coding", CODINGS)
def test_a_bomb_is_stopped_at_the_limit(coding: str) -> None:
    bomb = CODINGS[coding](bytes(60_000_000))
    tracemalloc.start()
    try:
        with pytest.raises(PageTooLargeError, match="1000000 bytes"):
            read(bomb, coding=coding)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20_000_000


def test_a_bomb_in_a_bomb() -> None:
    inner = gzip.compress(bytes(50_000_000))
    with pytest.raises(PageTooLargeError):
        read(gzip.compress(inner), coding="gzip, gzip")


def test_limit_is_inclusive() -> None:
    body = b"<p>" + b"a" * 97
    assert len(read(body, limit=100).text) == 100
    with pytest.raises(PageTooLargeError, match="limit of 99"):
        read(body, limit=99)


BINARY = {
    "pdf": b"%PDF-1.7\n" + page(GERMAN).encode(),
    "png": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "jpeg": b"\xff\xd8\xff\xe0" + bytes(100),
    "gif": b"GIF89a" + bytes(100),
    "zip": b"PK\x03\x04" + bytes(100),
    "gzip without its header": gzip.compress(page(GERMAN).encode()),
    "webp": b"RIFF\x10\x00\x00\x00WEBP" + bytes(100),
    "mp3": b"ID3\x03" + bytes(100),
    "woff2": b"wOF2" + bytes(100),
    "elf": b"\x7fELF" + bytes(100),
    "zeros": bytes(1000),
    "every byte": bytes(range(256)) * 20,
    "mp4": b"\x00\x00\x00\x20ftypisom" + bytes(200),
}


@pytest.mark.parametrize("kind", BINARY)
def test_binary_data_is_no_page(kind: str) -> None:
    with pytest.raises(NotHtmlError, match="not a page but"):
        read(BINARY[kind], "text/html; charset=utf-8")


@pytest.mark.parametrize("body", [b"", b" \r\n\t ", b"\n" * 1000])
def test_empty_body(body: bytes) -> None:
    with pytest.raises(EmptyPageError):
        read(body, "text/html")


def test_empty_body_in_a_coding() -> None:
    with pytest.raises(EmptyPageError):
        read(gzip.compress(b""), coding="gzip")


def test_no_body_at_all_with_a_coding() -> None:
    with pytest.raises(EmptyPageError):
        read(b"", coding="br")


CODING_HEADERS = st.sampled_from(["", "gzip", "br", "zstd", "deflate", "gzip, br", "identity", "weird"])
TYPES = st.sampled_from(["", "text/html", "text/html; charset=utf-16", "text/html; charset=utf-7", "a/b; charset=hz"])


@given(body=st.binary(max_size=400), coding=CODING_HEADERS, content_type=TYPES)
@example(body=b"\xff\xfe\x00", coding="", content_type="")
@example(body=b"\xff\xfe\x00\x00\x01", coding="", content_type="")
@example(body=b"+AAA-<p>", coding="", content_type="text/html; charset=utf-7")
@example(body=b"<meta charset=idna><p>\xff", coding="", content_type="")
@example(body=b"<meta charset=base64><p>\xff\xff", coding="", content_type="")
@example(body=b"<meta charset=undefined><p>\xff\xff", coding="", content_type="")
@example(body=b"<p>\xff", coding="", content_type="text/html; charset=zlib")
def test_any_bytes_give_text_or_a_page_error(body: bytes, coding: str, content_type: str) -> None:
    try:
        found = read(body, content_type, coding)
    except PageError:
        return
    assert found.text.strip("\ufeff")


@given(start=st.binary(max_size=200))
def test_text_after_rubbish_is_still_read_or_refused(start: bytes) -> None:
    try:
        found = read(start + b"<html><body><p>" + GERMAN.encode(), "text/html; charset=utf-8")
    except PageError:
        return
    assert found.charset
