-- A session has a name for lists and an end by inactivity, and may be held in another's place. Whoever is signed in
-- signs in again.
DROP TABLE sessions;

CREATE TABLE sessions (
    ledger       TEXT   COLLATE "C" NOT NULL,
    token_hash   BYTEA  NOT NULL,
    id           UUID   NOT NULL,
    account      UUID   NOT NULL,
    on_behalf_of UUID,
    delegation   UUID,
    role         TEXT   NOT NULL,
    institutions TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    CONSTRAINT sessions_key PRIMARY KEY (ledger, token_hash),
    CONSTRAINT sessions_token UNIQUE (token_hash),
    CONSTRAINT sessions_token_hash CHECK (octet_length(token_hash) = 32),
    CONSTRAINT sessions_delegation CHECK (delegation IS NULL OR on_behalf_of IS NOT NULL)
);

CREATE INDEX sessions_by_account ON sessions (ledger, account);
CREATE INDEX sessions_by_principal ON sessions (ledger, on_behalf_of) WHERE on_behalf_of IS NOT NULL;
CREATE INDEX sessions_by_end ON sessions (expires_at);
