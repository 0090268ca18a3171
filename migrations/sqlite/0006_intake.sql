-- Which run stored a file, and the place of the input that read it. What is stored already was
-- stored by one run a day, as far as can be told.
ALTER TABLE files ADD COLUMN intake INTEGER NOT NULL DEFAULT 0;
ALTER TABLE files ADD COLUMN place TEXT NOT NULL DEFAULT '';
UPDATE files SET intake = received;

-- A file that only could not be read once was refused for good: it is looked at again.
DELETE FROM paths WHERE file_id IN (
    SELECT id FROM files WHERE status = 'refused' AND reason LIKE 'could not be read (%'
);
