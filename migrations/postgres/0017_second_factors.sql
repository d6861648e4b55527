-- Second factors: the secret, sealed under its person's key, the last time step that was used, and the recovery codes
-- that are left.
CREATE TABLE second_factors (
    ledger       TEXT   COLLATE "C" NOT NULL,
    account      UUID   NOT NULL,
    secret       BYTEA  NOT NULL,
    confirmed_at BIGINT,
    last_step    BIGINT NOT NULL DEFAULT 0,
    CONSTRAINT second_factors_key PRIMARY KEY (ledger, account)
);

CREATE TABLE recovery_codes (
    ledger    TEXT  COLLATE "C" NOT NULL,
    account   UUID  NOT NULL,
    code_hash BYTEA NOT NULL,
    CONSTRAINT recovery_codes_key PRIMARY KEY (ledger, account, code_hash),
    CONSTRAINT recovery_codes_hash CHECK (octet_length(code_hash) = 32)
);
