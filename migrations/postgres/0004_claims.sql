-- Unique values of a ledger by blind index: the value itself (an e-mail) is not here.
CREATE TABLE claims (
    ledger TEXT  COLLATE "C" NOT NULL,
    kind   TEXT  COLLATE "C" NOT NULL,
    value  BYTEA NOT NULL,
    holder TEXT  NOT NULL,
    CONSTRAINT claims_key PRIMARY KEY (ledger, kind, value),
    CONSTRAINT claims_value CHECK (octet_length(value) = 32)
);
