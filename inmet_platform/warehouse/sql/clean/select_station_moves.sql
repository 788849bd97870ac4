-- Versions of stations that stand more than some degrees from the version before.
SELECT
    station_id,
    station_name,
    valid_from,
    latitude_deg,
    longitude_deg,
    latitude_before_deg,
    longitude_before_deg
FROM (
    SELECT
        station_id,
        station_name,
        valid_from,
        latitude_deg,
        longitude_deg,
        LAG(latitude_deg) OVER (
            PARTITION BY station_id ORDER BY valid_from
        ) AS latitude_before_deg,
        LAG(longitude_deg) OVER (
            PARTITION BY station_id ORDER BY valid_from
        ) AS longitude_before_deg
    FROM ${clean_schema}.STATIONS
) AS versions
WHERE
    ABS(latitude_deg - latitude_before_deg) > %(degrees)s
    OR ABS(longitude_deg - longitude_before_deg) > %(degrees)s
ORDER BY station_id, valid_from;
