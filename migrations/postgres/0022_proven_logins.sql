-- Whether an account's person has shown that the login is his, and the hash of the link by which he may. Whoever was there
-- before is taken at his word.
ALTER TABLE credentials ADD COLUMN proven BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE credentials ADD COLUMN proof_hash BYTEA;
CREATE UNIQUE INDEX credentials_by_proof_link ON credentials (proof_hash) WHERE proof_hash IS NOT NULL;
