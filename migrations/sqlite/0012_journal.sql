-- What happened, in order and for good: recorded nights, decisions, actions at providers, mail that
-- was handed over. `content` is canonical JSON and holds the number of its row and the SHA-256 of the
-- row before; `sha256` is that of `content`. Rows are added and never changed.
CREATE TABLE journal (
    number INTEGER PRIMARY KEY,
    content TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    previous TEXT
);

-- SHA-256 of the manifest of a recorded night's report; NULL where an earlier version recorded it.
ALTER TABLE runs ADD COLUMN manifest TEXT;
