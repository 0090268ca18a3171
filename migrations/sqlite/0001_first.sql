-- Amounts are minor units, days are yyyymmdd, times yyyymmddhhmmss: narrow, sortable, readable.
-- Facts are added and never edited; what changes over the nights are findings and open_orders,
-- which hold for the recorded as-of dates d with from_day <= d < until_day.

CREATE TABLE files (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    received INTEGER NOT NULL,
    status TEXT NOT NULL,
    provider TEXT NOT NULL,
    country TEXT NOT NULL,
    report_date INTEGER,
    sequence INTEGER,
    row_count INTEGER NOT NULL,
    accepted INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    gross TEXT NOT NULL,
    reason TEXT NOT NULL,
    first_row INTEGER,
    last_row INTEGER,
    reported_run INTEGER,
    reported_day INTEGER
);
CREATE INDEX files_by_sha256 ON files (sha256);

-- Where a file was last seen, so that an unchanged one is not opened again.
CREATE TABLE paths (
    path TEXT PRIMARY KEY,
    stamp TEXT NOT NULL,
    settings TEXT NOT NULL,
    file_id INTEGER NOT NULL
);
CREATE INDEX paths_by_file ON paths (file_id);

CREATE TABLE rejected_rows (
    file_id INTEGER NOT NULL,
    line INTEGER NOT NULL,
    column_name TEXT NOT NULL,
    value TEXT NOT NULL,
    reason TEXT NOT NULL,
    raw TEXT NOT NULL
);
CREATE INDEX rejected_rows_by_file ON rejected_rows (file_id);

-- Lines of one file that share what seldom changes; payouts are added up from these.
CREATE TABLE slices (
    id INTEGER PRIMARY KEY,
    file_id INTEGER NOT NULL,
    provider TEXT NOT NULL,
    merchant TEXT NOT NULL,
    currency TEXT NOT NULL,
    payout_reference TEXT NOT NULL,
    report_date INTEGER NOT NULL,
    kind TEXT NOT NULL,
    part TEXT NOT NULL,
    line_count INTEGER NOT NULL,
    gross INTEGER NOT NULL,
    fee INTEGER NOT NULL
);

-- The same sums once more, added up on another way: the balance is proved with them.
CREATE TABLE file_totals (
    file_id INTEGER NOT NULL,
    provider TEXT NOT NULL,
    currency TEXT NOT NULL,
    report_date INTEGER NOT NULL,
    kind TEXT NOT NULL,
    line_count INTEGER NOT NULL,
    gross INTEGER NOT NULL,
    fee INTEGER NOT NULL
);

-- Facts of leg 1: whole rows in their packed form (src/domain/packed.rs), some of one file one
-- behind the other in a block. A block has the number of its first row; `start` (from 1) and
-- `length` say where in its block a row is. The other columns are what rows are looked up by.
CREATE TABLE line_blocks (
    id INTEGER PRIMARY KEY,
    last_id INTEGER NOT NULL,
    facts BLOB NOT NULL
);
CREATE TABLE lines (
    order_reference TEXT NOT NULL,
    block INTEGER NOT NULL,
    start INTEGER NOT NULL,
    length INTEGER NOT NULL,
    PRIMARY KEY (order_reference, block, start)
) WITHOUT ROWID;

CREATE TABLE order_blocks (
    id INTEGER PRIMARY KEY,
    last_id INTEGER NOT NULL,
    facts BLOB NOT NULL
);
CREATE TABLE orders (
    order_reference TEXT NOT NULL,
    block INTEGER NOT NULL,
    start INTEGER NOT NULL,
    length INTEGER NOT NULL,
    transaction_id TEXT,
    PRIMARY KEY (order_reference, block, start)
) WITHOUT ROWID;
CREATE INDEX orders_by_transaction ON orders (transaction_id) WHERE transaction_id IS NOT NULL;

CREATE TABLE order_event_blocks (
    id INTEGER PRIMARY KEY,
    last_id INTEGER NOT NULL,
    facts BLOB NOT NULL
);
CREATE TABLE order_events (
    order_reference TEXT NOT NULL,
    block INTEGER NOT NULL,
    start INTEGER NOT NULL,
    length INTEGER NOT NULL,
    PRIMARY KEY (order_reference, block, start)
) WITHOUT ROWID;

-- What providers say of their credit files. An event belongs to the order of its reference, else to
-- the one of its transaction.
CREATE TABLE provider_event_blocks (
    id INTEGER PRIMARY KEY,
    last_id INTEGER NOT NULL,
    facts BLOB NOT NULL
);
CREATE TABLE provider_events (
    order_reference TEXT NOT NULL,
    block INTEGER NOT NULL,
    start INTEGER NOT NULL,
    length INTEGER NOT NULL,
    transaction_id TEXT,
    PRIMARY KEY (order_reference, block, start)
) WITHOUT ROWID;
CREATE INDEX provider_events_by_transaction ON provider_events (transaction_id)
WHERE transaction_id IS NOT NULL;

-- The few lines and transactions with chargebacks, so that each night can look at all of them.
CREATE TABLE chargeback_lines (
    line_id INTEGER PRIMARY KEY
);
CREATE TABLE returned_transactions (
    transaction_id TEXT PRIMARY KEY
);

-- The providers that orders and order events name.
CREATE TABLE order_providers (
    name TEXT PRIMARY KEY
);

CREATE TABLE statements (
    id INTEGER PRIMARY KEY,
    file_id INTEGER NOT NULL,
    account TEXT NOT NULL,
    statement_id TEXT NOT NULL,
    sequence TEXT NOT NULL,
    from_day INTEGER,
    to_day INTEGER,
    currency TEXT,
    opening INTEGER,
    closing INTEGER,
    kind TEXT NOT NULL,
    entry_count INTEGER NOT NULL,
    credits INTEGER NOT NULL,
    debits INTEGER NOT NULL,
    rejected INTEGER NOT NULL
);

CREATE TABLE entries (
    id INTEGER PRIMARY KEY,
    statement_number INTEGER NOT NULL,
    line INTEGER NOT NULL,
    servicer_reference TEXT NOT NULL,
    booked_on INTEGER NOT NULL,
    value_on INTEGER,
    amount INTEGER NOT NULL,
    currency TEXT NOT NULL,
    counterparty TEXT NOT NULL,
    reference_list TEXT NOT NULL,
    remittance TEXT NOT NULL
);

CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    as_of INTEGER NOT NULL,
    from_day INTEGER,
    to_day INTEGER,
    recorded INTEGER NOT NULL,
    started_at TEXT NOT NULL,
    duration_ms INTEGER NOT NULL,
    rules TEXT NOT NULL,
    files INTEGER NOT NULL,
    line_count INTEGER NOT NULL,
    open_count INTEGER NOT NULL,
    new_count INTEGER NOT NULL,
    exit INTEGER NOT NULL
);
CREATE INDEX runs_by_day ON runs (as_of);

CREATE TABLE findings (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    first_seen INTEGER NOT NULL,
    from_day INTEGER NOT NULL,
    until_day INTEGER,
    found BLOB NOT NULL
);
CREATE INDEX findings_by_until ON findings (until_day);
CREATE INDEX findings_by_id ON findings (id);

-- Orders that are not plainly balanced: open, pending, or to be looked at again on check_on.
CREATE TABLE open_orders (
    number INTEGER PRIMARY KEY,
    provider TEXT NOT NULL,
    order_reference TEXT NOT NULL,
    state TEXT NOT NULL,
    check_on INTEGER,
    from_day INTEGER NOT NULL,
    until_day INTEGER
);
CREATE INDEX open_orders_by_until ON open_orders (until_day);

-- What people decided, in the order in which they did: the audit trail.
CREATE TABLE decisions (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    action TEXT NOT NULL,
    decided_at TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    content TEXT NOT NULL,
    expected INTEGER,
    actual INTEGER
);
CREATE INDEX decisions_by_id ON decisions (id);

-- What people let the program do at providers: written down before it is sent, completed after.
CREATE TABLE provider_actions (
    number INTEGER PRIMARY KEY,
    requested_at TEXT NOT NULL,
    requested_by TEXT NOT NULL,
    provider TEXT NOT NULL,
    order_reference TEXT NOT NULL,
    transaction_id TEXT NOT NULL,
    action TEXT NOT NULL,
    amount INTEGER,
    currency TEXT NOT NULL,
    reason TEXT NOT NULL,
    request_id TEXT NOT NULL,
    state_before TEXT NOT NULL,
    amount_before INTEGER,
    outcome TEXT NOT NULL,
    completed_at TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX provider_actions_by_order ON provider_actions (order_reference);
