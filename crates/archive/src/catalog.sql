-- The catalogue of a corpus: what is in the WARC files of archive/, and where.
-- Open to anyone's SQL; written by gongbao alone. All times are UTC, to the
-- second, as 2025-09-23T02:48:05Z.

-- Facts about the corpus as a whole.
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,  -- 'uuid': names the corpus, made at random, the same in every copy
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A notice: whatever is found under one key, in its versions.
CREATE TABLE notices (
    id         TEXT PRIMARY KEY,         -- given with the document, or made from the key
    key        TEXT NOT NULL UNIQUE,     -- its URL; or 'file:' and a path; or 'id:' and the given id
    url        TEXT,                     -- where it is published, if known
    first_seen TEXT NOT NULL,            -- when its first version was received
    version    INTEGER NOT NULL,         -- its newest version
    seq        INTEGER NOT NULL UNIQUE   -- grows with every change to the corpus: this notice's last one
) STRICT, WITHOUT ROWID;

CREATE INDEX notices_by_url ON notices (url) WHERE url IS NOT NULL;

-- A version of a notice: bytes as received, kept as one WARC record.
CREATE TABLE versions (
    notice       TEXT NOT NULL REFERENCES notices (id),
    version      INTEGER NOT NULL,  -- 1, 2, 3 …
    fetched      TEXT NOT NULL,     -- when it was received or imported
    modified     TEXT,              -- when it last changed, as its server or file system says
    sha256       TEXT NOT NULL,     -- of the bytes, in lower-case hexadecimal
    size         INTEGER NOT NULL,  -- of the bytes
    warc_file    TEXT NOT NULL,     -- the file in archive/
    warc_offset  INTEGER NOT NULL,  -- where in it the record's gzip member starts, in bytes
    warc_length  INTEGER NOT NULL,  -- of the gzip member, in bytes
    content_type TEXT,              -- as received, or from the file's name
    file_name    TEXT,              -- of the file, or of the file that the row was in
    kind         TEXT NOT NULL CHECK (kind IN ('page', 'row')),  -- a page or text; a row of JSON Lines
    PRIMARY KEY (notice, version)
) STRICT, WITHOUT ROWID;

-- For mending after a crash: how far a WARC file is named.
CREATE INDEX versions_by_place ON versions (warc_file, warc_offset);
