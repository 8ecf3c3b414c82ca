-- What an unattended run did, step by step.
CREATE TABLE steps (
    run         INTEGER NOT NULL REFERENCES runs (id),
    position    INTEGER NOT NULL,   -- 0, 1, 2 … in the order they were done
    name        TEXT NOT NULL,      -- crawl, index, watch
    outcome     TEXT NOT NULL CHECK (outcome IN ('done', 'nothing', 'refused', 'failed')),
    duration_ms INTEGER NOT NULL,
    detail      TEXT NOT NULL,      -- counts, as a JSON object
    PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;
