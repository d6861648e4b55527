-- New logins that wait until their person has shown that the address is his: the sealed text by digest, its claim, and
-- the hash of the link's token once it was sent.
CREATE TABLE pending_emails (
    ledger     TEXT    NOT NULL,
    account    BLOB    NOT NULL,
    digest     BLOB    NOT NULL,
    claim      BLOB    NOT NULL,
    token_hash BLOB,
    expires_at INTEGER NOT NULL,
    CONSTRAINT pending_emails_key PRIMARY KEY (ledger, account),
    CONSTRAINT pending_emails_sizes CHECK (length(account) = 16 AND length(digest) = 32 AND length(claim) = 32)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX pending_emails_by_link ON pending_emails (token_hash) WHERE token_hash IS NOT NULL;
