-- Unique values of a ledger by blind index: the value itself (an e-mail) is not here.
CREATE TABLE claims (
    ledger TEXT NOT NULL,
    kind   TEXT NOT NULL,
    value  BLOB NOT NULL,
    holder TEXT NOT NULL,
    CONSTRAINT claims_key PRIMARY KEY (ledger, kind, value),
    CONSTRAINT claims_value CHECK (length(value) = 32)
) STRICT, WITHOUT ROWID;
