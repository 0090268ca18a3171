-- Facts of legs 1 and 2 lie in blocks of rows of one file (src/storage/facts/blocks.rs); row n is in
-- block n / 512. Keys, which find rows by order reference or transaction, are sorted pairs in blobs
-- (src/storage/facts/keys.rs). Every blob ends with its checksum.
-- What version 0.1.0 stored is moved into these tables when the database is opened
-- (src/storage/facts/upgrade.rs), which then drops its tables.

CREATE TABLE fact_blocks (
    id INTEGER PRIMARY KEY,
    fact_table INTEGER NOT NULL,
    file_id INTEGER NOT NULL,
    facts BLOB NOT NULL
);
CREATE INDEX fact_blocks_by_table ON fact_blocks (fact_table);
CREATE INDEX fact_blocks_by_file ON fact_blocks (file_id);

CREATE TABLE key_segments (
    id INTEGER PRIMARY KEY,
    fences BLOB NOT NULL
);
CREATE TABLE key_blocks (
    id INTEGER PRIMARY KEY,
    pairs BLOB NOT NULL
);

-- A checksum of what of a file lies in columns: its own row, slices, totals, statements, entries and
-- chargeback lines; and one of its rejected rows (src/storage/seals.rs).
CREATE TABLE file_seals (
    file_id INTEGER PRIMARY KEY,
    content INTEGER NOT NULL,
    rejected INTEGER NOT NULL
);

-- A checksum of the row.
ALTER TABLE paths ADD COLUMN seal INTEGER NOT NULL DEFAULT 0;
