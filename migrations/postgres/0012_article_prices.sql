-- Every price an article has had; never overwritten, so that a price in the log can be explained.
CREATE TABLE article_prices (
    ledger         TEXT   COLLATE "C" NOT NULL,
    ean            TEXT   COLLATE "C" NOT NULL,
    revision       BIGINT NOT NULL,
    price_incl_tax TEXT   NOT NULL,
    vat_rate       TEXT   NOT NULL,
    at             BIGINT NOT NULL,
    CONSTRAINT article_prices_key PRIMARY KEY (ledger, ean, revision)
);

CREATE TRIGGER article_prices_unchanged BEFORE UPDATE ON article_prices
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER article_prices_kept BEFORE DELETE OR TRUNCATE ON article_prices
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
