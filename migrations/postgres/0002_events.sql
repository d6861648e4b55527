-- The log: the columns of postgres-es and, beside them, the place in the ledger. Rows are never changed nor deleted.
-- json and never jsonb: the text is kept byte for byte.
CREATE TABLE events (
    ledger         TEXT   COLLATE "C" NOT NULL,
    position       BIGINT NOT NULL,
    event_id       UUID   NOT NULL,
    aggregate_type TEXT   COLLATE "C" NOT NULL,
    aggregate_id   TEXT   COLLATE "C" NOT NULL,
    sequence       BIGINT NOT NULL,
    event_type     TEXT   NOT NULL,
    event_version  TEXT   NOT NULL,
    recorded_at    BIGINT NOT NULL,
    payload        JSON   NOT NULL,
    metadata       JSON   NOT NULL,
    CONSTRAINT events_ledger_position PRIMARY KEY (ledger, position),
    CONSTRAINT events_stream_sequence UNIQUE (aggregate_type, aggregate_id, sequence),
    CONSTRAINT events_counts CHECK (position > 0 AND sequence > 0)
);

CREATE TRIGGER events_unchanged BEFORE UPDATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER events_kept BEFORE DELETE OR TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Gives an event of a foreign writer its place. Nothing calls it unless a setting installs the trigger.
CREATE FUNCTION place_foreign_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    odd text;
BEGIN
    SELECT key INTO odd FROM json_each(NEW.metadata) WHERE json_typeof(value) <> 'string' LIMIT 1;
    IF odd IS NOT NULL THEN
        RAISE EXCEPTION 'metadata.% is no string', odd;
    END IF;
    UPDATE ledger_heads
       SET position = position + 1,
           recorded_at = greatest(recorded_at + 1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)
     WHERE ledger = NEW.metadata->>'ledger'
    RETURNING ledger, position, recorded_at INTO NEW.ledger, NEW.position, NEW.recorded_at;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'metadata.ledger names no ledger';
    END IF;
    IF NEW.sequence > 1 AND NOT EXISTS (
        SELECT 1 FROM events
         WHERE aggregate_type = NEW.aggregate_type AND aggregate_id = NEW.aggregate_id
           AND sequence = NEW.sequence - 1 AND ledger = NEW.ledger) THEN
        RAISE EXCEPTION 'no event % before it in the stream of this ledger', NEW.sequence - 1;
    END IF;
    NEW.event_id := gen_random_uuid();
    SELECT '{' || string_agg(to_json(key)::text || ':' || to_json(value)::text, ',' ORDER BY key COLLATE "C") || '}'
      INTO NEW.metadata
      FROM (SELECT key, value FROM json_each_text(NEW.metadata) WHERE key <> 'channel'
            UNION ALL SELECT 'channel', 'foreign') AS entries;
    RETURN NEW;
END $$;
