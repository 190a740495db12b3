"""Digests as the WARC fields have them."""

import base64
import hashlib

from newsclean.exchange import Exchange


def sha1(*parts: bytes | memoryview) -> str:
    """``sha1:`` and the digest, in Base32, of the parts one behind the other."""
    hashed = hashlib.sha1(usedforsecurity=False)
    for part in parts:
        hashed.update(part)
    return "sha1:" + base64.b32encode(hashed.digest()).decode("ascii")


def payload_digest(exchange: Exchange) -> str | None:
    """The digest over the entity body; None for a message so broken that its body cannot be told."""
    return None if exchange.truncated == "unspecified" else sha1(*exchange.entity_parts())
