"""Statements that Snowflake refuses by its own pages, by the restriction that they offend."""

from __future__ import annotations

# As our statements were once, and others of their kind.
REFUSED = {
    "A correlated EXISTS cannot be an argument of OR": [
        """SELECT a.id FROM a WHERE a.is_claimed OR EXISTS (
               SELECT 1 FROM a AS b WHERE b.station_id = a.station_id)""",
        "DELETE FROM a WHERE a.id = 1 OR NOT EXISTS (SELECT 1 FROM b WHERE b.id = a.id)",
    ],
    "A correlated EXISTS stands in a WHERE clause alone": [
        "SELECT EXISTS (SELECT 1 FROM b WHERE b.id = a.id) AS is_there FROM a",
        "SELECT a.id FROM a JOIN c ON EXISTS (SELECT 1 FROM b WHERE b.id = a.id)",
    ],
    "IN, ANY or ALL of a subquery cannot be an argument of OR": [
        "SELECT a.id FROM a WHERE a.id = 1 OR a.id IN (SELECT b.id FROM b)",
        "UPDATE a SET x = 1 WHERE a.x IS NULL OR a.id NOT IN (SELECT b.id FROM b)",
        "SELECT a.id FROM a WHERE a.id = 1 OR a.id > ALL (SELECT b.id FROM b)",
    ],
    "IN, ANY or ALL of a subquery stands in a WHERE, HAVING or QUALIFY clause": [
        "SELECT a.id IN (SELECT b.id FROM b) AS is_there FROM a",
        "SELECT a.id FROM a JOIN c ON a.id IN (SELECT b.id FROM b)",
    ],
    "A correlated subquery that is a value stands in a WHERE clause": [
        "SELECT (SELECT MAX(b.x) FROM b WHERE b.id = a.id) AS x FROM a",
        "SELECT a.id FROM a ORDER BY (SELECT MAX(b.x) FROM b WHERE b.id = a.id)",
    ],
    "A correlated subquery that is a value is one aggregate without GROUP BY": [
        "SELECT a.id FROM a WHERE a.x = (SELECT b.x FROM b WHERE b.id = a.id)",
        "SELECT a.id FROM a WHERE a.x = (SELECT MAX(b.x) FROM b WHERE b.id = a.id GROUP BY b.y)",
    ],
    "LIMIT stands in no EXISTS, IN or correlated subquery": [
        "SELECT a.id FROM a WHERE a.id IN (SELECT b.id FROM b ORDER BY b.id LIMIT 3)",
        "SELECT a.id FROM a WHERE a.x = (SELECT MAX(b.x) FROM b WHERE b.id = a.id LIMIT 1)",
    ],
    "A correlated subquery is joined by equality; the page promises no other": [
        """SELECT a.id FROM a WHERE EXISTS (
               SELECT 1 FROM a AS b WHERE b.station_id = a.station_id AND b.edition < a.edition)""",
        "SELECT a.id FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.id <> a.id)",
    ],
    "A recursive CTE names its columns": [
        """WITH RECURSIVE years AS (
               SELECT 2000 AS year UNION ALL SELECT year + 1 FROM years WHERE year < 2024)
           SELECT year FROM years""",
    ],
    "QUALIFY needs a window function": ["SELECT a.id FROM a QUALIFY a.id = 1"],
    "A WHEN clause without AND is the last of its kind in a MERGE": [
        """MERGE INTO a USING b ON a.id = b.id WHEN MATCHED THEN DELETE
           WHEN MATCHED AND b.x > 1 THEN UPDATE SET a.x = b.x""",
    ],
    "WHEN MATCHED updates or deletes, WHEN NOT MATCHED inserts; there is no other WHEN": [
        "MERGE INTO a USING b ON a.id = b.id WHEN NOT MATCHED BY SOURCE THEN DELETE",
    ],
    "OR REPLACE excludes IF NOT EXISTS": ["CREATE OR REPLACE TABLE IF NOT EXISTS a (x INTEGER)"],
    "A reserved word is no name without its quotes": [
        "SELECT a.row FROM a",
        "CREATE TABLE a (start INTEGER)",
    ],
    "A function is one of Snowflake's": [
        "SELECT STRFTIME(a.at, '%Y') AS year FROM a",
        "SELECT a.id FROM a WHERE REGEXP_MATCHES(a.name, 'x')",
        "SELECT LIST_VALUE(1, 2) AS pair",
        "SELECT EPOCH_MS(a.at) AS at FROM a",
        "SELECT FIRST(a.x) AS x FROM a",
    ],
    "COPY INTO a location has options of its own": [
        "COPY INTO @s/x FROM (SELECT 1 AS a) FILE_FORMAT = (TYPE = PARQUET) ORDERED = TRUE",
        "COPY INTO '@s/x' FROM (SELECT 1 AS a) FILE_FORMAT = (TYPE = PARQUET) PURGE = TRUE",
    ],
    "COPY INTO a table has options of its own": [
        "COPY INTO a FROM @s/x FILE_FORMAT = (TYPE = PARQUET) SINGLE = TRUE",
    ],
    "A file format has options of its own": [
        "COPY INTO a FROM @s/x FILE_FORMAT = (TYPE = PARQUET SKIP_HEADER = 1)",
        """COPY INTO @s/x FROM (SELECT 1 AS a)
           FILE_FORMAT = (TYPE = PARQUET USE_LOGICAL_TYPE = TRUE)""",
    ],
    "INCLUDE_QUERY_ID goes with neither SINGLE nor OVERWRITE": [
        "COPY INTO @s/x FROM (SELECT 1 AS a) SINGLE = TRUE INCLUDE_QUERY_ID = TRUE",
    ],
    "INCLUDE_METADATA goes with MATCH_BY_COLUMN_NAME alone": [
        "COPY INTO a FROM @s/x INCLUDE_METADATA = (k = METADATA$FILENAME)",
    ],
    "INCLUDE_METADATA takes Snowflake's five METADATA$ columns": [
        """COPY INTO a FROM @s/x MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE
           INCLUDE_METADATA = (k = METADATA$FILE_SIZE)""",
    ],
    "MATCH_BY_COLUMN_NAME does not go with a SELECT": [
        "COPY INTO a FROM (SELECT t.$1 FROM @s AS t) MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE",
    ],
}
TAKEN = [
    "SELECT a.id FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.id = a.id AND b.size > 3)",
    "SELECT a.id FROM a WHERE a.id IN (SELECT b.id FROM b) AND (a.x = 1 OR a.x = 2)",
    "SELECT a.id FROM (SELECT b.id FROM b) AS a WHERE a.id = 1 OR a.id = 2",
    "SELECT a.id FROM a WHERE a.x = (SELECT MAX(b.x) FROM b WHERE b.id = a.id)",
    "SELECT (SELECT b.x FROM b LIMIT 1) AS x FROM a",
    "SELECT a.id, SUM(a.x) OVER (PARTITION BY a.y) AS r FROM a QUALIFY r IN (SELECT b.r FROM b)",
    """WITH RECURSIVE years (year) AS (
           SELECT 2000 AS year UNION ALL SELECT year + 1 FROM years WHERE year < 2024)
       SELECT year FROM years""",
    """MERGE INTO a USING b ON a.id = b.id WHEN MATCHED AND b.gone THEN DELETE
       WHEN MATCHED THEN UPDATE SET a.x = b.x WHEN NOT MATCHED THEN INSERT (x) VALUES (b.x)""",
    'SELECT a."row" FROM a',
    "INSERT INTO b (id) SELECT NULLIF(a.id, 1) FROM a",
    "CREATE TABLE c (id NUMBER(10, 0), at TIMESTAMP_NTZ(9))",
    "SELECT f.value FROM a, LATERAL FLATTEN(INPUT => ARRAY_GENERATE_RANGE(0, 3)) AS f",
    "SELECT TRY_TO_TIMESTAMP_NTZ(a.at), SYSTEM$TYPEOF(a.at), DAYOFYEAR(a.at) FROM a",
    "SELECT a.x, a.y, SUM(a.z) FROM a GROUP BY ROLLUP (a.x, a.y)",
    "SELECT a.x, a.y, SUM(a.z) FROM a GROUP BY CUBE (a.x, a.y)",
    "SELECT a.x, a.y, SUM(a.z) FROM a GROUP BY GROUPING SETS ((a.x), (a.y))",
    "SELECT a.x FROM a SAMPLE (10)",
    "SELECT a.x FROM a TABLESAMPLE BERNOULLI (10) SEED (1)",
    "SELECT a.x FROM a SAMPLE SYSTEM (10) REPEATABLE (1)",
    "SELECT a.x FROM a SAMPLE ROW (10)",
    "SELECT a.x FROM a SAMPLE BLOCK (10)",
    "SELECT a.x FROM a AT (TIMESTAMP => '2024-01-01'::TIMESTAMP_LTZ)",
    "SELECT a.x FROM a BEFORE (STATEMENT => '01a')",
    """SELECT m.d FROM a MATCH_RECOGNIZE (PARTITION BY x ORDER BY at MEASURES LAST(at) AS d
       ONE ROW PER MATCH PATTERN (dry wet+) DEFINE wet AS rain > 0) AS m""",
]
# What a pipe's COPY may not say though a COPY by itself may.
REFUSED_IN_A_PIPE = [
    *("FILES = ('a.parquet')", "SIZE_LIMIT = 10", "PURGE = TRUE", "FORCE = TRUE"),
    *("RETURN_FAILED_ONLY = TRUE", "VALIDATION_MODE = RETURN_ERRORS", "ON_ERROR = ABORT_STATEMENT"),
]
