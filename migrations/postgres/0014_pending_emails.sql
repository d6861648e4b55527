-- New logins that wait until their person has shown that the address is his: the sealed text by digest, its claim, and
-- the hash of the link's token once it was sent.
CREATE TABLE pending_emails (
    ledger     TEXT   COLLATE "C" NOT NULL,
    account    UUID   NOT NULL,
    digest     BYTEA  NOT NULL,
    claim      BYTEA  NOT NULL,
    token_hash BYTEA,
    expires_at BIGINT NOT NULL,
    CONSTRAINT pending_emails_key PRIMARY KEY (ledger, account)
);

CREATE UNIQUE INDEX pending_emails_by_link ON pending_emails (token_hash) WHERE token_hash IS NOT NULL;
