MERGE INTO ${clean_schema}.JUDGED_YEARS AS target
USING (
    SELECT
        %(of_year)s AS of_year,
        %(rules)s AS rules
) AS source
    ON target.of_year = source.of_year
WHEN MATCHED THEN UPDATE SET target.rules = source.rules, target.judged_at = %(now)s
WHEN NOT MATCHED THEN INSERT (of_year, rules, judged_at) VALUES (
    source.of_year, source.rules, %(now)s
);
