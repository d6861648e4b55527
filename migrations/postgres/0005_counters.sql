-- Document numbers: the next one of each kind. Numbers are unique and never given twice; gaps are allowed.
CREATE TABLE counters (
    ledger TEXT   COLLATE "C" NOT NULL,
    kind   TEXT   COLLATE "C" NOT NULL,
    next   BIGINT NOT NULL,
    CONSTRAINT counters_key PRIMARY KEY (ledger, kind),
    CONSTRAINT counters_next CHECK (next > 0)
);
