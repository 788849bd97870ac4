-- The statements that made the schema: a row for each text of one, the newest is what was run last.
CREATE TABLE IF NOT EXISTS RAW.SCHEMA_HISTORY (
    statement_name VARCHAR NOT NULL,
    digest VARCHAR NOT NULL,
    applied_at TIMESTAMP_NTZ NOT NULL
);
