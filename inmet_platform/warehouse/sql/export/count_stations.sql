SELECT COUNT(DISTINCT station_id) AS station_count
FROM ${clean_table}
WHERE
    station_id <> 'Z999'
    OR NOT EXISTS (
        SELECT 1
        FROM ${clean_table} AS measured
        WHERE measured.station_id <> 'Z999'
    );
