-- The stations of which BDMEP's daily values are there.
SELECT DISTINCT station_id
FROM ${clean_schema}.DAILY_PUBLISHED
ORDER BY station_id;
