-- Refused commands for the audit trail: at most one per account, command and second.
CREATE TABLE refusals (
    ledger      TEXT   COLLATE "C" NOT NULL,
    account     TEXT   COLLATE "C" NOT NULL,
    command     TEXT   COLLATE "C" NOT NULL,
    second      BIGINT NOT NULL,
    at          BIGINT NOT NULL,
    reason      TEXT   NOT NULL,
    aggregate   TEXT,
    role        TEXT,
    institution TEXT,
    CONSTRAINT refusals_key PRIMARY KEY (ledger, account, command, second)
);

CREATE INDEX refusals_by_time ON refusals (ledger, at);
