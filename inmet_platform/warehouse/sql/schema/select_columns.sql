SELECT
    table_schema,
    table_name,
    column_name
FROM ${database}.INFORMATION_SCHEMA.COLUMNS
WHERE table_schema IN ('RAW', UPPER('${clean_schema}'));
