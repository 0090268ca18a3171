-- The business day from which a decision holds, what it says besides its text (JSON), whether it is
-- only proposed, and the recorded run that was the first to see it. Decisions of earlier versions
-- hold for every day and say nothing besides.
ALTER TABLE decisions ADD COLUMN day BIGINT;
ALTER TABLE decisions ADD COLUMN terms TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE decisions ADD COLUMN proposed BIGINT NOT NULL DEFAULT 0;
ALTER TABLE decisions ADD COLUMN reported_run BIGINT;
