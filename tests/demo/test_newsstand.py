"""The newsstand over real sockets: as a proxy and as an origin."""

import gzip
import http.client
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from newsclean.demo.newsstand import Newsstand, NewsstandPage, chunks, load_pages
from newsclean.errors import UsageError

PAGES = load_pages()


@pytest.fixture(scope="module")
def stand() -> Iterator[Newsstand]:
    with Newsstand() as newsstand:
        yield newsstand


def ask(stand: Newsstand, target: str, method: str = "GET", **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", stand.port, timeout=10)
    try:
        connection.request(method, target, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def page_where(**wanted: object) -> NewsstandPage:
    return next(page for page in PAGES if all(getattr(page, name) == value for name, value in wanted.items()))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.file)
def test_page_through_the_proxy(stand: Newsstand, page: NewsstandPage) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": stand.url}))
    with opener.open(page.moved_from or page.url, timeout=10) as response:
        assert response.status == 200
        assert response.geturl() == page.url
        assert response.headers["Content-Language"] == page.language
        assert response.read() == page.html


def test_origin_form_with_host(stand: Newsstand) -> None:
    page = PAGES[0]
    parts = urlsplit(page.url)
    response, body = ask(stand, parts.path, Host=parts.netloc)
    assert (response.status, body) == (200, page.html)


def test_host_in_any_case_with_the_default_port(stand: Newsstand) -> None:
    parts = urlsplit(PAGES[0].url)
    response, _body = ask(stand, f"http://{parts.netloc.upper()}:80{parts.path}")
    assert response.status == 200


def test_gzip_where_it_is_accepted(stand: Newsstand) -> None:
    page = page_where(coding="gzip")
    response, body = ask(stand, page.url, Accept_Encoding="br, gzip")
    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body) == page.html
    response, body = ask(stand, page.url, Accept_Encoding="identity")
    assert response.headers["Content-Encoding"] is None
    assert body == page.html


def test_chunked(stand: Newsstand) -> None:
    page = page_where(chunked=True)
    response, body = ask(stand, page.url)
    assert response.headers["Transfer-Encoding"] == "chunked"
    assert response.headers["Content-Length"] is None
    assert body == page.html


def test_chunks_hold_the_body_whole() -> None:
    assert b"".join(chunks(b"")) == b"0\r\n\r\n"
    assert b"".join(chunks(b"abc")) == b"3\r\nabc\r\n0\r\n\r\n"


def test_redirect(stand: Newsstand) -> None:
    page = next(page for page in PAGES if page.moved_from)
    assert page.moved_from
    assert page.moved_from in stand.urls
    assert page.url not in stand.urls
    response, _body = ask(stand, page.moved_from)
    assert (response.status, response.headers["Location"]) == (301, page.url)


def test_windows_1252_is_declared_in_the_page_alone(stand: Newsstand) -> None:
    page = page_where(file="oldmill-weekly-bridge.html")
    response, body = ask(stand, page.url)
    assert response.headers["Content-Type"] == "text/html"
    assert b"charset=windows-1252" in body
    assert "“It’s the same bridge".encode("cp1252") in body


def test_missing_pages_are_in_the_list(stand: Newsstand) -> None:
    served = {page.moved_from or page.url for page in PAGES}
    missing = [url for url in stand.urls if url not in served]
    assert missing
    for url in missing:
        response, body = ask(stand, url)
        assert response.status == 404
        assert b"404 Not Found" in body


def test_unknown_host(stand: Newsstand) -> None:
    response, _body = ask(stand, "http://elsewhere.example/")
    assert response.status == 502


def test_robots_for_every_host(stand: Newsstand) -> None:
    for host in {urlsplit(url).netloc for url in stand.urls} | {urlsplit(page.url).netloc for page in PAGES}:
        response, body = ask(stand, f"http://{host}/robots.txt")
        assert (response.status, response.headers["Content-Type"]) == (200, "text/plain")
        assert body.startswith(b"User-agent: *")


def test_one_connection_carries_many_requests(stand: Newsstand) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", stand.port, timeout=10)
    connection.connect()
    first = connection.sock
    for page in PAGES:
        connection.request("GET", page.url)
        response = connection.getresponse()
        assert response.read() == page.html
    assert connection.sock is first
    connection.close()


def test_head_has_no_body(stand: Newsstand) -> None:
    response, body = ask(stand, PAGES[0].url, "HEAD")
    assert response.headers["Content-Length"] == str(len(PAGES[0].html))
    assert body == b""


def test_an_open_connection_does_not_keep_the_newsstand_from_closing() -> None:
    with Newsstand() as stand:
        port = stand.port
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", PAGES[0].url)
        connection.getresponse().read()
        before = threading.active_count()
    assert threading.active_count() < before
    connection.close()
    with pytest.raises(ConnectionRefusedError):
        http.client.HTTPConnection("127.0.0.1", port, timeout=10).connect()


def test_port_that_is_taken(stand: Newsstand) -> None:
    with pytest.raises(UsageError, match=rf"cannot listen on 127\.0\.0\.1:{stand.port}"), Newsstand(stand.port):
        pass


def test_no_address_before_it_runs() -> None:
    with pytest.raises(ValueError, match="not running"):
        _ = Newsstand().url


def test_urls_are_unique_and_invented(stand: Newsstand) -> None:
    assert len(stand.urls) == len(set(stand.urls))
    assert all((urlsplit(url).hostname or "").endswith(".example") for url in stand.urls)


def test_404_is_an_error_to_urllib(stand: Newsstand) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": stand.url}))
    with pytest.raises(urllib.error.HTTPError) as caught:
        opener.open(stand.urls[-1], timeout=10)
    assert caught.value.code == 404
    caught.value.close()
