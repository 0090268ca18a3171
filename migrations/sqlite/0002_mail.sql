-- Mail: what was composed, and what became of it with each recipient.

-- `scope` is the report's folder name (with the providers that a run was limited to), `audience`
-- empty for the digest or the name of an assignee, `content` the SHA-256 of what the mail says.
-- `message` is the whole message with its attachments, and empty once nobody waits for it.
CREATE TABLE mails (
    number INTEGER PRIMARY KEY,
    scope TEXT NOT NULL,
    audience TEXT NOT NULL,
    content TEXT NOT NULL,
    message_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    sender TEXT NOT NULL,
    composed_at TEXT NOT NULL,
    message BLOB NOT NULL
);
CREATE INDEX mails_scope ON mails (scope, audience);

-- `state`: waiting, accepted, refused, replaced, dropped or expired.
CREATE TABLE mail_recipients (
    mail_number INTEGER NOT NULL,
    address TEXT NOT NULL,
    state TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (mail_number, address)
);
CREATE INDEX mail_recipients_waiting ON mail_recipients (mail_number) WHERE state = 'waiting';
