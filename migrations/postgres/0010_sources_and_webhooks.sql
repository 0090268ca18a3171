-- What sources brought, so that nothing is brought twice. `key` is what the source calls a file,
-- `version` what changes when the file does; both and the size are those of the last look at these
-- bytes. `state`: landing (between the decision and the rename), landed, or removed at the source.
CREATE TABLE fetched_files (
    source TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    version TEXT COLLATE "C" NOT NULL,
    size_bytes BIGINT NOT NULL,
    fetched_at TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (source, key, sha256)
);

-- When each source was last fetched as a whole.
CREATE TABLE source_fetches (
    source TEXT COLLATE "C" PRIMARY KEY,
    succeeded_at TEXT COLLATE "C" NOT NULL
);

-- What is posted to webhooks: `target` is a fingerprint of the address, which may be a secret,
-- `content` the SHA-256 of the body. `state`: waiting, accepted, replaced, expired or dropped; the
-- body goes once nobody waits for it.
CREATE TABLE webhook_posts (
    number BIGINT PRIMARY KEY,
    scope TEXT COLLATE "C" NOT NULL,
    target TEXT COLLATE "C" NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    composed_at TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    changed_at TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL
);
CREATE INDEX webhook_posts_scope ON webhook_posts (scope, target);
CREATE INDEX webhook_posts_waiting ON webhook_posts (number) WHERE state = 'waiting';
