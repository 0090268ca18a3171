-- The last day whose movements are all in a statement. Of tables and intraday reports there is
-- none; CFONB120, Norma43 and OFX files of earlier versions have it when they come again.
ALTER TABLE statements ADD COLUMN covers_until BIGINT;
UPDATE statements SET covers_until = to_day WHERE kind = 'booked';

-- Of each file of orders, packed and sealed: the providers that its rows name, and the latest day on
-- which an import gave the same rows again. A file of an earlier version has no row here: until a
-- later one brings a provider's orders, any input may be the one that does.
CREATE TABLE order_feeds (
    file_id BIGINT PRIMARY KEY,
    feed BYTEA NOT NULL
);

-- What a rejected row names: provider, order, transaction, payouts (separated by U+001F).
ALTER TABLE rejected_rows ADD COLUMN names TEXT NOT NULL DEFAULT '';
