SELECT COUNT(DISTINCT station_id) AS station_count
FROM ${clean_table};
