-- As clean/create_touched_stations: the stations that have hours in a year or right beside it.
CREATE OR REPLACE TEMPORARY TABLE TOUCHED_STATIONS AS
SELECT
    station_id,
    %(from_hour)s::TIMESTAMP_NTZ AS from_hour,
    %(until_hour)s::TIMESTAMP_NTZ AS until_hour
FROM ${clean_table}
WHERE
    observed_at >= %(from_hour)s::TIMESTAMP_NTZ
    AND observed_at < %(until_hour)s::TIMESTAMP_NTZ
GROUP BY station_id;
