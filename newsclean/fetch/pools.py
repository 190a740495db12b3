"""Connection pools, one small one a host, behind httpx's transport interface; which proxy a URL goes through."""

import ssl
import urllib.request
from collections import OrderedDict
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

import httpcore
import httpx

from newsclean.errors import SettingsError
from newsclean.fetch.tap import TapBackend
from newsclean.urls import host_of, shown

_IDLE_POOLS = 128
"""Hosts whose connections stay open for their next page; the one not used for longest is closed first."""
_HOSTS_KEPT = 10_000
"""Hosts of which it is remembered whether a proxy is asked."""
_KEEPALIVE = 15.0
"""Seconds that an idle connection stays open; servers commonly close theirs after 5 to 75."""


class Proxies:
    """Which proxy a URL is fetched through: a given one, or as HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY say."""

    def __init__(self, proxy: str | None) -> None:
        """``proxy``: one for all URLs; ``""`` for none at all; None to go by the environment. Raises SettingsError."""
        self._fixed = proxy
        self._environment = urllib.request.getproxies() if proxy is None else {}
        self._found: dict[tuple[str, str], str | None] = {}
        for address in [proxy, *(self._environment.get(key) for key in ("http", "https", "all"))]:
            if address:
                _checked(address)

    def find(self, url: str) -> str | None:
        """The proxy's URL; None for a direct connection."""
        if self._fixed is not None:
            return _checked(self._fixed) if self._fixed else None
        if not self._environment:
            return None
        key = (url.partition(":")[0], host_of(url))
        if key not in self._found:
            if len(self._found) >= _HOSTS_KEPT:
                self._found.clear()
            chosen = self._environment.get(key[0]) or self._environment.get("all")
            self._found[key] = _checked(chosen) if chosen and not urllib.request.proxy_bypass(key[1]) else None
        return self._found[key]


def _checked(address: str) -> str:
    address = address if "://" in address else f"http://{address}"
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable:
        named = address.rpartition("@")[2]
        raise SettingsError(
            f"no proxy that can be used: {shown(named)}; give http://host:port (SOCKS is not supported)"
        )
    return address


class Pools(httpx.AsyncBaseTransport):
    """An httpx transport over one connection pool for each host, HTTP/1.1 only."""

    def __init__(
        self, proxies: Proxies, host_connections: int, *, allow_private: bool = False, insecure: bool = False
    ) -> None:
        """``allow_private``: connect to addresses that are not public, too. ``insecure``: take any certificate."""
        self._proxies = proxies
        self._insecure = insecure
        self._host_connections = host_connections
        self._pools: OrderedDict[str, httpcore.AsyncConnectionPool] = OrderedDict()
        self._busy: dict[str, int] = {}
        self._backend = TapBackend(allow_private=allow_private)
        # Where the proxy is, the user says; where it connects to is the proxy's to look at.
        self._proxy_backend = TapBackend(allow_private=True)
        self._tls: ssl.SSLContext | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send it through its host's pool. Raises httpcore's errors as they are: the caller maps them."""
        key = _key(request.url)
        pool = self._pool(key, str(request.url))
        self._busy[key] = self._busy.get(key, 0) + 1
        try:
            answer = await pool.handle_async_request(
                httpcore.Request(
                    method=request.method,
                    url=httpcore.URL(
                        scheme=request.url.raw_scheme,
                        host=request.url.raw_host,
                        port=request.url.port,
                        target=request.url.raw_path,
                    ),
                    headers=request.headers.raw,
                    extensions=request.extensions,
                )
            )
        except BaseException:
            self._release(key)
            raise
        return httpx.Response(answer.status, stream=_Body(self, key, answer), extensions=answer.extensions)

    async def discard(self, url: str) -> None:
        """Close the host's connections: bytes were left in one that are no answer to a next request."""
        if pool := self._pools.pop(_key(httpx.URL(url)), None):
            await pool.aclose()

    async def trim(self) -> None:
        """Close the pools of the hosts that were not asked for longest, so that a few stay open."""
        for key in list(self._pools):
            if len(self._pools) <= _IDLE_POOLS:
                return
            if key not in self._busy and (pool := self._pools.pop(key, None)):
                await pool.aclose()

    async def aclose(self) -> None:
        """Close all connections."""
        while self._pools:
            await self._pools.popitem()[1].aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        await self.aclose()

    def proxied(self, url: str) -> bool:
        """Whether the URL is fetched through a proxy."""
        return self._proxies.find(url) is not None

    def _pool(self, key: str, url: str) -> httpcore.AsyncConnectionPool:
        pool = self._pools.get(key)
        if pool is None:
            pool = self._pools[key] = self._made(url)
        self._pools.move_to_end(key)
        return pool

    def _made(self, url: str) -> httpcore.AsyncConnectionPool:
        proxy = self._proxies.find(url)
        context = self._context() if url.startswith("https:") else None
        if proxy is None:
            return httpcore.AsyncConnectionPool(
                ssl_context=context,
                max_connections=self._host_connections,
                keepalive_expiry=_KEEPALIVE,
                network_backend=self._backend,
            )
        parts = urlsplit(proxy)
        login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
        return httpcore.AsyncHTTPProxy(
            proxy_url=f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}",
            proxy_auth=login,
            proxy_ssl_context=self._context() if parts.scheme == "https" else None,
            ssl_context=context,
            max_connections=self._host_connections,
            keepalive_expiry=_KEEPALIVE,
            network_backend=self._proxy_backend,
        )

    def _context(self) -> ssl.SSLContext:
        """One for all hosts: it takes long to make. SSL_CERT_FILE and SSL_CERT_DIR are honoured."""
        if self._tls is None:
            self._tls = httpx.create_ssl_context(verify=not self._insecure)
        return self._tls

    def _release(self, key: str) -> None:
        left = self._busy.get(key, 0) - 1
        if left > 0:
            self._busy[key] = left
        else:
            self._busy.pop(key, None)


class _Body(httpx.AsyncByteStream):
    """A response's body; closing it gives the connection back."""

    def __init__(self, pools: Pools, key: str, answer: httpcore.Response) -> None:
        self._pools = pools
        self._key = key
        self._answer = answer
        self._closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._answer.aiter_stream():
            yield part

    async def aclose(self) -> None:
        if not self._closed:
            self._closed = True
            try:
                await self._answer.aclose()
            finally:
                self._pools._release(self._key)


def _key(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode('ascii')}"
