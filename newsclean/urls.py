"""URL syntax: which strings are URLs, their canonical form, their host. Nobody else knows it."""

import re
from functools import lru_cache
from urllib.parse import unquote_to_bytes, urljoin, urlsplit

from newsclean.errors import BadUrlError

_SCHEMES = {"http": 80, "https": 443}
"""The schemes that can be fetched, with their default ports."""

_TRACKING = frozenset(
    [
        "_ga", "_gl", "at_campaign", "at_custom1", "at_custom2", "at_custom3", "at_custom4", "at_medium", "cmpid",
        "dclid", "fb_action_ids", "fb_action_types", "fb_ref", "fb_source", "fbclid", "gbraid", "gclid", "gclsrc",
        "guccounter", "guce_referrer", "guce_referrer_sig", "icid", "igsh", "igshid", "mc_cid", "mc_eid", "mkt_tok",
        "ml_subscriber", "ml_subscriber_hash", "msclkid", "ncid", "ns_campaign", "ns_mchannel", "ns_source",
        "oly_anon_id", "oly_enc_id", "s_cid", "smid", "srsltid", "twclid", "vero_conv", "vero_id", "wbraid",
        "wickedid", "wt_mc", "xtor", "yclid", "ysclid",
    ]
)  # fmt: skip
_TRACKING_PREFIXES = ("utm_", "hsa_", "mtm_", "matomo_", "pk_campaign", "pk_kwd", "pk_source", "pk_medium", "itm_")
"""Query parameters that only count visits, as the lists of Firefox, AdGuard and ClearURLs have them. A name that may
also choose a story (``id``, ``source``, ``ref``, ``cid``) is not among them: two stories under one key lose one."""

_UNRESERVED = re.compile(r"%(?:4[1-9A-Fa-f]|5[0-9A]|6[1-9A-Fa-f]|7[0-9A]|3[0-9]|2[DEde]|5[Ff]|7[Ee])")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_HOST = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=-]+|[0-9A-Fa-f:.]+(?:%25[A-Za-z0-9._~-]+)?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
MAX_LENGTH = 16_384
"""Characters in the longest string that is taken for a URL; servers refuse long before that."""


def to_uri(url: str) -> str:
    """The URL as it is asked for: trimmed, IRI and spaces percent-encoded, without fragment (RFC 3986).

    Raises BadUrlError where the string is no http(s) URL with a host.
    """
    from w3lib.url import safe_url_string

    text = url.strip()
    if len(text) > MAX_LENGTH:
        raise BadUrlError(f"a URL of {len(text):,} characters, more than {MAX_LENGTH:,}: {shown(url)}")
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port
    except ValueError as problem:
        raise BadUrlError(f"no valid URL: {shown(url)} ({problem})") from None
    if parts.scheme.lower() not in _SCHEMES:
        raise BadUrlError(f"no http(s) URL: {shown(url)}")
    if not host or any(c.isspace() for c in host):
        raise BadUrlError(f"a URL without a host: {shown(url)}")
    try:
        uri: str = safe_url_string(_CONTROL.sub("", text))
        parts = urlsplit(uri)
        if not parts.hostname or not _HOST.fullmatch(parts.hostname):
            raise ValueError
    except ValueError:
        raise BadUrlError(f"no valid URL: {shown(url)}") from None
    return parts._replace(fragment="", scheme=parts.scheme.lower(), path=parts.path or "/").geturl()


def join(base: str, reference: str) -> str:
    """The URI that ``reference`` means on the page ``base``, as :func:`to_uri` gives it. Raises BadUrlError."""
    try:
        joined = urljoin(base, reference.strip())
    except ValueError as problem:
        raise BadUrlError(f"no valid URL: {shown(reference)} ({problem})") from None
    return to_uri(joined)


@lru_cache(maxsize=4096)
def canonical(url: str) -> str:
    """The form by which duplicates are found: scheme, case of the host, default port, tracking parameters, order of
    the parameters, spelling of escapes, trailing slash and fragment aside.

    It is a key, not an address: fetch the URL itself. Raises BadUrlError.
    """
    uri = to_uri(url)
    parts = urlsplit(uri)
    path = _escapes(urlsplit(urljoin(uri, parts.path or "/")).path)
    query = "&".join(sorted(_escapes(field) for field in parts.query.split("&") if field and not _tracks(field)))
    key = host_of(uri) + path.rstrip("/")
    return f"{key}?{query}" if query else key


def _tracks(field: str) -> bool:
    name = field.partition("=")[0].lower()
    return name in _TRACKING or name.startswith(_TRACKING_PREFIXES)


def _escapes(text: str) -> str:
    """One spelling of percent-encoding: letters, digits and ``-._~`` bare, the rest in upper case (RFC 3986, 6.2.2)."""
    bare = _UNRESERVED.sub(lambda match: unquote_to_bytes(match[0]).decode("ascii"), text)
    return _ESCAPE.sub(lambda match: match[0].upper(), bare)


def host_of(url: str) -> str:
    """Lower-case host and, where it is not the scheme's default, port: ``news.example:8080``. Empty where the string
    is no URL with a host.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    host = (parts.hostname or "").lower()
    if ":" in host:
        host = f"[{host}]"
    try:
        port = parts.port
    except ValueError:
        port = None
    return host if port in (None, _SCHEMES.get(parts.scheme.lower())) else f"{host}:{port}"


def path_of(url: str) -> tuple[str, str]:
    """Path and query of a URL as they are written, without those parameters that only count visits. Empty where the
    string is no URL.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return parts.path, "&".join(field for field in parts.query.split("&") if field and not _tracks(field))


def shown(text: str, limit: int = 120) -> str:
    """The text as it may stand in a one-line message: quoted, white space folded, cut to ``limit`` characters."""
    one_line = " ".join(text[: 10 * limit].split())
    return repr(one_line if len(one_line) <= limit and len(text) <= 10 * limit else one_line[:limit] + "…")
