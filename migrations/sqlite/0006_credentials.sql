-- What accounts sign in with, their failed attempts and locks, and the one outstanding reset link.
CREATE TABLE credentials (
    ledger           TEXT NOT NULL,
    account          BLOB NOT NULL,
    password_hash    TEXT,
    failures         TEXT NOT NULL DEFAULT '[]',
    locked_until     INTEGER,
    reset_hash       BLOB,
    reset_expires_at INTEGER,
    reset_used_at    INTEGER,
    CONSTRAINT credentials_key PRIMARY KEY (ledger, account),
    CONSTRAINT credentials_account CHECK (length(account) = 16),
    CONSTRAINT credentials_failures CHECK (json_valid(failures)),
    CONSTRAINT credentials_reset CHECK ((reset_hash IS NULL) = (reset_expires_at IS NULL))
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX credentials_by_reset_link ON credentials (reset_hash) WHERE reset_hash IS NOT NULL;
