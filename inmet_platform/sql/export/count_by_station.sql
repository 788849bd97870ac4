-- The synthetic station of `inmet sample` (Z999) is for trying the platform: it is exported only
-- while nothing measured is there.
SELECT
    station_id,
    COUNT(*) AS row_count
FROM ${clean_table}
GROUP BY station_id
QUALIFY station_id <> 'Z999' OR COUNT(*) OVER () = 1
ORDER BY station_id;
