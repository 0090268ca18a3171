-- Where a decision was read from: the file and its line or row; empty and 0 where it was typed.
ALTER TABLE decisions ADD COLUMN source_file TEXT NOT NULL DEFAULT '';
ALTER TABLE decisions ADD COLUMN source_line INTEGER NOT NULL DEFAULT 0;
