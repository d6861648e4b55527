-- What accounts sign in with, their failed attempts and locks, and the one outstanding reset link.
CREATE TABLE credentials (
    ledger           TEXT   COLLATE "C" NOT NULL,
    account          UUID   NOT NULL,
    password_hash    TEXT,
    failures         TEXT   NOT NULL DEFAULT '[]',
    locked_until     BIGINT,
    reset_hash       BYTEA,
    reset_expires_at BIGINT,
    reset_used_at    BIGINT,
    CONSTRAINT credentials_key PRIMARY KEY (ledger, account),
    CONSTRAINT credentials_reset CHECK ((reset_hash IS NULL) = (reset_expires_at IS NULL))
);

CREATE UNIQUE INDEX credentials_by_reset_link ON credentials (reset_hash) WHERE reset_hash IS NOT NULL;
