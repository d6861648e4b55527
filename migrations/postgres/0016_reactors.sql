-- What lets one node at a time do what leaves the ledger: leases, how far each reactor came, and what it set aside.
CREATE TABLE leases (
    ledger     TEXT   COLLATE "C" NOT NULL,
    name       TEXT   COLLATE "C" NOT NULL,
    holder     UUID   NOT NULL,
    epoch      BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    CONSTRAINT leases_key PRIMARY KEY (ledger, name)
);

CREATE TABLE checkpoints (
    ledger   TEXT   COLLATE "C" NOT NULL,
    name     TEXT   COLLATE "C" NOT NULL,
    position BIGINT NOT NULL,
    CONSTRAINT checkpoints_key PRIMARY KEY (ledger, name),
    CONSTRAINT checkpoints_position CHECK (position >= 0)
);

-- An aggregate whose event could not be handled: from that event on it waits, while all others go on.
CREATE TABLE parked (
    ledger         TEXT   COLLATE "C" NOT NULL,
    name           TEXT   COLLATE "C" NOT NULL,
    aggregate_type TEXT   COLLATE "C" NOT NULL,
    aggregate_id   TEXT   COLLATE "C" NOT NULL,
    position       BIGINT NOT NULL,
    reason         TEXT   NOT NULL,
    since          BIGINT NOT NULL,
    CONSTRAINT parked_key PRIMARY KEY (ledger, name, aggregate_type, aggregate_id)
);
