-- What lets one node at a time do what leaves the ledger: leases, how far each reactor came, and what it set aside.
CREATE TABLE leases (
    ledger     TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    holder     BLOB    NOT NULL,
    epoch      INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    CONSTRAINT leases_key PRIMARY KEY (ledger, name),
    CONSTRAINT leases_holder CHECK (length(holder) = 16)
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoints (
    ledger   TEXT    NOT NULL,
    name     TEXT    NOT NULL,
    position INTEGER NOT NULL,
    CONSTRAINT checkpoints_key PRIMARY KEY (ledger, name),
    CONSTRAINT checkpoints_position CHECK (position >= 0)
) STRICT, WITHOUT ROWID;

-- An aggregate whose event could not be handled: from that event on it waits, while all others go on.
CREATE TABLE parked (
    ledger         TEXT    NOT NULL,
    name           TEXT    NOT NULL,
    aggregate_type TEXT    NOT NULL,
    aggregate_id   TEXT    NOT NULL,
    position       INTEGER NOT NULL,
    reason         TEXT    NOT NULL,
    since          INTEGER NOT NULL,
    CONSTRAINT parked_key PRIMARY KEY (ledger, name, aggregate_type, aggregate_id)
) STRICT, WITHOUT ROWID;
