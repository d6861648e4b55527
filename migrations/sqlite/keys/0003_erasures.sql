-- Nothing: on SQLite the ledger of erasures is a file of lines beside the databases, which no restore takes back.
SELECT 1;
