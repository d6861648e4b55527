-- Sealed personal data by digest; the log holds only the digests, so that these rows can go without breaking a proof.
CREATE TABLE vault (
    ledger  TEXT  COLLATE "C" NOT NULL,
    digest  BYTEA NOT NULL,
    subject UUID  NOT NULL,
    purpose TEXT  COLLATE "C" NOT NULL,
    field   TEXT  NOT NULL,
    bytes   BYTEA NOT NULL,
    CONSTRAINT vault_key PRIMARY KEY (ledger, digest),
    CONSTRAINT vault_digest CHECK (octet_length(digest) = 32)
);

CREATE INDEX vault_by_subject ON vault (ledger, subject, purpose);
