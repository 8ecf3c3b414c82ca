-- The second schema: what a crawl knows and what it did. All is kept: rows of
-- fetches, runs and alarms are added and never taken away.

-- A fingerprint of what the version says, without the page's chrome. Made by
-- whoever fetched it; two versions with equal ones say the same.
ALTER TABLE versions ADD COLUMN body TEXT;

CREATE INDEX versions_by_body ON versions (body) WHERE body IS NOT NULL;

-- A run of a command that fetches.
CREATE TABLE runs (
    id      INTEGER PRIMARY KEY,
    started TEXT NOT NULL,
    ended   TEXT,              -- null while it runs, and for ever if it was killed
    command TEXT NOT NULL,     -- as typed
    outcome TEXT NOT NULL DEFAULT 'running'
        CHECK (outcome IN ('running', 'done', 'interrupted', 'failed', 'killed')),
    message TEXT               -- why it failed
) STRICT;

-- Every URL that a crawl knows: the frontier and what is known of it.
CREATE TABLE pages (
    id            INTEGER PRIMARY KEY,
    url           TEXT NOT NULL UNIQUE,  -- canonical: one spelling for one page
    site          TEXT NOT NULL,         -- the id of the site's profile
    column_name   TEXT,                  -- the column (栏目) of the site it was found in
    kind          TEXT NOT NULL CHECK (kind IN ('list', 'article', 'attachment', 'robots', 'other')),
    state         TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN
        ('waiting', 'live', 'moved', 'gone', 'declined', 'unreachable', 'forbidden')),
    discovered    TEXT NOT NULL,
    found_on      INTEGER REFERENCES pages (id),  -- the page that linked it first
    depth         INTEGER NOT NULL,      -- links between it and a start page
    due           TEXT,                  -- when to fetch it (again); null for never
    last_fetch    TEXT,
    failures      INTEGER NOT NULL DEFAULT 0,     -- fetches that failed since one succeeded
    interval_s    INTEGER,               -- how often it changes, as observed, in seconds
    etag          TEXT,                  -- of the last response that had one
    last_modified TEXT,                  -- likewise, as its server wrote it
    sha256        TEXT,                  -- of the entity last received while it was live
    body          TEXT,                  -- fingerprint of what it said then; see versions.body
    record_id     TEXT,                  -- the last WARC record with an entity of it, live or not
    record_date   TEXT,                  -- when that was written
    record_sha256 TEXT,                  -- of that entity
    moved_to      TEXT,                  -- its new address
    notice        TEXT REFERENCES notices (id)    -- the notice that it is
) STRICT;

CREATE INDEX pages_by_due ON pages (due, id) WHERE due IS NOT NULL;
CREATE INDEX pages_by_site ON pages (site, due, id) WHERE due IS NOT NULL;
CREATE INDEX pages_by_notice ON pages (notice) WHERE notice IS NOT NULL;

-- A request and what came of it.
CREATE TABLE fetches (
    id          INTEGER PRIMARY KEY,
    run         INTEGER NOT NULL REFERENCES runs (id),
    page        INTEGER NOT NULL REFERENCES pages (id),
    fetched     TEXT NOT NULL,
    status      INTEGER,            -- of HTTP; null when no response came
    fate        TEXT NOT NULL CHECK (fate IN
        ('new', 'unchanged', 'edited', 'chrome', 'moved', 'gone', 'declined', 'unreachable')),
    detail      TEXT,               -- what went wrong, or the new address
    duration_ms INTEGER NOT NULL,   -- from the request to the end of the response
    bytes       INTEGER NOT NULL,   -- of the entity as received
    sha256      TEXT,               -- of the entity; for an unchanged page that of the one it had
    warc_file   TEXT NOT NULL,      -- the record that tells it: response, revisit or metadata
    warc_offset INTEGER NOT NULL,
    warc_length INTEGER NOT NULL,
    notice      TEXT REFERENCES notices (id),
    version     INTEGER             -- the version of the notice that this fetch made
) STRICT;

CREATE INDEX fetches_by_page ON fetches (page, id);
CREATE INDEX fetches_by_run ON fetches (run, fate);
CREATE INDEX fetches_by_notice ON fetches (notice, id) WHERE notice IS NOT NULL;
CREATE INDEX fetches_by_place ON fetches (warc_file, warc_offset);

-- What a notice links: files that belong to it. The file itself is the page
-- of that URL, if it has been fetched.
CREATE TABLE attachments (
    notice   TEXT NOT NULL REFERENCES notices (id),
    url      TEXT NOT NULL,
    position INTEGER NOT NULL,      -- its place among the links, from 0
    text     TEXT,                  -- of the link
    version  INTEGER NOT NULL,      -- the first version that links it
    PRIMARY KEY (notice, url)
) STRICT, WITHOUT ROWID;

-- What somebody should look at: a list that came back empty, a gap in the
-- numbers of documents …
CREATE TABLE alarms (
    id          INTEGER PRIMARY KEY,
    run         INTEGER NOT NULL REFERENCES runs (id),
    raised      TEXT NOT NULL,
    site        TEXT,
    column_name TEXT,
    kind        TEXT NOT NULL,      -- one word for scripts: empty_list, number_gap …
    message     TEXT NOT NULL
) STRICT;

CREATE INDEX alarms_by_run ON alarms (run);

-- What a run saw of each column of each site, and what became of it.
CREATE TABLE coverage (
    run         INTEGER NOT NULL REFERENCES runs (id),
    site        TEXT NOT NULL,
    column_name TEXT NOT NULL,      -- '' for what is in none
    listed      INTEGER NOT NULL,   -- articles that its lists name
    stated      INTEGER,            -- how many the lists say there are
    fetched     INTEGER NOT NULL,   -- requests that were answered
    read        INTEGER NOT NULL,   -- articles read as notices
    declined    INTEGER NOT NULL,
    failed      INTEGER NOT NULL,
    PRIMARY KEY (run, site, column_name)
) STRICT, WITHOUT ROWID;
