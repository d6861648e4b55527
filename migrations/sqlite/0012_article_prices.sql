-- Every price an article has had; never overwritten, so that a price in the log can be explained.
CREATE TABLE article_prices (
    ledger         TEXT    NOT NULL,
    ean            TEXT    NOT NULL,
    revision       INTEGER NOT NULL,
    price_incl_tax TEXT    NOT NULL,
    vat_rate       TEXT    NOT NULL,
    at             INTEGER NOT NULL,
    CONSTRAINT article_prices_key PRIMARY KEY (ledger, ean, revision)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER article_prices_unchanged BEFORE UPDATE ON article_prices
BEGIN
    SELECT RAISE(ABORT, 'prices are never overwritten');
END;

CREATE TRIGGER article_prices_kept BEFORE DELETE ON article_prices
BEGIN
    SELECT RAISE(ABORT, 'prices are never deleted');
END;
