-- What each edition of a station's hours changed against the edition before it: hours that both
-- cover, hours of them that differ, hours blanked as a whole, and cells filled, blanked, changed.
-- A variable that a file has no column of is not compared: the file says nothing of it.
-- A view: it is true whatever the order in which the editions were loaded.
CREATE OR REPLACE VIEW ${clean_schema}.EDITION_CHANGES COPY GRANTS AS
WITH readings AS (
    SELECT
        headers.station_id,
        headers.observations_key,
        headers.reading_id,
        headers.first_hour,
        headers.last_hour,
        headers.edition,
        headers.edition_at,
        COALESCE(headers.variables, ${all_variables}) AS variables
    FROM RAW.STATION_HEADERS AS headers
    INNER JOIN RAW.FILES AS files
        ON headers.source_key = files.raw_key
    WHERE
        (files.state = 'clean' OR files.has_earlier_content)
        AND COALESCE(headers.variables, ${all_variables}) > 0
    QUALIFY ROW_NUMBER() OVER (
        PARTITION BY headers.reading_id
        ORDER BY headers.edition DESC, headers.observations_key DESC
    ) = 1
),

contested AS (
    SELECT DISTINCT readings.*
    FROM readings
    INNER JOIN readings AS others
        ON
            readings.station_id = others.station_id
            AND readings.reading_id <> others.reading_id
            AND readings.first_hour <= others.last_hour
            AND readings.last_hour >= others.first_hour
),

hours AS (
    SELECT
        observations.station_id,
        observations.observed_at,
        contested.edition,
        contested.edition_at,
        contested.variables,
        ${edition_row_values},
        ${edition_previous_values},
        LAG(contested.edition) OVER (
            PARTITION BY observations.station_id, observations.observed_at
            ORDER BY contested.edition
        ) AS edition_before
    FROM RAW.OBSERVATIONS AS observations
    INNER JOIN contested
        ON
            observations.landing_key = contested.observations_key
            AND observations.reading_id = contested.reading_id
    QUALIFY ROW_NUMBER() OVER (
        PARTITION BY observations.station_id, observations.observed_at, contested.edition
        ORDER BY observations.line_number DESC
    ) = 1
),

counted AS (
    SELECT
        station_id,
        edition,
        edition_at,
        ${edition_filled} AS filled,
        ${edition_blanked} AS blanked,
        ${edition_changed} AS changed,
        variables = ${all_variables}
        AND ${edition_any_before} IS NOT NULL
        AND ${edition_any_value} IS NULL AS is_blanked
    FROM hours
    WHERE edition_before IS NOT NULL
)

SELECT
    station_id,
    edition_at,
    edition,
    COUNT(*) AS hours_compared,
    SUM(IFF(filled + blanked + changed > 0, 1, 0)) AS hours_different,
    SUM(IFF(is_blanked, 1, 0)) AS hours_blanked,
    SUM(filled) AS cells_filled,
    SUM(blanked) AS cells_blanked,
    SUM(changed) AS cells_changed
FROM counted
GROUP BY station_id, edition_at, edition;
