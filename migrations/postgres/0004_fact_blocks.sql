-- Facts of legs 1 and 2 lie in blocks of rows of one file (src/storage/facts/blocks.rs); row n is in
-- block n / 512. Keys, which find rows by order reference or transaction, are sorted pairs in blobs
-- (src/storage/facts/keys.rs). Every blob ends with its checksum.
-- What version 0.1.0 stored is moved into these tables when the database is opened
-- (src/storage/facts/upgrade.rs), which then drops its tables.

CREATE TABLE fact_blocks (
    id BIGINT PRIMARY KEY,
    fact_table BIGINT NOT NULL,
    file_id BIGINT NOT NULL,
    facts BYTEA NOT NULL
);
CREATE INDEX fact_blocks_by_table ON fact_blocks (fact_table);
CREATE INDEX fact_blocks_by_file ON fact_blocks (file_id);

CREATE TABLE key_segments (
    id BIGINT PRIMARY KEY,
    fences BYTEA NOT NULL
);
CREATE TABLE key_blocks (
    id BIGINT PRIMARY KEY,
    pairs BYTEA NOT NULL
);

-- A checksum of what of a file lies in columns: its own row, slices, totals, statements, entries and
-- chargeback lines; and one of its rejected rows (src/storage/seals.rs).
CREATE TABLE file_seals (
    file_id BIGINT PRIMARY KEY,
    content BIGINT NOT NULL,
    rejected BIGINT NOT NULL
);

-- A checksum of the row.
ALTER TABLE paths ADD COLUMN seal BIGINT NOT NULL DEFAULT 0;
