-- Secrets of the store itself (the key of the blind indexes), wrapped by the master key.
CREATE TABLE secrets (
    name    TEXT NOT NULL CONSTRAINT secrets_key PRIMARY KEY,
    wrapped BLOB NOT NULL
) STRICT;
