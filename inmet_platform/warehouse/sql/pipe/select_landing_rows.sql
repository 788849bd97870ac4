-- How many rows the Parquet files have that the ledger knows.
SELECT DISTINCT
    landing_key,
    row_count
FROM RAW.LANDING_FILES
WHERE table_name = %(table_name)s;
