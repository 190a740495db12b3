"""A network backend for httpcore that keeps the exact bytes of each exchange.

The HTTP library reads and writes through it; a :class:`Tap` notes what went by. Which tap is meant, a context variable
says, so that many exchanges can be under way at once: httpcore reads and writes in the task that asked.
"""

import asyncio
import ipaddress
import re
import ssl
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any

import httpcore

from newsclean.fetch import guard
from newsclean.fetch.budget import Budget

current: ContextVar["Tap | None"] = ContextVar("newsclean_tap", default=None)
"""The tap of the exchange that this task works on."""

_OPENSSL_NAME = re.compile(r"(?:(ECDHE|DHE)-(ECDSA|RSA)-)?(AES|ARIA|CAMELLIA)(128|256)-(GCM-)?(SHA\d*)")
_OPENSSL_CHACHA = re.compile(r"(ECDHE|DHE)-(ECDSA|RSA)-CHACHA20-POLY1305")


class LimitReachedError(Exception):
    """The answer has more bytes than the tap may keep; what came up to the limit is in the tap."""


class Tap:
    """The bytes of one exchange, and what is known of its connection."""

    def __init__(self, limit: int, budget: Budget | None = None) -> None:
        """``budget``: what the bytes of the answer are taken from, where there is one."""
        self.limit = limit
        """Bytes of the answer after which reading ends with LimitReachedError."""
        self.sent = bytearray()
        self.received = 0
        """Bytes of the answer so far."""
        self.deadline: asyncio.Timeout | None = None
        """When the exchange has to be over; a wait for the budget does not count."""
        self._parts: list[bytes] = []
        self._budget = budget
        self.began_at: float | None = None
        """When the answer began, by the loop's clock; absent until it does."""
        self.connected = False
        """A connection was opened for this exchange; false where an idle one was used again."""
        self.closed_by_server = False
        """The server ended the connection."""
        self.peer: Peer | None = None
        self.cause: BaseException | None = None
        """What lay behind a connection that could not be made: the resolver's, the system's or the TLS error."""

    def restart(self) -> None:
        """Forget the bytes: what follows is another exchange."""
        self.sent.clear()
        self._parts.clear()
        self.received = 0
        self.connected = self.closed_by_server = False

    def add(self, data: bytes) -> None:
        """Note bytes of the answer. Raises LimitReachedError where they are too many."""
        if self.began_at is None:
            self.began_at = asyncio.get_running_loop().time()
        self._parts.append(data)
        self.received += len(data)
        if self._budget:
            self._budget.grow(self, len(data))
        if self.received > self.limit:
            raise LimitReachedError

    def taken(self) -> bytes:
        """The bytes of the answer; the tap is empty then."""
        received = b"".join(self._parts)
        self._parts.clear()
        return received

    async def room(self) -> None:
        """Wait until the budget lets the answer grow."""
        if self._budget and self._budget.full(self):
            when = self.deadline.when() if self.deadline else None
            if self.deadline:
                self.deadline.reschedule(None)
            began = asyncio.get_running_loop().time()
            await self._budget.room(self)
            if self.deadline and when is not None:
                self.deadline.reschedule(when + asyncio.get_running_loop().time() - began)


class Peer:
    """The other end of a connection, read when it was made: later the socket may be closed."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self.ip = _address(stream)
        self.tls: str | None = None
        self.cipher: str | None = None
        secured = stream.get_extra_info("ssl_object")
        if isinstance(secured, ssl.SSLObject | ssl.SSLSocket):
            version, cipher = secured.version(), secured.cipher()
            self.tls = version.replace("TLSv", "tls/") if version else None
            self.cipher = iana_cipher(cipher[0]) if cipher else None


class TapStream(httpcore.AsyncNetworkStream):
    """A connection whose bytes go into the current tap."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self._peer = Peer(stream)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read; raises LimitReachedError where the tap is full."""
        tap = current.get()
        if tap:
            await tap.room()
        try:
            data = await self._stream.read(max_bytes, timeout)
        except ssl.SSLError as problem:  # a broken TLS record; httpcore maps those of the handshake only
            raise httpcore.ReadError(str(problem)) from problem
        if tap:
            tap.peer = self._peer
            tap.closed_by_server = not data
            tap.add(data)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write."""
        if tap := current.get():
            tap.peer = self._peer
            tap.sent += buffer
        try:
            await self._stream.write(buffer, timeout)
        except ssl.SSLError as problem:
            raise httpcore.WriteError(str(problem)) from problem

    async def aclose(self) -> None:
        """Close."""
        await self._stream.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        """Go on with TLS. What went by before (a proxy's CONNECT) is no part of the exchange."""
        tap = current.get()
        try:
            secured = await self._stream.start_tls(ssl_context, server_hostname, timeout)
        except httpcore.ConnectError as problem:
            if tap:
                tap.cause = problem.__cause__
            raise
        if tap:
            tap.restart()
        return TapStream(secured)

    def get_extra_info(self, info: str) -> Any:
        """What httpcore asks of its streams."""
        return self._stream.get_extra_info(info)


class TapBackend(httpcore.AsyncNetworkBackend):
    """Opens connections whose bytes are kept, to addresses that the guard lets pass."""

    def __init__(self, *, allow_private: bool = False) -> None:
        self._backend = httpcore.AnyIOBackend()
        self._allow_private = allow_private

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Open a connection. Raises PrivateAddressError."""
        tap = current.get()
        if tap:
            tap.connected = True
        try:
            async with asyncio.timeout(timeout):
                found = await guard.addresses(host, port, allow_private=self._allow_private)
                stream = await self._connected(found, port, timeout, local_address, socket_options)
        except TimeoutError as problem:
            raise httpcore.ConnectTimeout(str(problem)) from problem
        except (OSError, UnicodeError) as problem:  # no address; UnicodeError: the resolver's IDNA refuses a label
            if tap:
                tap.cause = problem
            raise httpcore.ConnectError(str(problem)) from problem
        except httpcore.ConnectError as problem:
            if tap:  # the pool forgets causes, so the tap keeps them
                tap.cause = problem.__cause__
            raise
        return TapStream(stream)

    async def _connected(
        self,
        found: list[guard.Address],
        port: int,
        timeout: float | None,
        local_address: str | None,
        socket_options: Iterable[Any] | None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first of the addresses that takes it, each given its share of the time."""
        share = timeout / len(found) if timeout else None
        for number, address in enumerate(found, 1):
            try:
                return await self._backend.connect_tcp(str(address), port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if number == len(found):
                    raise
        raise httpcore.ConnectError("no address")

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._backend.sleep(seconds)


def iana_cipher(name: str) -> str | None:
    """The IANA name of a cipher suite that OpenSSL names its own way; None where it is not known.

    TLS 1.3 suites have one name everywhere.
    """
    if name.startswith("TLS_"):
        return name
    if match := _OPENSSL_CHACHA.fullmatch(name):
        return f"TLS_{match[1]}_{match[2]}_WITH_CHACHA20_POLY1305_SHA256"
    if match := _OPENSSL_NAME.fullmatch(name):
        exchange = f"{match[1]}_{match[2]}" if match[1] else "RSA"
        return f"TLS_{exchange}_WITH_{match[3]}_{match[4]}_{'GCM' if match[5] else 'CBC'}_{match[6]}"
    return None


def _address(stream: httpcore.AsyncNetworkStream) -> str | None:
    """The peer's address, IPv6 as in RFC 5952."""
    try:
        address = stream.get_extra_info("server_addr")
    except OSError:  # the peer has closed it already
        return None
    if not address:
        return None
    try:
        return str(ipaddress.ip_address(str(address[0]).partition("%")[0]))
    except ValueError:
        return None
