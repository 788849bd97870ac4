-- The years that CLEAN holds, and whether each was last judged as a whole by these rules.
SELECT
    years.of_year,
    years.row_count,
    years.merged_at,
    COALESCE(judged.rules = %(rules)s, FALSE) AS is_judged
FROM (
    SELECT
        YEAR(observed_at) AS of_year,
        COUNT(*) AS row_count,
        MAX(merged_at) AS merged_at
    FROM ${clean_table}
    GROUP BY YEAR(observed_at)
) AS years
LEFT JOIN ${clean_schema}.JUDGED_YEARS AS judged
    ON years.of_year = judged.of_year
ORDER BY years.of_year;
