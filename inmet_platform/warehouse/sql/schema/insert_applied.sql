INSERT INTO ${database}.RAW.SCHEMA_HISTORY (statement_name, digest, applied_at)
VALUES (%(statement_name)s, %(digest)s, %(applied_at)s);
