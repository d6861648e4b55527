-- The language that an account's person last read in. A warning counts from when its letter was handed over: those noted
-- so far counted from when it was queued.
ALTER TABLE credentials ADD COLUMN language TEXT
    CONSTRAINT credentials_language CHECK (language IN ('fr', 'nl', 'en'));
UPDATE credentials SET warned_at = NULL;
