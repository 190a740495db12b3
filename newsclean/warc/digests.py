"""Digests as the WARC fields have them."""

import base64
import hashlib

from newsclean.exchange import Exchange


def sha1(data: bytes | memoryview) -> str:
    """``sha1:`` and the digest in Base32."""
    return "sha1:" + base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode("ascii")


def payload_digest(exchange: Exchange) -> str | None:
    """The digest over the entity body; None for a message so broken that its body cannot be told."""
    return None if exchange.truncated == "unspecified" else sha1(exchange.entity_body)
