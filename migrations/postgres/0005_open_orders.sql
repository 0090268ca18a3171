-- The row of the report of an order that is not plainly balanced, packed: nobody looks at it again
-- before something of it changes. NULL where an earlier version stored it.
ALTER TABLE open_orders ADD COLUMN packed BYTEA;

-- How many orders a recorded night left open, to know that all of them are still there.
ALTER TABLE runs ADD COLUMN open_orders BIGINT;
