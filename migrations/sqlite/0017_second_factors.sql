-- Second factors: the secret, sealed under its person's key, the last time step that was used, and the recovery codes
-- that are left.
CREATE TABLE second_factors (
    ledger       TEXT    NOT NULL,
    account      BLOB    NOT NULL,
    secret       BLOB    NOT NULL,
    confirmed_at INTEGER,
    last_step    INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT second_factors_key PRIMARY KEY (ledger, account),
    CONSTRAINT second_factors_account CHECK (length(account) = 16)
) STRICT, WITHOUT ROWID;

CREATE TABLE recovery_codes (
    ledger    TEXT NOT NULL,
    account   BLOB NOT NULL,
    code_hash BLOB NOT NULL,
    CONSTRAINT recovery_codes_key PRIMARY KEY (ledger, account, code_hash),
    CONSTRAINT recovery_codes_hash CHECK (length(code_hash) = 32)
) STRICT, WITHOUT ROWID;
