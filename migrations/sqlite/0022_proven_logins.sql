-- Whether an account's person has shown that the login is his, and the hash of the link by which he may. Whoever was there
-- before is taken at his word.
ALTER TABLE credentials ADD COLUMN proven INTEGER NOT NULL DEFAULT 1
    CONSTRAINT credentials_proven CHECK (proven IN (0, 1));
ALTER TABLE credentials ADD COLUMN proof_hash BLOB;
CREATE UNIQUE INDEX credentials_by_proof_link ON credentials (proof_hash) WHERE proof_hash IS NOT NULL;
