"""Which URLs go together: those of one site, so that one task has it for itself and keeps its delays."""

import hashlib

from newsclean.urls import host_of

_SHORT = 3
"""Letters of a label below a country's domain that is rather part of the suffix (``co.uk``, ``com.au``) than a name."""


def site_of(url: str) -> str:
    """The site of a URL: what its host and its sister hosts (``www.``, ``m.``, ``live.``) have in common, without port.

    A guess at the registrable domain, without a list of suffixes: the last two labels, three below a suffix such as
    ``co.uk``. Wrong, it puts strangers together, or sisters apart: both keep the delay of each host. Empty where the
    string is no URL with a host.
    """
    host = host_of(url.strip())
    if host.startswith("["):  # an IPv6 address
        return host.partition("]")[0] + "]"
    host = host.partition(":")[0].rstrip(".").removeprefix("www.")
    labels = host.split(".")
    if labels[-1].isdigit():  # an IPv4 address
        return host
    country = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= _SHORT
    return ".".join(labels[-3 if country else -2 :])


def part_of(url: str, parts: int) -> int:
    """The number of a URL's partition, from 0: the same on each machine and in each run, for that many partitions."""
    digest = hashlib.blake2b(site_of(url).encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") % parts


def name_of(part: int) -> str:
    """The name of a partition's folder: ``part-00007``."""
    return f"part-{part:05}"
