-- Mails to be written: who gets which kind, never the address, the text or a link's token. Those sent stay as a record.
CREATE TABLE mail_queue (
    ledger          TEXT    NOT NULL,
    id              BLOB    NOT NULL,
    kind            TEXT    NOT NULL,
    account         BLOB    NOT NULL,
    args            TEXT    NOT NULL,
    state           TEXT    NOT NULL DEFAULT 'waiting',
    queued_at       INTEGER NOT NULL,
    next_attempt_at INTEGER NOT NULL,
    attempts        INTEGER NOT NULL DEFAULT 0,
    ended_at        INTEGER,
    last_error      TEXT,
    CONSTRAINT mail_queue_key PRIMARY KEY (ledger, id),
    CONSTRAINT mail_queue_ids CHECK (length(id) = 16 AND length(account) = 16),
    CONSTRAINT mail_queue_args_json CHECK (json_valid(args)),
    CONSTRAINT mail_queue_state CHECK (state IN ('waiting', 'sent', 'failed')),
    CONSTRAINT mail_queue_end CHECK ((state = 'waiting') = (ended_at IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX mail_queue_due ON mail_queue (next_attempt_at) WHERE state = 'waiting';
