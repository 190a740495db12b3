"""Which addresses may be connected to: public ones, so that a list or a redirect cannot reach into a private network.

The address that was looked at is the one that is connected to: a name that is looked up a second time may say something
else (DNS rebinding).
"""

import asyncio
import ipaddress
import socket
from collections.abc import Iterable

from newsclean.errors import PrivateAddressError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NOT_PUBLIC = [
    ipaddress.ip_network(network)
    for network in (
        # IANA IPv4 and IPv6 Special-Purpose Address Registries, and what Python 3.11 takes for global beyond them
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        # IPv4 inside IPv6: compatible, translated, Teredo, 6to4
        *("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16"),
        *("::ffff:0:0:0/96", "100::/64", "100:0:0:1::/64", "2001::/23", "2001:db8::/32", "2620:4f:8000::/48"),
        *("3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
    )
]


def is_public(address: Address) -> bool:
    """Whether the address is one of the open internet. An IPv4-mapped one is judged as the IPv4 address."""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address.is_global and not any(address in network for network in _NOT_PUBLIC)


def literal(host: str) -> Address | None:
    """The address that a host is, in any of the forms that the system's resolver takes (``127.1``, ``0x7f000001``,
    ``017700000001``, ``[::1]``); None for a name."""
    text = host.strip("[]").partition("%")[0]
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(text.rstrip(".")))
    except (OSError, ValueError, UnicodeError):
        return None


def refused(host: str) -> PrivateAddressError | None:
    """Why a host must not be asked for through a proxy, which looks its name up itself: it is an address that is not
    public, or a name of the machine itself. None where it may."""
    address = literal(host)
    if address is not None:
        return None if is_public(address) else _error(host, address)
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith((".localhost", ".localdomain")):
        return _error(host, "this machine")
    return None


async def addresses(host: str, port: int, *, allow_private: bool) -> list[Address]:
    """The addresses of a host, in the order in which the system would try them.

    Raises OSError or UnicodeError where there is none, PrivateAddressError where any is not public: a name that has
    public and private addresses is how a guard is got round, not how a newspaper is served.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    unique = dict.fromkeys(_parsed(str(entry[4][0])) for entry in found)
    if not allow_private:
        for address in unique:
            if not is_public(address):
                raise _error(host, address)
    return _alternating(unique)


def _parsed(text: str) -> Address:
    return ipaddress.ip_address(text.partition("%")[0])


def _alternating(found: Iterable[Address]) -> list[Address]:
    """One family after the other (RFC 8305, 4), so that a network without IPv6 costs one attempt."""
    given = list(found)
    first = [address for address in given if address.version == given[0].version]
    second = [address for address in given if address.version != given[0].version]
    paired = [address for pair in zip(first, second, strict=False) for address in pair]
    return paired + first[len(second) :] + second[len(first) :]


def _error(host: str, address: Address | str) -> PrivateAddressError:
    what = f"the host {host!r} is {address}" if str(address) != host.strip("[]") else f"the address {host}"
    return PrivateAddressError(f"{what}, which is not public; --allow-private fetches it all the same")
