-- Articles, latest body by EAN; the revision lets every node follow the changes.
CREATE TABLE articles (
    ledger         TEXT    NOT NULL,
    ean            TEXT    NOT NULL,
    body           TEXT    NOT NULL,
    price_incl_tax TEXT    NOT NULL,
    vat_rate       TEXT    NOT NULL,
    revision       INTEGER NOT NULL,
    withdrawn_at   INTEGER,
    CONSTRAINT articles_key PRIMARY KEY (ledger, ean),
    CONSTRAINT articles_revision UNIQUE (ledger, revision),
    CONSTRAINT articles_body_json CHECK (json_valid(body))
) STRICT;
