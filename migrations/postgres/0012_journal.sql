-- What happened, in order and for good: recorded nights, decisions, actions at providers, mail that
-- was handed over. `content` is canonical JSON and holds the number of its row and the SHA-256 of the
-- row before; `sha256` is that of `content`. Rows are added and never changed.
CREATE TABLE journal (
    number BIGINT PRIMARY KEY,
    content TEXT COLLATE "C" NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL,
    previous TEXT COLLATE "C"
);

-- SHA-256 of the manifest of a recorded night's report; NULL where an earlier version recorded it.
ALTER TABLE runs ADD COLUMN manifest TEXT COLLATE "C";
