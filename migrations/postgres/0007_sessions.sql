-- Who is signed in, looked up by token hash on every request.
CREATE TABLE sessions (
    ledger       TEXT   COLLATE "C" NOT NULL,
    token_hash   BYTEA  NOT NULL,
    account      UUID   NOT NULL,
    role         TEXT   NOT NULL,
    institutions TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    CONSTRAINT sessions_key PRIMARY KEY (ledger, token_hash),
    CONSTRAINT sessions_token UNIQUE (token_hash),
    CONSTRAINT sessions_token_hash CHECK (octet_length(token_hash) = 32)
);

CREATE INDEX sessions_by_account ON sessions (ledger, account);
CREATE INDEX sessions_by_end ON sessions (expires_at);
