-- Articles, latest body by EAN; the revision lets every node follow the changes.
CREATE TABLE articles (
    ledger         TEXT   COLLATE "C" NOT NULL,
    ean            TEXT   COLLATE "C" NOT NULL,
    body           JSON   NOT NULL,
    price_incl_tax TEXT   NOT NULL,
    vat_rate       TEXT   NOT NULL,
    revision       BIGINT NOT NULL,
    withdrawn_at   BIGINT,
    CONSTRAINT articles_key PRIMARY KEY (ledger, ean),
    CONSTRAINT articles_revision UNIQUE (ledger, revision)
);
