-- Versions of stations outside a box of degrees.
SELECT
    station_id,
    station_name,
    latitude_deg,
    longitude_deg,
    valid_from
FROM ${clean_schema}.STATIONS
WHERE
    latitude_deg NOT BETWEEN %(south)s AND %(north)s
    OR longitude_deg NOT BETWEEN %(west)s AND %(east)s
ORDER BY station_id, valid_from;
