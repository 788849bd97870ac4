-- Stations that have hours: of the others nothing is known but what a catalogue says.
SELECT
    station_id,
    station_name,
    latitude_deg,
    longitude_deg
FROM ${clean_schema}.STATIONS
WHERE
    is_current
    AND station_id <> 'Z999'
    AND station_id IN (
        SELECT headers.station_id
        FROM RAW.STATION_HEADERS AS headers
        WHERE COALESCE(headers.variables, ${all_variables}) > 0
    )
ORDER BY station_id;
