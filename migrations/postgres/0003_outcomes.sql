-- Answers of commands by idempotency key, kept 7 days so that a repetition gets the first answer.
CREATE TABLE outcomes (
    ledger       TEXT   COLLATE "C" NOT NULL,
    account      TEXT   COLLATE "C" NOT NULL,
    key          TEXT   COLLATE "C" NOT NULL,
    request_hash BYTEA  NOT NULL,
    status       BIGINT NOT NULL,
    body         TEXT   NOT NULL,
    sequence     BIGINT NOT NULL,
    position     BIGINT NOT NULL,
    recorded_at  BIGINT NOT NULL,
    CONSTRAINT outcomes_key PRIMARY KEY (ledger, account, key),
    CONSTRAINT outcomes_request_hash CHECK (octet_length(request_hash) = 32)
);

CREATE INDEX outcomes_by_age ON outcomes (recorded_at);
