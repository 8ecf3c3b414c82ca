-- What was read of the notices, in tables for anyone's SQL. Derived: dropped
-- and made anew at any time. The views are what docs/exports.md documents; the
-- tables below them may change.

DROP VIEW IF EXISTS v_facts;
DROP VIEW IF EXISTS v_passages;
DROP VIEW IF EXISTS v_notices;
DROP VIEW IF EXISTS v_versions;
DROP TABLE IF EXISTS read_facts;
DROP TABLE IF EXISTS read_passages;
DROP TABLE IF EXISTS read_notices;

CREATE TABLE read_notices (
    number      INTEGER PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE REFERENCES notices (id),
    seq         INTEGER NOT NULL,     -- the notice's change that was read; see notices.seq
    version     INTEGER NOT NULL,     -- the version that was read
    digest      TEXT NOT NULL,        -- of all that was read
    title       TEXT,
    url         TEXT,
    organ       TEXT,
    region_code TEXT,
    region      TEXT,
    genre       TEXT,
    published   TEXT,
    signed      TEXT,
    characters  INTEGER NOT NULL,
    passages    INTEGER NOT NULL
) STRICT;

CREATE TABLE read_passages (
    notice INTEGER NOT NULL REFERENCES read_notices (number),
    number INTEGER NOT NULL,          -- from 1
    anchor TEXT NOT NULL,
    label  TEXT,
    path   TEXT NOT NULL,
    text   TEXT NOT NULL
) STRICT;

CREATE INDEX read_passages_by_notice ON read_passages (notice, number);

CREATE TABLE read_facts (
    notice      INTEGER NOT NULL REFERENCES read_notices (number),
    anchor      TEXT NOT NULL,
    start       INTEGER NOT NULL,
    end         INTEGER NOT NULL,
    kind        TEXT NOT NULL,
    printed     TEXT NOT NULL,
    value       REAL,
    upper       REAL,
    unit        TEXT,
    action      TEXT,
    object      TEXT,
    qualifiers  TEXT NOT NULL,
    period      TEXT,
    period_from TEXT,
    period_to   TEXT,
    name        TEXT,
    code        TEXT,
    also_in     TEXT NOT NULL
) STRICT;

CREATE INDEX read_facts_by_notice ON read_facts (notice);

CREATE VIEW v_notices AS
    SELECT r.id, r.title, r.url, r.organ, r.region_code, r.region, r.genre, r.published, r.signed,
           r.characters, r.passages, r.version, v.fetched, v.sha256, n.first_seen
    FROM read_notices r
    JOIN notices n ON n.id = r.id
    JOIN versions v ON v.notice = r.id AND v.version = r.version;

CREATE VIEW v_passages AS
    SELECT r.id, r.title, r.url, r.organ, r.region_code, r.region, r.genre, r.published, r.signed,
           p.anchor, p.number, p.label, p.path, p.text
    FROM read_passages p
    JOIN read_notices r ON r.number = p.notice;

CREATE VIEW v_facts AS
    SELECT r.id, r.title, r.region_code, r.region, substr(r.published, 1, 10) AS published,
           f.anchor, f.start, f.end, f.kind, f.printed, f.value, f.upper, f.unit, f.action,
           f.object, f.qualifiers, f.period, f.period_from, f.period_to, f.name, f.code, f.also_in
    FROM read_facts f
    JOIN read_notices r ON r.number = f.notice;

CREATE VIEW v_versions AS
    SELECT v.notice AS id, v.version, v.version = n.version AS newest, n.url, v.fetched, v.modified,
           v.sha256, v.size, v.content_type, v.file_name, v.kind,
           v.warc_file, v.warc_offset, v.warc_length
    FROM versions v
    JOIN notices n ON n.id = v.notice;
