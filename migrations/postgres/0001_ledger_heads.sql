-- One row per ledger: the only place where positions, recording times and article revisions are taken from.
-- A head changes with every batch: room on its page and no second index keep those changes in place.
CREATE TABLE ledger_heads (
    ledger           TEXT   COLLATE "C" NOT NULL CONSTRAINT ledger_heads_key PRIMARY KEY,
    position         BIGINT NOT NULL,
    recorded_at      BIGINT NOT NULL,
    epoch            UUID   NOT NULL,
    article_revision BIGINT NOT NULL DEFAULT 0,
    CONSTRAINT ledger_heads_code CHECK (ledger ~ '^[A-Z0-9-]{2,32}$'),
    CONSTRAINT ledger_heads_counts CHECK (position >= 0 AND article_revision >= 0)
) WITH (fillfactor = 20);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never % (%)', TG_TABLE_NAME, lower(TG_OP) || 'd', TG_NAME;
END $$;

CREATE TRIGGER ledger_heads_stay BEFORE DELETE OR TRUNCATE ON ledger_heads
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
