-- Who is signed in, looked up by token hash on every request.
CREATE TABLE sessions (
    ledger       TEXT    NOT NULL,
    token_hash   BLOB    NOT NULL,
    account      BLOB    NOT NULL,
    role         TEXT    NOT NULL,
    institutions TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    CONSTRAINT sessions_key PRIMARY KEY (ledger, token_hash),
    CONSTRAINT sessions_token UNIQUE (token_hash),
    CONSTRAINT sessions_token_hash CHECK (length(token_hash) = 32),
    CONSTRAINT sessions_institutions CHECK (json_valid(institutions))
) STRICT;

CREATE INDEX sessions_by_account ON sessions (ledger, account);
CREATE INDEX sessions_by_end ON sessions (expires_at);
