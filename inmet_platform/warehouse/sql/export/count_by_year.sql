-- What there is to export, and when it last changed. The synthetic station of `inmet sample` (Z999)
-- is for trying the platform: it is exported only while nothing measured is there.
SELECT
    YEAR(observed_at) AS of_year,
    COUNT(*) AS row_count,
    MAX(merged_at) AS merged_at,
    MIN(station_id) = 'Z999' AS is_synthetic
FROM ${clean_table}
WHERE
    station_id <> 'Z999'
    OR NOT EXISTS (
        SELECT 1
        FROM ${clean_table} AS measured
        WHERE measured.station_id <> 'Z999'
    )
GROUP BY YEAR(observed_at)
ORDER BY of_year;
