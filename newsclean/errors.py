"""Every error that newsclean raises, in one tree.

::

    NewscleanError
    ├── UsageError                    a wrong option, list, settings file or rule file   (exit 2)
    │   ├── InputError                a list or file that is missing, empty or unreadable
    │   │   └── FixtureError          a fixture that cannot be used
    │   ├── SettingsError             a setting with a wrong name, type or value
    │   └── RulesError                a rule file that does not say what a rule must say
    ├── BadUrlError                   a string that is no http(s) URL
    ├── FetchError                    no answer could be had
    │   ├── DnsError, ConnectError, TlsError, ProxyError
    │   ├── FetchTimeoutError         nothing, or not all, came in time
    │   ├── BadHttpError              what came is no HTTP message
    │   ├── RedirectError             a loop, too many hops, or a target that is no http(s) URL
    │   ├── TooLargeError             the answer is larger than the limit; it was cut and stored
    │   ├── PrivateAddressError       the host's address is not public
    │   ├── RobotsError               robots.txt forbids it
    │   │   └── RobotsUnavailableError    the server cannot say what robots.txt allows
    │   ├── SourceError               what came is no feed or sitemap
    │   └── HttpStatusError           the server answered, but with no page
    ├── PageError                     the bytes are no page that can be read
    │   ├── EmptyPageError, NotHtmlError, PageTooLargeError
    ├── NotAnArticleError             a page, but no article; ``kind`` says what it is
    ├── WarcError                     a WARC file that cannot be read or written
    │   ├── NotWarcError, DamagedRecordError, RecordNotFoundError
    ├── WorseError                    what is to be approved breaks a fixture's truth     (exit 4)
    └── ArchiveError                  the archive folder cannot be used                  (exit 2)
        ├── NoArchiveError, NewerSchemaError, ArchiveBusyError, DiskFullError (exit 3)
        └── NotInArchiveError         nothing in the archive has that URL or number

A ``code`` is a stable slug: it is what an :class:`~newsclean.model.Outcome` carries and what scripts may
compare. A message names what failed and where, and says what to do next.
"""

from typing import ClassVar

EXIT_OK = 0
EXIT_SOME_FAILED = 1
EXIT_USAGE = 2
EXIT_NOTHING_SUCCEEDED = 3
EXIT_MISMATCH = 4
EXIT_INTERRUPTED = 130


class NewscleanError(Exception):
    """Root of the tree. ``code`` is a stable slug, ``exit_code`` the status of a command that ends with it."""

    code: str = "error"
    exit_code: ClassVar[int] = EXIT_NOTHING_SUCCEEDED


class UsageError(NewscleanError):
    """A wrong option, argument or file given by the user."""

    code = "usage"
    exit_code = EXIT_USAGE


class InputError(UsageError):
    """A list or file that is missing, empty or unreadable."""

    code = "input"


class FixtureError(InputError):
    """A fixture that cannot be used; the message names the file, for TOML also the line."""

    code = "fixture"


class SettingsError(UsageError):
    """A setting with an unknown name, or a value of the wrong type or range."""

    code = "settings"


class RulesError(UsageError):
    """A clutter rule file that does not say what a rule must say; the message names the file and the rule."""

    code = "rules"


class BadUrlError(NewscleanError):
    """A string that is no http(s) URL with a host."""

    code = "bad-url"


class FetchError(NewscleanError):
    """No answer could be had from the server. Trying again later may help where ``transient`` is true."""

    code = "fetch"
    transient: ClassVar[bool] = True


class DnsError(FetchError):
    """The host name has no address."""

    code = "dns"


class ConnectError(FetchError):
    """No connection, or the connection was lost before an answer came."""

    code = "connect"


class TlsError(FetchError):
    """The TLS handshake failed or the certificate is not valid for the host."""

    code = "tls"
    transient = False


class ProxyError(FetchError):
    """The proxy of HTTP_PROXY or HTTPS_PROXY refused or failed."""

    code = "proxy"


class FetchTimeoutError(FetchError):
    """Nothing, or not all, came within the time limits."""

    code = "timeout"


class BadHttpError(FetchError):
    """What the server sent is no HTTP message, or broke off inside one."""

    code = "bad-http"


class RedirectError(FetchError):
    """A loop of redirects, too many of them, or one whose target is no http(s) URL."""

    code = "redirect"
    transient = False


class TooLargeError(FetchError):
    """The answer passed the size limit: it was cut there, stored and marked as cut."""

    code = "too-large"
    transient = False


class PrivateAddressError(FetchError):
    """The host's address is loopback, private, link-local, multicast or otherwise not public; nothing was asked."""

    code = "private-address"
    transient = False


class RobotsError(FetchError):
    """The host's robots.txt forbids the URL; it was not asked for."""

    code = "robots"
    transient = False


class RobotsUnavailableError(RobotsError):
    """The host's robots.txt answered with a server error, which forbids everything (RFC 9309, 2.3.1.4)."""

    code = "robots-unavailable"
    transient = True


class SourceError(FetchError):
    """What came is no feed or sitemap that can be read."""

    code = "source"
    transient = False


class HttpStatusError(FetchError):
    """The server answered with a status that carries no page; ``code`` is ``http-<status>``."""

    transient = False

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status
        self.code = f"http-{status}"


class PageError(NewscleanError):
    """The bytes are no page that can be read."""

    code = "page"


class EmptyPageError(PageError):
    """No bytes, or nothing but white space."""

    code = "empty-page"


class NotHtmlError(PageError):
    """The bytes are something else than HTML: an image, a PDF, an archive."""

    code = "not-html"


class PageTooLargeError(PageError):
    """The page, decoded, is larger than ``max_page_bytes``, or has more elements than ``max_page_nodes``."""

    code = "page-too-large"


class NotAnArticleError(NewscleanError):
    """A page that was read and holds no article; ``code`` is ``not-article:<kind>``."""

    def __init__(self, message: str, kind: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.code = f"not-article:{kind}"


class WarcError(NewscleanError):
    """A WARC file that cannot be read or written."""

    code = "warc"


class NotWarcError(WarcError):
    """The file is no WARC file."""

    code = "not-warc"


class DamagedRecordError(WarcError):
    """A record that is cut or broken; the message says file and offset."""

    code = "warc-damaged"


class RecordNotFoundError(WarcError):
    """There is no such record at that file and offset."""

    code = "record-not-found"


class WorseError(NewscleanError):
    """What is to be approved fails the fixture's truth where it did not before."""

    code = "fixture-worse"
    exit_code = EXIT_MISMATCH


class ArchiveError(NewscleanError):
    """The archive folder cannot be used."""

    code = "archive"
    exit_code = EXIT_USAGE


class NoArchiveError(ArchiveError):
    """The folder is no newsclean archive."""

    code = "no-archive"


class NewerSchemaError(ArchiveError):
    """The catalogue was written by a newer newsclean."""

    code = "newer-schema"


class ArchiveBusyError(ArchiveError):
    """Another process works on the archive."""

    code = "archive-busy"


class DiskFullError(ArchiveError):
    """No space is left for the archive; all that was reported done is stored."""

    code = "disk-full"
    exit_code = EXIT_NOTHING_SUCCEEDED


class NotInArchiveError(ArchiveError):
    """Nothing in the archive has that URL or article number."""

    code = "not-in-archive"
