-- Mail: what was composed, and what became of it with each recipient.

-- `scope` is the report's folder name (with the providers that a run was limited to), `audience`
-- empty for the digest or the name of an assignee, `content` the SHA-256 of what the mail says.
-- `message` is the whole message with its attachments, and empty once nobody waits for it.
CREATE TABLE mails (
    number BIGINT PRIMARY KEY,
    scope TEXT COLLATE "C" NOT NULL,
    audience TEXT COLLATE "C" NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    message_id TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    sender TEXT COLLATE "C" NOT NULL,
    composed_at TEXT COLLATE "C" NOT NULL,
    message BYTEA NOT NULL
);
CREATE INDEX mails_scope ON mails (scope, audience);

-- `state`: waiting, accepted, refused, replaced, dropped or expired.
CREATE TABLE mail_recipients (
    mail_number BIGINT NOT NULL,
    address TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    changed_at TEXT COLLATE "C" NOT NULL,
    detail TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (mail_number, address)
);
CREATE INDEX mail_recipients_waiting ON mail_recipients (mail_number) WHERE state = 'waiting';
