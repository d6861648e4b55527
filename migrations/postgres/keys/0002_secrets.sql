-- Secrets of the store itself (the key of the blind indexes), wrapped by the master key.
CREATE TABLE bordereau_keys.secrets (
    name    TEXT  COLLATE "C" NOT NULL CONSTRAINT secrets_key PRIMARY KEY,
    wrapped BYTEA NOT NULL
);

-- The master key itself, in clear, only where no key file is set: nodes share no folder.
CREATE TABLE bordereau_keys.master (
    only_row BOOLEAN NOT NULL DEFAULT true CONSTRAINT master_key PRIMARY KEY CONSTRAINT master_only CHECK (only_row),
    secret   BYTEA   NOT NULL CONSTRAINT master_secret CHECK (octet_length(secret) = 32)
);
