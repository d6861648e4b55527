-- Keys of programs, looked up by hash on every request; a revoked one stays as a record.
CREATE TABLE api_keys (
    ledger     TEXT   COLLATE "C" NOT NULL,
    id         UUID   NOT NULL,
    key_hash   BYTEA  NOT NULL,
    role       TEXT   NOT NULL,
    label      TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT,
    CONSTRAINT api_keys_key PRIMARY KEY (ledger, id),
    CONSTRAINT api_keys_hash UNIQUE (key_hash),
    CONSTRAINT api_keys_key_hash CHECK (octet_length(key_hash) = 32)
);
