-- Refused commands for the audit trail: at most one per account, command and second.
CREATE TABLE refusals (
    ledger      TEXT    NOT NULL,
    account     TEXT    NOT NULL,
    command     TEXT    NOT NULL,
    second      INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    reason      TEXT    NOT NULL,
    aggregate   TEXT,
    role        TEXT,
    institution TEXT,
    CONSTRAINT refusals_key PRIMARY KEY (ledger, account, command, second)
) STRICT;

CREATE INDEX refusals_by_time ON refusals (ledger, at);
