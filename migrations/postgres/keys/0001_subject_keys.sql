-- Keys of subjects, wrapped by the master key. A destroyed one leaves its id, so that no key is made for it again.
CREATE TABLE bordereau_keys.keys (
    ledger       TEXT   COLLATE "C" NOT NULL,
    subject      UUID   NOT NULL,
    purpose      TEXT   COLLATE "C" NOT NULL,
    key_id       UUID   NOT NULL,
    wrapped      BYTEA,
    created_at   BIGINT NOT NULL,
    destroyed_at BIGINT,
    CONSTRAINT keys_key PRIMARY KEY (ledger, subject, purpose),
    CONSTRAINT keys_id UNIQUE (key_id),
    CONSTRAINT keys_destroyed CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
);
