"""Settings: defaults < newsclean.toml < environment (``NEWSCLEAN_…``) < flags, each value knowing its origin."""

import hashlib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from os import fspath
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from newsclean.errors import SettingsError
from newsclean.labels import label_named
from newsclean.version import __version__

CHOICES: Mapping[str, tuple[str, ...]] = {
    "engine": ("newsclean", "trafilatura"),
    "focus": ("balanced", "precision", "recall"),
    "robots": ("obey", "ignore"),
    "compressor": ("auto", "isal", "zlib-ng", "zlib"),
    "sync": ("group", "each", "close"),
    "digest_compat": ("entity", "chunked"),
}
"""The settings that are one word of a few."""
_BOOLEANS = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
_EXTRACTION = ("engine", "focus", "include", "keep_all", "rules", "site_memory", "max_page_bytes", "max_page_nodes")
"""The settings that change what comes out of a page; all others change how it is fetched and stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings. Sizes are bytes, times are seconds."""

    connections: int = 16
    """Exchanges under way at once, over all hosts."""
    host_connections: int = 1
    """Exchanges under way at once with one host."""
    host_delay: float = 1.0
    """Least time between the starts of two requests to one host."""
    connect_timeout: float = 15.0
    read_timeout: float = 30.0
    """Longest silence of a server inside an answer."""
    page_timeout: float = 120.0
    """Longest time for one exchange as a whole."""
    max_body_bytes: int = 16 * 1024 * 1024
    """An answer is cut there, on the wire; what came is stored and marked as cut."""
    max_page_bytes: int = 16 * 1024 * 1024
    """A page that is larger when decoded is stored but not extracted."""
    max_in_flight_bytes: int = 16 * 1024 * 1024
    """Bytes of answers under way that are held in memory, over all hosts; above it, connections wait their turn."""
    max_redirects: int = 10
    max_attempts: int = 4
    """How often a URL is asked for where it fails in a way that may pass; 1 for no second try."""
    retry_time: float = 300.0
    """Longest time from a URL's first attempt to the start of its last."""
    max_retry_after: float = 120.0
    """Longest wait that a server's Retry-After may ask for; one that asks for more ends the attempts."""
    robots: str = "obey"
    """``obey`` robots.txt (RFC 9309), or ``ignore`` it."""
    max_crawl_delay: float = 30.0
    """A robots.txt's Crawl-delay counts up to here."""
    allow_private: bool = False
    """Whether addresses that are not public (loopback, private, link-local and the like) may be fetched."""
    insecure: bool = False
    """Whether TLS certificates go unchecked."""
    user_agent: str = f"newsclean/{__version__} (+https://pypi.org/project/newsclean/)"
    operator: str = ""
    """Who runs the crawl; written into each file's warcinfo where given."""
    warc_size: int = 1_000_000_000
    """A WARC file that has reached this size is closed and a new one begun (ISO 28500, annex C)."""
    warc_time: float = 86_400.0
    """A WARC file that has been open for so long is closed and a new one begun."""
    compressor: str = "auto"
    """What packs the WARC files: ``isal``, ``zlib-ng``, ``zlib``, or ``auto`` for the first of these that is there."""
    compression: int = 6
    """Level of zlib and zlib-ng, 1 to 9: level 6 is 0.6 % larger than 9 for two thirds of its time. ISA-L always takes
    its highest, 3, which is 12 % larger than zlib's 9 for a fifth of its time."""
    sync: str = "group"
    """When records are forced to the disk: ``group`` (one fsync for what came in meanwhile, before any of it is
    reported), ``each`` (one fsync an input) or ``close`` (only when a file is closed: faster, and a power cut can cost
    inputs that were reported)."""
    dedup: bool = True
    """Whether an answer whose payload the archive has already is stored as a revisit record, without the payload."""
    digest_compat: str = "entity"
    """Payload digest of chunked answers: ``entity`` over the entity body, as the standard has it, or ``chunked`` over
    the chunk framing as well, as warcio, FastWARC and warcat check it."""
    workers: int = 0
    """Processes that extract; 0 takes one for each core that may be used."""
    engine: str = "newsclean"
    """Body engine: ``newsclean``, or ``trafilatura`` for the reference engine alone."""
    focus: str = "balanced"
    """``precision`` keeps what is surely the article's, ``recall`` what may be; ``balanced`` is between them."""
    include: tuple[str, ...] = ()
    """Labels (``caption``, ``comments``, …) whose blocks are kept in the text though they would be set aside."""
    keep_all: bool = False
    """Whether what is there is also taken from pages that are no articles: the outcome says what they are, and their
    text is stored and exported like an article's."""
    site_memory: bool = True
    """Whether blocks that repeat over the pages of one site are evidence against them."""
    max_page_nodes: int = 100_000
    """Elements of a page; one with more is stored but not extracted."""
    max_page_seconds: float = 60.0
    """Longest time for the extraction of one page, where a process of its own does it."""
    rules: tuple[str, ...] = ()
    """Paths of further rule files, read after the ones that newsclean brings."""
    origins: Mapping[str, str] = field(default_factory=dict, compare=False, hash=False, repr=False)
    """Where each value that is no default comes from: ``newsclean.toml``, ``environment`` or ``flag``."""

    def __post_init__(self) -> None:
        positive = (
            "connections",
            "host_connections",
            "connect_timeout",
            "read_timeout",
            "page_timeout",
            "max_body_bytes",
            "max_page_bytes",
            "max_page_nodes",
            "max_page_seconds",
            "warc_size",
            "warc_time",
            "max_in_flight_bytes",
            "max_attempts",
        )
        for name in positive:
            if getattr(self, name) <= 0:
                raise SettingsError(f"{self._named(name)} must be above 0, not {getattr(self, name)}")
        for name in ("host_delay", "max_redirects", "workers", "retry_time", "max_retry_after", "max_crawl_delay"):
            if getattr(self, name) < 0:
                raise SettingsError(f"{self._named(name)} must not be below 0, but is {getattr(self, name)}")
        if not 1 <= self.compression <= 9:
            raise SettingsError(f"{self._named('compression')} must be 1 to 9, not {self.compression}")
        for name, choices in CHOICES.items():
            if getattr(self, name) not in choices:
                raise SettingsError(f"{self._named(name)} must be {' or '.join(choices)}, not {getattr(self, name)!r}")

    def _named(self, name: str) -> str:
        origin = self.origins.get(name)
        return f"{name} ({origin})" if origin else name

    @classmethod
    def load(
        cls,
        file: Path | None = None,
        environment: Mapping[str, str] = MappingProxyType({}),
        flags: Mapping[str, Any] = MappingProxyType({}),
    ) -> Self:
        """Put the layers together. ``flags`` that are None count as not given. Raises SettingsError."""
        values: dict[str, Any] = {}
        origins: dict[str, str] = {}

        def take(name: str, value: Any, origin: str) -> None:
            values[name] = _converted(name, value, origin)
            origins[name] = origin

        if file is not None:
            for name, value in _read(file).items():
                take(name, value, str(file))
        for key, value in environment.items():
            if key.startswith("NEWSCLEAN_"):
                take(key.removeprefix("NEWSCLEAN_").lower(), value, f"environment {key}")
        for name, value in flags.items():
            if value is not None:
                take(name, value, "flag")
        return cls(**values, origins=origins)

    def with_values(self, **values: Any) -> Self:
        """A copy with other values."""
        return replace(self, **values)

    def extraction_digest(self) -> str:
        """16 hexadecimal digits that change when a setting that touches extraction does."""
        chosen = {name: value for name, value in asdict(self).items() if name in _EXTRACTION}
        return hashlib.sha256(repr(sorted(chosen.items())).encode()).hexdigest()[:16]


_TYPES: dict[str, Any] = {f.name: f.type for f in fields(Settings) if f.name != "origins"}


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"{file}: no such settings file") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise SettingsError(f"{file}: not readable as TOML: {problem}") from None


def _converted(name: str, value: Any, origin: str) -> Any:
    """The value in its setting's type; a string from the environment is read as that type."""
    if name not in _TYPES:
        from difflib import get_close_matches

        near = get_close_matches(name, _TYPES, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise SettingsError(f"{origin}: no setting {name!r}{hint}")
    wanted = _TYPES[name]
    try:
        if name == "include":
            return _labels(value, origin)
        if wanted == tuple[str, ...]:
            listed = [v for v in value.split(":") if v] if isinstance(value, str) else list(value)
            return tuple(fspath(v) for v in listed)
        if wanted is bool:
            return value if isinstance(value, bool) else _BOOLEANS[str(value).lower()]
        if isinstance(value, bool) or (wanted is str and not isinstance(value, str)):
            raise TypeError
        converted = wanted(value)
        if converted != (converted if isinstance(value, str) else value):  # 8.7 connections, or nan
            raise TypeError
        return converted
    except (TypeError, ValueError, OverflowError, KeyError):
        kind = getattr(wanted, "__name__", str(wanted))
        raise SettingsError(f"{origin}: {name} must be of type {kind}, not {value!r}") from None


def _labels(value: Any, origin: str) -> tuple[str, ...]:
    """Labels, each once: from a list, or a string with commas between them."""
    listed = value.replace(":", ",").split(",") if isinstance(value, str) else list(value)
    try:
        found = [label_named(name) for part in listed for name in part.split(",") if name.strip()]
    except AttributeError:
        raise TypeError from None
    except ValueError as problem:
        raise SettingsError(f"{origin}: include: {problem}") from None
    return tuple(dict.fromkeys(found))


def cores() -> int:
    """Processor cores that this process may use, at least one."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
