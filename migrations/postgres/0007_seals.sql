-- A checksum over what never changes of a run: which nights were recorded decides what later ones compare
-- with. Runs of an earlier version are sealed when the database is brought up to date.
ALTER TABLE runs ADD COLUMN seal BIGINT;
