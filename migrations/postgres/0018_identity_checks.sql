-- Failed proofs of identity before something that cannot be undone: three a day, then no more.
CREATE TABLE identity_checks (
    ledger  TEXT   COLLATE "C" NOT NULL,
    account UUID   NOT NULL,
    at      BIGINT NOT NULL,
    CONSTRAINT identity_checks_key PRIMARY KEY (ledger, account, at)
);
