SELECT
    statement_name,
    digest
FROM ${database}.RAW.SCHEMA_HISTORY
QUALIFY ROW_NUMBER() OVER (PARTITION BY statement_name ORDER BY applied_at DESC) = 1;
