-- One row per ledger: the only place where positions, recording times and article revisions are taken from.
CREATE TABLE ledger_heads (
    ledger           TEXT    NOT NULL CONSTRAINT ledger_heads_key PRIMARY KEY,
    position         INTEGER NOT NULL,
    recorded_at      INTEGER NOT NULL,
    epoch            BLOB    NOT NULL,
    article_revision INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT ledger_heads_code CHECK (length(ledger) BETWEEN 2 AND 32 AND ledger NOT GLOB '*[^A-Z0-9-]*'),
    CONSTRAINT ledger_heads_epoch CHECK (length(epoch) = 16),
    CONSTRAINT ledger_heads_counts CHECK (position >= 0 AND article_revision >= 0)
) STRICT;

CREATE TRIGGER ledger_heads_stay BEFORE DELETE ON ledger_heads
BEGIN
    SELECT RAISE(ABORT, 'a ledger is never deleted');
END;
