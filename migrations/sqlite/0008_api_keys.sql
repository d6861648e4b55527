-- Keys of programs, looked up by hash on every request; a revoked one stays as a record.
CREATE TABLE api_keys (
    ledger     TEXT    NOT NULL,
    id         BLOB    NOT NULL,
    key_hash   BLOB    NOT NULL,
    role       TEXT    NOT NULL,
    label      TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER,
    CONSTRAINT api_keys_key PRIMARY KEY (ledger, id),
    CONSTRAINT api_keys_hash UNIQUE (key_hash),
    CONSTRAINT api_keys_key_hash CHECK (length(key_hash) = 32)
) STRICT;
