-- What sources brought, so that nothing is brought twice. `key` is what the source calls a file,
-- `version` what changes when the file does; both and the size are those of the last look at these
-- bytes. `state`: landing (between the decision and the rename), landed, or removed at the source.
CREATE TABLE fetched_files (
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    fetched_at TEXT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (source, key, sha256)
);

-- When each source was last fetched as a whole.
CREATE TABLE source_fetches (
    source TEXT PRIMARY KEY,
    succeeded_at TEXT NOT NULL
);

-- What is posted to webhooks: `target` is a fingerprint of the address, which may be a secret,
-- `content` the SHA-256 of the body. `state`: waiting, accepted, replaced, expired or dropped; the
-- body goes once nobody waits for it.
CREATE TABLE webhook_posts (
    number INTEGER PRIMARY KEY,
    scope TEXT NOT NULL,
    target TEXT NOT NULL,
    content TEXT NOT NULL,
    composed_at TEXT NOT NULL,
    state TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX webhook_posts_scope ON webhook_posts (scope, target);
CREATE INDEX webhook_posts_waiting ON webhook_posts (number) WHERE state = 'waiting';
