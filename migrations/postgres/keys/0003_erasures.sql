-- What was destroyed for ever, by person: kept apart from back-ups and applied again after a restore.
CREATE TABLE bordereau_keys.erasures (
    ledger   TEXT   COLLATE "C" NOT NULL,
    subject  UUID   NOT NULL,
    purposes TEXT   COLLATE "C" NOT NULL,
    digests  TEXT   COLLATE "C" NOT NULL,
    key_ids  TEXT   NOT NULL,
    reason   TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    CONSTRAINT erasures_key PRIMARY KEY (ledger, subject, purposes, digests)
);
