-- Amounts are minor units, days are yyyymmdd, times yyyymmddhhmmss: narrow, sortable, readable.
-- Facts are added and never edited; what changes over the nights are findings and open_orders,
-- which hold for the recorded as-of dates d with from_day <= d < until_day.

CREATE TABLE files (
    id BIGINT PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL,
    received BIGINT NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    provider TEXT COLLATE "C" NOT NULL,
    country TEXT COLLATE "C" NOT NULL,
    report_date BIGINT,
    sequence BIGINT,
    row_count BIGINT NOT NULL,
    accepted BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    gross TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    first_row BIGINT,
    last_row BIGINT,
    reported_run BIGINT,
    reported_day BIGINT
);
CREATE INDEX files_by_sha256 ON files (sha256);

-- Where a file was last seen, so that an unchanged one is not opened again.
CREATE TABLE paths (
    path TEXT COLLATE "C" PRIMARY KEY,
    stamp TEXT COLLATE "C" NOT NULL,
    settings TEXT COLLATE "C" NOT NULL,
    file_id BIGINT NOT NULL
);
CREATE INDEX paths_by_file ON paths (file_id);

CREATE TABLE rejected_rows (
    file_id BIGINT NOT NULL,
    line BIGINT NOT NULL,
    column_name TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    raw TEXT COLLATE "C" NOT NULL
);
CREATE INDEX rejected_rows_by_file ON rejected_rows (file_id);

-- Lines of one file that share what seldom changes; payouts are added up from these.
CREATE TABLE slices (
    id BIGINT PRIMARY KEY,
    file_id BIGINT NOT NULL,
    provider TEXT COLLATE "C" NOT NULL,
    merchant TEXT COLLATE "C" NOT NULL,
    currency TEXT COLLATE "C" NOT NULL,
    payout_reference TEXT COLLATE "C" NOT NULL,
    report_date BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    part TEXT COLLATE "C" NOT NULL,
    line_count BIGINT NOT NULL,
    gross BIGINT NOT NULL,
    fee BIGINT NOT NULL
);

-- The same sums once more, added up on another way: the balance is proved with them.
CREATE TABLE file_totals (
    file_id BIGINT NOT NULL,
    provider TEXT COLLATE "C" NOT NULL,
    currency TEXT COLLATE "C" NOT NULL,
    report_date BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    line_count BIGINT NOT NULL,
    gross BIGINT NOT NULL,
    fee BIGINT NOT NULL
);

-- Facts of leg 1: whole rows in their packed form (src/domain/packed.rs), some of one file one
-- behind the other in a block. A block has the number of its first row; `start` (from 1) and
-- `length` say where in its block a row is. The other columns are what rows are looked up by.
CREATE TABLE line_blocks (
    id BIGINT PRIMARY KEY,
    last_id BIGINT NOT NULL,
    facts BYTEA NOT NULL
);
CREATE TABLE lines (
    order_reference TEXT COLLATE "C" NOT NULL,
    block BIGINT NOT NULL,
    start BIGINT NOT NULL,
    length BIGINT NOT NULL,
    PRIMARY KEY (order_reference, block, start)
);

CREATE TABLE order_blocks (
    id BIGINT PRIMARY KEY,
    last_id BIGINT NOT NULL,
    facts BYTEA NOT NULL
);
CREATE TABLE orders (
    order_reference TEXT COLLATE "C" NOT NULL,
    block BIGINT NOT NULL,
    start BIGINT NOT NULL,
    length BIGINT NOT NULL,
    transaction_id TEXT COLLATE "C",
    PRIMARY KEY (order_reference, block, start)
);
CREATE INDEX orders_by_transaction ON orders (transaction_id) WHERE transaction_id IS NOT NULL;

CREATE TABLE order_event_blocks (
    id BIGINT PRIMARY KEY,
    last_id BIGINT NOT NULL,
    facts BYTEA NOT NULL
);
CREATE TABLE order_events (
    order_reference TEXT COLLATE "C" NOT NULL,
    block BIGINT NOT NULL,
    start BIGINT NOT NULL,
    length BIGINT NOT NULL,
    PRIMARY KEY (order_reference, block, start)
);

-- What providers say of their credit files. An event belongs to the order of its reference, else to
-- the one of its transaction.
CREATE TABLE provider_event_blocks (
    id BIGINT PRIMARY KEY,
    last_id BIGINT NOT NULL,
    facts BYTEA NOT NULL
);
CREATE TABLE provider_events (
    order_reference TEXT COLLATE "C" NOT NULL,
    block BIGINT NOT NULL,
    start BIGINT NOT NULL,
    length BIGINT NOT NULL,
    transaction_id TEXT COLLATE "C",
    PRIMARY KEY (order_reference, block, start)
);
CREATE INDEX provider_events_by_transaction ON provider_events (transaction_id)
WHERE transaction_id IS NOT NULL;

-- The few lines and transactions with chargebacks, so that each night can look at all of them.
CREATE TABLE chargeback_lines (
    line_id BIGINT PRIMARY KEY
);
CREATE TABLE returned_transactions (
    transaction_id TEXT COLLATE "C" PRIMARY KEY
);

-- The providers that orders and order events name.
CREATE TABLE order_providers (
    name TEXT COLLATE "C" PRIMARY KEY
);

CREATE TABLE statements (
    id BIGINT PRIMARY KEY,
    file_id BIGINT NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    statement_id TEXT COLLATE "C" NOT NULL,
    sequence TEXT COLLATE "C" NOT NULL,
    from_day BIGINT,
    to_day BIGINT,
    currency TEXT,
    opening BIGINT,
    closing BIGINT,
    kind TEXT COLLATE "C" NOT NULL,
    entry_count BIGINT NOT NULL,
    credits BIGINT NOT NULL,
    debits BIGINT NOT NULL,
    rejected BIGINT NOT NULL
);

CREATE TABLE entries (
    id BIGINT PRIMARY KEY,
    statement_number BIGINT NOT NULL,
    line BIGINT NOT NULL,
    servicer_reference TEXT COLLATE "C" NOT NULL,
    booked_on BIGINT NOT NULL,
    value_on BIGINT,
    amount BIGINT NOT NULL,
    currency TEXT COLLATE "C" NOT NULL,
    counterparty TEXT COLLATE "C" NOT NULL,
    reference_list TEXT COLLATE "C" NOT NULL,
    remittance TEXT COLLATE "C" NOT NULL
);

CREATE TABLE runs (
    id BIGINT PRIMARY KEY,
    as_of BIGINT NOT NULL,
    from_day BIGINT,
    to_day BIGINT,
    recorded BIGINT NOT NULL,
    started_at TEXT COLLATE "C" NOT NULL,
    duration_ms BIGINT NOT NULL,
    rules TEXT COLLATE "C" NOT NULL,
    files BIGINT NOT NULL,
    line_count BIGINT NOT NULL,
    open_count BIGINT NOT NULL,
    new_count BIGINT NOT NULL,
    exit BIGINT NOT NULL
);
CREATE INDEX runs_by_day ON runs (as_of);

CREATE TABLE findings (
    number BIGINT PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL,
    first_seen BIGINT NOT NULL,
    from_day BIGINT NOT NULL,
    until_day BIGINT,
    found BYTEA NOT NULL
);
CREATE INDEX findings_by_until ON findings (until_day);
CREATE INDEX findings_by_id ON findings (id);

-- Orders that are not plainly balanced: open, pending, or to be looked at again on check_on.
CREATE TABLE open_orders (
    number BIGINT PRIMARY KEY,
    provider TEXT COLLATE "C" NOT NULL,
    order_reference TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    check_on BIGINT,
    from_day BIGINT NOT NULL,
    until_day BIGINT
);
CREATE INDEX open_orders_by_until ON open_orders (until_day);

-- What people decided, in the order in which they did: the audit trail.
CREATE TABLE decisions (
    number BIGINT PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    decided_at TEXT COLLATE "C" NOT NULL,
    decided_by TEXT COLLATE "C" NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    expected BIGINT,
    actual BIGINT
);
CREATE INDEX decisions_by_id ON decisions (id);

-- What people let the program do at providers: written down before it is sent, completed after.
CREATE TABLE provider_actions (
    number BIGINT PRIMARY KEY,
    requested_at TEXT COLLATE "C" NOT NULL,
    requested_by TEXT COLLATE "C" NOT NULL,
    provider TEXT COLLATE "C" NOT NULL,
    order_reference TEXT COLLATE "C" NOT NULL,
    transaction_id TEXT COLLATE "C" NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    amount BIGINT,
    currency TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    request_id TEXT COLLATE "C" NOT NULL,
    state_before TEXT COLLATE "C" NOT NULL,
    amount_before BIGINT,
    outcome TEXT COLLATE "C" NOT NULL,
    completed_at TEXT COLLATE "C" NOT NULL,
    detail TEXT COLLATE "C" NOT NULL
);
CREATE INDEX provider_actions_by_order ON provider_actions (order_reference);
