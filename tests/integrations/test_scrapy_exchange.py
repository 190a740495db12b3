"""What Scrapy shows of an exchange, as bytes."""

from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest

from newsclean.http1 import read_response

pytest.importorskip("scrapy", reason="the extra 'scrapy' is not installed")

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response

from newsclean.integrations.scrapy_exchange import exchange_of, failed_exchange, is_followed

twisted: Any = import_module("twisted.internet.error")
URL = "http://news.example/story?id=1"


def crawler(**settings: Any) -> Any:
    from scrapy.settings import Settings

    return SimpleNamespace(settings=Settings(settings), spider=SimpleNamespace(name="x"))


def response(**more: Any) -> Response:
    values: dict[str, Any] = {"status": 200, "headers": {"content-type": "text/html"}, "body": b"<p>", **more}
    return Response(URL, **values)


def test_head_and_body() -> None:
    asked = Request(
        f"{URL}#part",
        headers={"Accept": "text/html", "Proxy-Authorization": "Basic c2VjcmV0"},
        meta={"download_latency": 0.5, "proxy": "http://127.0.0.1:1"},
    )
    answer = response(headers={"Set-Cookie": ["a=1", "b=2"], "X-Odd": "a\r\nb"}, ip_address="192.0.2.1")
    made = exchange_of(asked, answer, 1_741_930_930.5)
    assert made.request_bytes == b"GET /story?id=1 HTTP/1.1\r\nHost: news.example\r\nAccept: text/html\r\n\r\n"
    assert made.response_bytes == b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Odd: a  b\r\n\r\n<p>"
    read = read_response(made.response_bytes)
    assert read is not None
    assert read.body == b"<p>" == made.entity_body
    assert made.started_at == "2025-03-14T05:42:10.000000Z"
    assert made.fetch_ms > 0
    assert made.ip is None  # the proxy's
    assert made.truncated is None


def test_what_another_body_and_protocol_look_like() -> None:
    asked = Request(URL, method="POST", body=b"x=1")
    made = exchange_of(asked, response(status=299, protocol="h2", ip_address="192.0.2.1", flags=["dataloss"]), None)
    assert made.request_bytes.endswith(b"Content-Length: 3\r\n\r\nx=1")
    assert made.response_bytes.startswith(b"HTTP/1.1 299\r\n")
    assert made.protocol == "h2"
    assert made.ip == "192.0.2.1"
    assert made.truncated == "disconnect"
    assert exchange_of(asked, response(flags=["download_stopped"]), None).truncated == "length"
    assert exchange_of(asked, response(flags=["partial"], protocol="HTTP/1.0"), None).truncated is None


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        (twisted.DNSLookupError("no such name"), "dns"),
        (twisted.TCPTimedOutError(), "timeout"),
        (twisted.ConnectionRefusedError(), "connect"),
        (twisted.ConnectionLost(), "connect"),
        (ValueError("odd"), "fetch"),
        (IgnoreRequest("Forbidden by robots.txt"), "robots"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else value,
)
def test_failures_have_our_codes(problem: Exception, code: str) -> None:
    made = failed_exchange(Request(URL), problem)
    assert made is not None
    assert made.error is not None
    assert made.error.code == code
    assert str(made.error).startswith(f"{URL}: ")
    assert "\n" not in str(made.error)


def test_what_the_spider_leaves_out_is_no_failure() -> None:
    assert failed_exchange(Request(URL), IgnoreRequest("seen")) is None
    assert failed_exchange(Request("file:///etc/hosts"), ValueError("odd")) is None
    redirected = Request(URL, meta={"redirect_urls": ["http://news.example/old"]})
    made = failed_exchange(redirected, IgnoreRequest("offsite"))
    assert made is not None
    assert made.error is not None
    assert made.error.code == "redirect"


def test_which_redirects_are_followed() -> None:
    moved = response(status=301, headers={"Location": "/new"})
    assert is_followed(Request(URL), moved, crawler())
    assert not is_followed(Request(URL), response(status=301), crawler())
    assert not is_followed(Request(URL), moved, crawler(REDIRECT_ENABLED=False))
    for meta in (
        {"dont_redirect": True},
        {"handle_httpstatus_all": True},
        {"handle_httpstatus_list": [301]},
        {"redirect_times": 20},
    ):
        assert not is_followed(Request(URL, meta=meta), moved, crawler()), meta
    stubborn = crawler()
    stubborn.spider.handle_httpstatus_list = [301]
    assert not is_followed(Request(URL), moved, stubborn)
