-- The log: the columns of postgres-es and, beside them, the place in the ledger. Rows are never changed nor deleted.
CREATE TABLE events (
    ledger         TEXT    NOT NULL,
    position       INTEGER NOT NULL,
    event_id       BLOB    NOT NULL,
    aggregate_type TEXT    NOT NULL,
    aggregate_id   TEXT    NOT NULL,
    sequence       INTEGER NOT NULL,
    event_type     TEXT    NOT NULL,
    event_version  TEXT    NOT NULL,
    recorded_at    INTEGER NOT NULL,
    payload        TEXT    NOT NULL,
    metadata       TEXT    NOT NULL,
    CONSTRAINT events_ledger_position PRIMARY KEY (ledger, position),
    CONSTRAINT events_stream_sequence UNIQUE (aggregate_type, aggregate_id, sequence),
    CONSTRAINT events_counts CHECK (position > 0 AND sequence > 0),
    CONSTRAINT events_event_id CHECK (length(event_id) = 16),
    CONSTRAINT events_payload_json CHECK (json_valid(payload)),
    CONSTRAINT events_metadata_json CHECK (json_valid(metadata))
) STRICT;

CREATE TRIGGER events_unchanged BEFORE UPDATE ON events
BEGIN
    SELECT RAISE(ABORT, 'events are never changed');
END;

CREATE TRIGGER events_kept BEFORE DELETE ON events
BEGIN
    SELECT RAISE(ABORT, 'events are never deleted');
END;
