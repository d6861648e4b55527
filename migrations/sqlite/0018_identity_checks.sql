-- Failed proofs of identity before something that cannot be undone: three a day, then no more.
CREATE TABLE identity_checks (
    ledger  TEXT    NOT NULL,
    account BLOB    NOT NULL,
    at      INTEGER NOT NULL,
    CONSTRAINT identity_checks_key PRIMARY KEY (ledger, account, at),
    CONSTRAINT identity_checks_account CHECK (length(account) = 16)
) STRICT, WITHOUT ROWID;
