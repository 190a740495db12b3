"""``fixture add``: a page becomes the folder of a fixture."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsclean.cli.fixture_inputs import fixtures_option
from newsclean.cli.options import with_settings
from newsclean.cli.output import note, to_terminal, write_json
from newsclean.errors import EXIT_OK, FetchError, UsageError

if TYPE_CHECKING:
    from newsclean.model import Capture
    from newsclean.settings import Settings


@click.command("add")
@click.argument("page", metavar="URL|FILE|WARC@OFFSET")
@fixtures_option
@click.option(
    "-o", "--archive", type=click.Path(path_type=Path), help="Archive in which PAGE is a URL or an article's number."
)
@click.option("--url", help="Where a file is from.")
@click.option("--captured", type=click.DateTime(), help="When a file was fetched, in UTC. [default: when it changed]")
@click.option("--name", metavar="WORDS", help="Words for the folder's name. [default: words of the URL]")
@click.option("--shows", default="", metavar="TEXT", help="What the page is an example of.")
@with_settings(fetching=True)
def add(
    page: str,
    root: Path,
    archive: Path | None,
    url: str | None,
    captured: datetime | None,
    name: str | None,
    shows: str,
    settings: "Settings",
) -> int:
    """Add a page as a fixture: a URL to fetch, a file, a WARC record, or a URL of an archive.

    Makes DIR/HOST/DATE-NAME with the page, truth.toml to fill in, and what comes out today, which nobody has approved
    yet.

    \b
    newsclean fixture add https://news.example/story
    newsclean fixture add page.html --url https://news.example/story --captured 2025-03-14
    newsclean fixture add -o my-archive 17 -d tests/pages
    """
    from newsclean.fixtures.add import add_fixture

    if archive is not None:
        capture = _from_archive(archive, page, settings)
    elif page.startswith(("http://", "https://")):
        capture = _fetched(page, settings)
    else:
        from newsclean.cli.captures import capture_of

        capture = capture_of(page, url)
        if captured is None and not capture.fetched_at and Path(page).is_file():
            captured = datetime.fromtimestamp(Path(page).stat().st_mtime, UTC)
    moment = captured.replace(tzinfo=UTC) if captured and captured.tzinfo is None else captured
    source = f"{archive}: {page}" if archive else "the web" if "://" in page else Path(page).name
    fixture = add_fixture(capture, root, settings, url=url, captured=moment, name=name, source=source, shows=shows)
    if to_terminal():
        note(f"newsclean: {fixture.folder}")
        note(f"  1. read   {fixture.path('approved.md')}: what comes out of the page today")
        note(f"  2. fill in {fixture.path('truth.toml')}: what must and must not come out")
        note(f'  3. newsclean fixture approve -d {root} {fixture.id} --reason "first approval"')
    else:
        write_json({"id": fixture.id, "folder": str(fixture.folder), "state": "new"})
    return EXIT_OK


def _from_archive(path: Path, name: str, settings: "Settings") -> "Capture":
    from newsclean.archive import Archive

    with Archive.open(path, settings) as archive:
        record = archive.extraction(int(name) if name.isdecimal() else name).record
        if record is None:
            raise UsageError(f"{name}: in no WARC file of {path}; give the page as a file")
        return archive.capture(record)


def _fetched(url: str, settings: "Settings") -> "Capture":
    from tempfile import TemporaryDirectory

    from newsclean.archive import Archive

    with (
        TemporaryDirectory(prefix="newsclean-fixture-") as place,
        Archive.create_or_open(Path(place) / "archive", settings) as archive,
    ):
        archive.run([url])
        (outcome,) = archive.outcomes()
        if outcome.record is None:
            named = url in outcome.message
            raise FetchError(outcome.message if named else f"{url}: {outcome.outcome}: {outcome.message}")
        return archive.capture(outcome.record)
