-- Answers of commands by idempotency key, kept 7 days so that a repetition gets the first answer.
CREATE TABLE outcomes (
    ledger       TEXT    NOT NULL,
    account      TEXT    NOT NULL,
    key          TEXT    NOT NULL,
    request_hash BLOB    NOT NULL,
    status       INTEGER NOT NULL,
    body         TEXT    NOT NULL,
    sequence     INTEGER NOT NULL,
    position     INTEGER NOT NULL,
    recorded_at  INTEGER NOT NULL,
    CONSTRAINT outcomes_key PRIMARY KEY (ledger, account, key),
    CONSTRAINT outcomes_request_hash CHECK (length(request_hash) = 32)
) STRICT;

CREATE INDEX outcomes_by_age ON outcomes (recorded_at);
