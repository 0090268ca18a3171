-- Where a decision was read from: the file and its line or row; empty and 0 where it was typed.
ALTER TABLE decisions ADD COLUMN source_file TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE decisions ADD COLUMN source_line BIGINT NOT NULL DEFAULT 0;
