-- When the secret of a second factor was begun: one that nobody proves soon dies. Those that wait now were begun long
-- ago.
ALTER TABLE second_factors ADD COLUMN begun_at BIGINT NOT NULL DEFAULT 0;
