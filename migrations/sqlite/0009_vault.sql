-- Sealed personal data by digest; the log holds only the digests, so that these rows can go without breaking a proof.
CREATE TABLE vault (
    ledger  TEXT NOT NULL,
    digest  BLOB NOT NULL,
    subject BLOB NOT NULL,
    purpose TEXT NOT NULL,
    field   TEXT NOT NULL,
    bytes   BLOB NOT NULL,
    CONSTRAINT vault_key PRIMARY KEY (ledger, digest),
    CONSTRAINT vault_digest CHECK (length(digest) = 32),
    CONSTRAINT vault_subject CHECK (length(subject) = 16)
) STRICT;

CREATE INDEX vault_by_subject ON vault (ledger, subject, purpose);
