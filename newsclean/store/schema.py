"""The catalogue's tables, and how an older file becomes a newer one.

``application_id`` marks the file as ours, so that another SQLite file is refused; ``user_version`` holds SCHEMA.
Every table can be rebuilt from the WARC files (``newsclean reindex``).

- ``files``: how many bytes of each WARC file the catalogue accounts for. What lies behind them was written but not
  recorded (a crash between the two) and is read in at the next start.
- ``captures``: one row for each exchange that ended an input. Ids follow the order of the records on disk, so that
  a rebuilt catalogue gives the same ids; an article's id is the id of its capture. ``waits``: stored, not yet
  extracted. ``key``: canonical form of the input. ``revisit_of``: record id of the response whose payload it has.
  ``same_as``: the capture of the same input whose extraction holds for it, since the page is the same.
  ``newer``: the capture of the same input that has a later article.
- ``queue``: every input, once by its canonical form, with its outcome.
- ``extractions``: the judgement of one page, an article or not, with its blocks packed (see ``blocks``). ``kind``: what
  the page is, as JSON; NULL where it could not be read, or was judged by a version that did not say.
- ``articles``: the fields of :class:`~newsclean.model.Article`; lists and sources are JSON.
  ``word_count`` is 0 where a version extracted it that did not count. With the setting
  ``keep_all`` there are rows of pages that are no articles: ``extractions.outcome`` tells them apart.
- ``names``: each address under which a capture is found: asked, hops, final, canonical; in canonical form.
- ``site_pages``: what is remembered of each host's latest article pages, packed (see ``clutter.site``), one row a page
  by the hash of its address. ``settled``: a run that is over has learned it; only these are heard.
- ``signatures``, ``story_bands``: what each article is compared by, and the story that it is in (see ``stories``).
- ``search``: full-text index over headline and text, without a copy of them (see ``fulltext``).
- ``article_text``: a view for people who read the catalogue with SQL: one article, its body as one text.
"""

import sqlite3

from newsclean.store import stories

SCHEMA = 6
"""Number of the newest layout that this version reads and writes."""
APPLICATION_ID = 0x4E434C4E
"""``NCLN``."""

_VIEW = """
CREATE VIEW article_text AS
    SELECT a.id, a.url, a.headline, a.date_published, a.in_language, c.file, c.offset, c.fetched_at, coalesce(
        a.standfirst || char(10), '') || (SELECT coalesce(group_concat(value, char(10)), '') FROM json_each(a.body)
    ) AS text
    FROM articles a JOIN captures c ON c.id = a.id WHERE c.newer IS NULL;
"""
_SITES = """
CREATE TABLE site_pages (
    host TEXT NOT NULL,
    page BLOB NOT NULL,
    settled INTEGER NOT NULL,
    capture_id INTEGER NOT NULL REFERENCES captures (id) ON DELETE CASCADE,
    marks BLOB NOT NULL,
    PRIMARY KEY (host, page, settled)
) STRICT, WITHOUT ROWID;
CREATE INDEX site_pages_latest ON site_pages (settled, host, capture_id);
CREATE INDEX site_pages_capture ON site_pages (capture_id);
"""
# Mn and Mc: the vowel signs of Hindi and its neighbours are part of a word, not a gap in it.
_TABLES = f"""
CREATE TABLE files (
    name TEXT PRIMARY KEY,
    size INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE captures (
    id INTEGER PRIMARY KEY,
    file TEXT NOT NULL,
    offset INTEGER NOT NULL,
    length INTEGER NOT NULL,
    record_id TEXT NOT NULL UNIQUE,
    url TEXT NOT NULL,
    final_url TEXT NOT NULL,
    redirects TEXT NOT NULL DEFAULT '[]',
    host TEXT NOT NULL,
    status INTEGER NOT NULL,
    fetched_at TEXT NOT NULL,
    payload_digest TEXT,
    truncated TEXT,
    body_bytes INTEGER NOT NULL,
    waits INTEGER NOT NULL,
    key TEXT NOT NULL DEFAULT '',
    etag TEXT,
    last_modified TEXT,
    revisit_of TEXT,
    same_as INTEGER,
    newer INTEGER,
    chunked INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX captures_place ON captures (file, offset);
CREATE INDEX captures_key ON captures (key);
CREATE INDEX captures_payload ON captures (payload_digest) WHERE revisit_of IS NULL;
CREATE INDEX captures_same ON captures (same_as) WHERE same_as IS NOT NULL;
CREATE INDEX captures_waiting ON captures (id) WHERE waits;

CREATE TABLE queue (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL,
    key TEXT NOT NULL UNIQUE,
    host TEXT NOT NULL,
    origin TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'fetched', 'done')),
    outcome TEXT,
    status INTEGER,
    message TEXT NOT NULL DEFAULT '',
    capture_id INTEGER REFERENCES captures (id)
) STRICT;
CREATE INDEX queue_state ON queue (state, host, id);
CREATE INDEX queue_capture ON queue (capture_id);

CREATE TABLE extractions (
    capture_id INTEGER PRIMARY KEY REFERENCES captures (id) ON DELETE CASCADE,
    outcome TEXT NOT NULL,
    message TEXT NOT NULL,
    diagnostics TEXT NOT NULL,
    versions TEXT NOT NULL,
    blocks BLOB NOT NULL,
    kind TEXT
) STRICT;

CREATE TABLE articles (
    id INTEGER PRIMARY KEY REFERENCES captures (id) ON DELETE CASCADE,
    url TEXT,
    headline TEXT,
    alternative_headline TEXT,
    description TEXT,
    authors TEXT NOT NULL,
    publisher TEXT,
    section TEXT,
    keywords TEXT NOT NULL,
    date_published TEXT,
    date_modified TEXT,
    in_language TEXT,
    canonical_url TEXT,
    main_image TEXT,
    is_accessible_for_free INTEGER,
    dateline TEXT,
    agency TEXT,
    word_count INTEGER NOT NULL DEFAULT 0,
    view_count INTEGER,
    reading_minutes INTEGER,
    standfirst TEXT,
    body TEXT NOT NULL,
    captions TEXT NOT NULL,
    sources TEXT NOT NULL
) STRICT;

CREATE TABLE names (
    key TEXT NOT NULL,
    capture_id INTEGER NOT NULL REFERENCES captures (id) ON DELETE CASCADE,
    PRIMARY KEY (key, capture_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX names_capture ON names (capture_id);

{_SITES}
{stories.TABLES}
CREATE VIRTUAL TABLE search USING fts5 (
    headline, text, content='', tokenize="unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"
);
"""

_MIGRATIONS: dict[int, str] = {
    1: f"""
ALTER TABLE captures ADD COLUMN key TEXT NOT NULL DEFAULT '';
ALTER TABLE captures ADD COLUMN etag TEXT;
ALTER TABLE captures ADD COLUMN last_modified TEXT;
ALTER TABLE captures ADD COLUMN revisit_of TEXT;
ALTER TABLE captures ADD COLUMN same_as INTEGER;
ALTER TABLE captures ADD COLUMN newer INTEGER;
ALTER TABLE captures ADD COLUMN chunked INTEGER NOT NULL DEFAULT 0;
UPDATE captures SET key = coalesce((SELECT q.key FROM queue q WHERE q.capture_id = captures.id), '');
CREATE INDEX captures_key ON captures (key);
CREATE INDEX captures_payload ON captures (payload_digest) WHERE revisit_of IS NULL;
CREATE INDEX captures_same ON captures (same_as) WHERE same_as IS NOT NULL;
DROP VIEW article_text;
{_VIEW}""",
    2: _SITES,
    3: "ALTER TABLE extractions ADD COLUMN kind TEXT;",
    4: """
ALTER TABLE articles ADD COLUMN word_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE articles ADD COLUMN view_count INTEGER;
ALTER TABLE articles ADD COLUMN reading_minutes INTEGER;""",
    5: stories.MIGRATION,
}
"""For each older layout the statements that make the next one of it."""


def create(connection: sqlite3.Connection) -> None:
    """Make the tables in an empty file."""
    _in_one_step(connection, _TABLES + _VIEW, SCHEMA)


def migrate(connection: sqlite3.Connection, version: int) -> None:
    """Bring a file of an older layout to SCHEMA, one step at a time, each whole or not at all."""
    for number in range(version, SCHEMA):
        _in_one_step(connection, _MIGRATIONS[number], number + 1)


def _in_one_step(connection: sqlite3.Connection, statements: str, version: int) -> None:
    try:
        connection.executescript(
            f"BEGIN IMMEDIATE; {statements}"
            f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {version}; COMMIT;"
        )
    except sqlite3.Error:
        if connection.in_transaction:
            connection.rollback()
        raise
