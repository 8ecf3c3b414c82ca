-- What saved searches were told. A run first writes down all that is new, in
-- one transaction with how far it looked; then it tells, and notes each telling.

-- The number of the change that made the version; see notices.seq. Null in
-- rows of older programs, for all versions but the newest.
ALTER TABLE versions ADD COLUMN seq INTEGER;

UPDATE versions SET seq = (SELECT n.seq FROM notices n WHERE n.id = versions.notice AND n.version = versions.version);

-- How far each saved search has looked.
CREATE TABLE watches (
    name TEXT PRIMARY KEY,
    seen INTEGER NOT NULL           -- the last change that it was held against
) STRICT, WITHOUT ROWID;

-- What is new for a saved search in one version of one notice.
CREATE TABLE alerts (
    number  INTEGER PRIMARY KEY,
    id      TEXT NOT NULL UNIQUE,   -- made from watch, notice and version: the same whenever it is made
    watch   TEXT NOT NULL,
    notice  TEXT NOT NULL REFERENCES notices (id),
    version INTEGER NOT NULL,
    raised  TEXT NOT NULL,
    content TEXT NOT NULL           -- what is told, as JSON
) STRICT;

CREATE INDEX alerts_by_watch ON alerts (watch, number);

-- Whom an alert is for, and whether they were told.
CREATE TABLE deliveries (
    alert    INTEGER NOT NULL REFERENCES alerts (number),
    channel  TEXT NOT NULL,         -- 'jsonl:…', 'webhook:…' and so on
    attempts INTEGER NOT NULL DEFAULT 0,
    tried    TEXT,                  -- when it was last begun
    told     TEXT,                  -- when it was done; null while it is not
    problem  TEXT,                  -- why the last attempt failed
    PRIMARY KEY (alert, channel)
) STRICT, WITHOUT ROWID;

CREATE INDEX deliveries_pending ON deliveries (channel, alert) WHERE told IS NULL;
