"""The sort key of a URL, as the Internet Archive's tools make it (SURT): ``example,news)/path?a=1&b=2``.

It is what CDX files are sorted and searched by, so it follows those tools where they go further than RFC 3986: the host
turned round without ``www.``, everything in lower case, the query's parts in order, session numbers left out.
"""

import re
import socket
from contextlib import suppress
from urllib.parse import SplitResultBytes, quote_from_bytes, unquote_to_bytes

_PARTS = re.compile(rb"(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#.*)?", re.DOTALL)
_SCHEME = re.compile(rb"[a-zA-Z][a-zA-Z0-9+.-]*:")
_REPEATED_SCHEME = re.compile(rb"(https?://)+")
_LINE_BREAKS = re.compile(rb"[\n\r\t]")
_WWW = re.compile(rb"www[0-9]*\.")
_NUMERIC_HOST = re.compile(rb"0[0-7]*(?:\.[0-7]+){0,3}|[1-9][0-9]*(?:\.[0-9]+){0,3}")
_DEFAULT_PORTS = {b"http": 80, b"https": 443}
_SAFE = bytes(code for code in range(0x21, 0x7F) if code not in b"#%")

_PATH_SESSIONS = tuple(
    re.compile(rb"(.*/)%b/([^?]+\.aspx.*)" % number, re.IGNORECASE)
    for number in (rb"\((?:[a-z]\([0-9a-z]{24}\))+\)", rb"\([0-9a-z]{24}\)")
)
"""The numbers that ASP.NET puts between two slashes: ``/(s(24 characters))/page.aspx``."""
_QUERY_SESSIONS = tuple(
    re.compile(rb"(.*)%b(?:&(.*))?" % number, re.IGNORECASE)
    for number in (
        rb"jsessionid=[0-9a-z]{32}",
        rb"phpsessid=[0-9a-z]{32}",
        rb"sid=[0-9a-z]{32}",
        rb"aspsessionid[a-z]{8}=[a-z]{24}",
        rb"cfid=[^&]+&cftoken=[^&]+",
    )
)


def surt(url: str) -> str:
    """The sort key; the URL as it is where it is none that the Internet Archive's tools could read, ``-`` for no URL.

    ``https://www.News.example:443/B/?y=2&x=1#top`` gives ``example,news)/b?x=1&y=2``.
    """
    if not url:
        return "-"
    if url.startswith("filedesc"):
        return url
    try:
        return _surt(url.encode()).decode("ascii")
    except ValueError:  # no UTF-8, or a port that is no number
        return url


def _surt(url: bytes) -> bytes:
    scheme, host, port, path, query = _split(url)
    path, query = _unescaped(path), _lowered_query(query)
    if host:
        host = _host(host)
    if host:
        path = _normal_path(path)
        if scheme != b"dns" and (www := _WWW.match(host)):
            host = host[www.end() :]
    path = _escaped(path).lower()
    for pattern in _PATH_SESSIONS:
        if found := pattern.fullmatch(path):
            path = found[1] + found[2]
    if len(path) > 1:
        path = path.removesuffix(b"/")
    if not path and query:
        path = b"/"
    key = path + (b"?" + query if query else b"")
    if not host:
        return scheme + b":" + key
    number = b":%d" % port if port and port != _DEFAULT_PORTS.get(scheme.lower()) else b""
    return b",".join(reversed(host.split(b"."))) + number + b")" + key


def _split(url: bytes) -> tuple[bytes, bytes, int | None, bytes, bytes]:
    """Scheme, host, port, path and query. Raises ValueError."""
    url = _LINE_BREAKS.sub(b"", url.strip())
    if not url:
        raise ValueError("no URL")
    if not _SCHEME.match(url):
        url = b"http://" + url
    url = _REPEATED_SCHEME.sub(lambda match: match[1], url, count=1) if url.startswith(b"http") else url
    parts = _PARTS.fullmatch(url)
    assert parts  # every string has such parts
    scheme, authority, path, query = (part or b"" for part in parts.groups())
    if authority.endswith(b":"):
        authority = authority.rstrip(b":")
    split = SplitResultBytes(scheme, authority, path, query, b"")
    host, port = split.hostname or b"", split.port
    if scheme.startswith(b"http") and not host and path:
        host, _slash, rest = path.lstrip(b"/").partition(b"/")
        path = b"/" + rest
    return scheme, host, port, path, query


def _host(host: bytes) -> bytes:
    """In lower case and ASCII, a number as the four parts of an address."""
    host = _unescaped(host)
    if not host.isascii():
        with suppress(ValueError):
            host = host.decode("utf-8", "ignore").encode("idna")
    host = host.replace(b"..", b".").strip(b".")
    if host.isdigit():
        return socket.inet_ntoa((int(host) & 0xFFFFFFFF).to_bytes(4, "big")).encode("ascii")
    if _NUMERIC_HOST.fullmatch(host):
        with suppress(OSError):
            return socket.inet_ntoa(socket.inet_aton(host.decode("ascii"))).encode("ascii")
    return _escaped(host.lower()).lower()


def _normal_path(path: bytes) -> bytes:
    """Without ``.`` and ``..`` and empty segments; a ``..`` above the root stays."""
    kept: list[bytes] = []
    for segment in path.split(b"/")[1:]:
        if segment == b".." and kept:
            kept.pop()
        elif segment != b".":
            kept.append(segment)
    if not kept:
        return b"/"
    return b"/" + b"".join(segment + b"/" for segment in kept[:-1] if segment) + kept[-1]


def _lowered_query(query: bytes) -> bytes:
    """Without session numbers, in lower case, its parts in order."""
    query = _escaped(_unescaped(query))
    for pattern in _QUERY_SESSIONS:
        if found := pattern.fullmatch(query):
            query = found[1] + (found[2] or b"")
    parts = sorted(part.split(b"=", 1) for part in query.lower().split(b"&"))
    return b"&".join(b"=".join(part) for part in parts)


def _unescaped(data: bytes) -> bytes:
    """Percent-encoding taken off until none is left: some sites put it on twice."""
    while (plain := unquote_to_bytes(data)) != data:
        data = plain
    return data


def _escaped(data: bytes) -> bytes:
    """What is no printable ASCII, ``#`` and ``%`` percent-encoded."""
    return quote_from_bytes(data, safe=_SAFE).encode("ascii")
