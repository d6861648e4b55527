-- Mails to be written: who gets which kind, never the address, the text or a link's token. Those sent stay as a record.
CREATE TABLE mail_queue (
    ledger          TEXT   COLLATE "C" NOT NULL,
    id              UUID   NOT NULL,
    kind            TEXT   NOT NULL,
    account         UUID   NOT NULL,
    args            JSON   NOT NULL,
    state           TEXT   COLLATE "C" NOT NULL DEFAULT 'waiting',
    queued_at       BIGINT NOT NULL,
    next_attempt_at BIGINT NOT NULL,
    attempts        BIGINT NOT NULL DEFAULT 0,
    ended_at        BIGINT,
    last_error      TEXT,
    CONSTRAINT mail_queue_key PRIMARY KEY (ledger, id),
    CONSTRAINT mail_queue_state CHECK (state IN ('waiting', 'sent', 'failed')),
    CONSTRAINT mail_queue_end CHECK ((state = 'waiting') = (ended_at IS NULL))
);

CREATE INDEX mail_queue_due ON mail_queue (next_attempt_at) WHERE state = 'waiting';
