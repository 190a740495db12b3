import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsclean.warc.arc import arc_fields
from tests.warc.others import arc_start

V2 = b"http://news.example/v2 192.0.2.7 20080430204825 text/html; charset=utf-8 200 ABC123 - 1234 x.arc 105\n"


def fields(line: bytes) -> dict[str, str]:
    return dict(arc_fields(line) or ())


def test_the_line_of_version_2() -> None:
    found = fields(V2)
    assert found.pop("WARC-Record-ID").startswith("<urn:uuid:")
    assert found == {
        "WARC-Type": "response",
        "WARC-Date": "2008-04-30T20:48:25Z",
        "WARC-Target-URI": "http://news.example/v2",
        "WARC-IP-Address": "192.0.2.7",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": "105",
    }


def test_lines_of_other_records() -> None:
    described = fields(arc_start().partition(b"\n")[0] + b"\n")
    assert described["WARC-Type"] == "warcinfo"
    assert "WARC-IP-Address" not in described
    assert fields(b"dns:a.example 192.0.2.1 20080430204825 text/dns 5\n")["Content-Type"] == "text/dns"
    assert fields(b"ftp://a.example/x 192.0.2.1 20080430204825 text/plain 5\r\n")["WARC-Type"] == "resource"
    assert fields(b"http://a.example/a b c 192.0.2.1 200804302048 5\n") == {
        **fields(b"http://a.example/a b c 192.0.2.1 200804302048 5\n"),
        "WARC-Target-URI": "http://a.example/a b c",
        "WARC-Date": "2008-04-30T20:48:00Z",
    }
    assert fields(b"http://a.example/ 192.0.2.1 20080430204825123 text/html 5\n")["WARC-Date"].endswith(":25.123Z")
    assert "WARC-Date" not in fields(b"http://a.example/ 192.0.2.1 20081330204825 text/html 5\n")


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"WARC/1.0\r\n",
        b"http://a.example/ 192.0.2.1 2008 text/html 5\n",
        b"http://a.example/ 192.0.2.1 20080430204825 text/html x\n",
        b"http://a.example/ 192.0.2.1 20080430204825 text/html 5",
        b"no url 192.0.2.1 20080430204825 text/html 5\n",
        b" http://a.example/ 192.0.2.1 20080430204825 text/html 5\n",
    ],
)
def test_lines_that_are_none(line: bytes) -> None:
    assert arc_fields(line) is None


@given(st.binary(max_size=200))
def test_any_line_ends(junk: bytes) -> None:
    arc_fields(junk)
    arc_fields(b"http://a.example/" + junk + b" 192.0.2.1 20080430204825 text/html 5\n")


def test_a_very_long_line_ends() -> None:
    assert arc_fields(b"http:" + b"a" * 60_000 + b" " + b"b" * 60_000 + b"\n") is None
    assert arc_fields(b"http:" + b"a " * 30_000 + b"\n") is None
