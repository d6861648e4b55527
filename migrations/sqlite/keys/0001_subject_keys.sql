-- Keys of subjects, wrapped by the master key. A destroyed one leaves its id, so that no key is made for it again.
CREATE TABLE keys (
    ledger       TEXT    NOT NULL,
    subject      BLOB    NOT NULL,
    purpose      TEXT    NOT NULL,
    key_id       BLOB    NOT NULL,
    wrapped      BLOB,
    created_at   INTEGER NOT NULL,
    destroyed_at INTEGER,
    CONSTRAINT keys_key PRIMARY KEY (ledger, subject, purpose),
    CONSTRAINT keys_id UNIQUE (key_id),
    CONSTRAINT keys_destroyed CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
) STRICT;
