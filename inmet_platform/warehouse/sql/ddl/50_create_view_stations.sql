-- Versions of a station: what the metadata blocks say of it, and the days of observation they
-- are for. A block stands for the years its file has hours of; the newest edition of a year wins,
-- whatever was loaded first. A whole block, the portal's, goes before one without founding date:
-- BDMEP tells what a station is on the day of the request, whatever years are asked for.
-- Coordinates within 0.001 degrees are one place: A001 moves 11 m in 2019 and back by 2024.
-- A station that only a catalogue, or BDMEP's days and months, name has one version.
CREATE OR REPLACE VIEW ${clean_schema}.STATIONS COPY GRANTS AS
WITH file_years AS (
    SELECT
        headers.*,
        years.value::INTEGER AS year,
        GREATEST(
            headers.first_hour, DATE_FROM_PARTS(years.value::INTEGER, 1, 1)::TIMESTAMP_NTZ
        ) AS first_hour_of_year
    FROM RAW.STATION_HEADERS AS headers,
        LATERAL FLATTEN(
            INPUT => ARRAY_GENERATE_RANGE(YEAR(headers.first_hour), YEAR(headers.last_hour) + 1)
        ) AS years
    WHERE COALESCE(headers.variables, ${all_variables}) > 0
),

station_years AS (
    SELECT
        headers.station_id,
        headers.station_name,
        headers.uf,
        headers.region,
        headers.latitude_deg,
        headers.longitude_deg,
        headers.altitude_m,
        headers.founded_on,
        headers.year,
        REGEXP_REPLACE(
            TRANSLATE(
                UPPER(headers.station_name), 'ÁÀÂÃÄÉÈÊËÍÌÎÏÓÒÔÕÖÚÙÛÜÇ', 'AAAAAEEEEIIIIOOOOOUUUUC'
            ),
            '[^A-Z0-9]+',
            ''
        ) AS folded_name,
        MIN(headers.first_hour_of_year) OVER (
            PARTITION BY headers.station_id, headers.year
        ) AS first_hour
    FROM file_years AS headers
    WHERE
        COALESCE(headers.station_name, headers.uf, headers.region) IS NOT NULL
        OR COALESCE(headers.latitude_deg, headers.longitude_deg, headers.altitude_m) IS NOT NULL
        OR headers.founded_on IS NOT NULL
    -- The attributes last: of editions of one moment the same one wins, in any order of loading.
    QUALIFY ROW_NUMBER() OVER (
        PARTITION BY headers.station_id, headers.year
        ORDER BY
            IFF(headers.founded_on IS NULL, 1, 0) ASC,
            headers.edition DESC,
            headers.station_name ASC,
            headers.latitude_deg ASC,
            headers.longitude_deg ASC,
            headers.altitude_m ASC
    ) = 1
),

compared AS (
    SELECT
        *,
        -- What a block leaves out is not a change: NULL OR FALSE is no version.
        folded_name
        <> LAG(folded_name) IGNORE NULLS OVER (PARTITION BY station_id ORDER BY year)
        OR uf <> LAG(uf) IGNORE NULLS OVER (PARTITION BY station_id ORDER BY year)
        OR region <> LAG(region) IGNORE NULLS OVER (PARTITION BY station_id ORDER BY year)
        OR founded_on <> LAG(founded_on) IGNORE NULLS OVER (PARTITION BY station_id ORDER BY year)
        OR ABS(
            latitude_deg
            - LAG(latitude_deg) IGNORE NULLS OVER (PARTITION BY station_id ORDER BY year)
        ) > 0.001
        OR ABS(
            longitude_deg
            - LAG(longitude_deg) IGNORE NULLS OVER (PARTITION BY station_id ORDER BY year)
        ) > 0.001
        OR ABS(
            altitude_m - LAG(altitude_m) IGNORE NULLS OVER (PARTITION BY station_id ORDER BY year)
        ) > 0.005 AS is_changed
    FROM station_years
),

numbered AS (
    SELECT
        *,
        SUM(IFF(is_changed, 1, 0)) OVER (
            PARTITION BY station_id
            ORDER BY year
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS version
    FROM compared
),

-- Of a version's blocks the last that names an attribute.
versions AS (
    SELECT
        station_id,
        version,
        MAX_BY(station_name, IFF(station_name IS NULL, NULL, year)) AS station_name,
        MAX_BY(uf, IFF(uf IS NULL, NULL, year)) AS uf,
        MAX_BY(region, IFF(region IS NULL, NULL, year)) AS region,
        MAX_BY(latitude_deg, IFF(latitude_deg IS NULL, NULL, year)) AS latitude_deg,
        MAX_BY(longitude_deg, IFF(longitude_deg IS NULL, NULL, year)) AS longitude_deg,
        MAX_BY(altitude_m, IFF(altitude_m IS NULL, NULL, year)) AS altitude_m,
        MAX_BY(founded_on, IFF(founded_on IS NULL, NULL, year)) AS founded_on,
        MIN(first_hour)::DATE AS valid_from
    FROM numbered
    GROUP BY station_id, version
),

without_hours AS (
    SELECT
        station_id,
        MAX_BY(station_name, IFF(station_name IS NULL, NULL, edition)) AS station_name,
        MAX_BY(uf, IFF(uf IS NULL, NULL, edition)) AS uf,
        MAX_BY(region, IFF(region IS NULL, NULL, edition)) AS region,
        MAX_BY(latitude_deg, IFF(latitude_deg IS NULL, NULL, edition)) AS latitude_deg,
        MAX_BY(longitude_deg, IFF(longitude_deg IS NULL, NULL, edition)) AS longitude_deg,
        MAX_BY(altitude_m, IFF(altitude_m IS NULL, NULL, edition)) AS altitude_m,
        MAX_BY(founded_on, IFF(founded_on IS NULL, NULL, edition)) AS founded_on,
        MIN(COALESCE(founded_on, first_hour::DATE)) AS valid_from
    FROM RAW.STATION_HEADERS
    WHERE
        variables = 0
        AND station_id NOT IN (SELECT versions.station_id FROM versions)
    GROUP BY station_id
)

-- Both days are part of the version; years without any file belong to the version before them.
SELECT
    station_id,
    station_name,
    uf,
    region,
    latitude_deg,
    longitude_deg,
    altitude_m,
    founded_on,
    valid_from,
    LEAD(valid_from) OVER (PARTITION BY station_id ORDER BY version) - 1 AS valid_to,
    LEAD(version) OVER (PARTITION BY station_id ORDER BY version) IS NULL AS is_current
FROM versions
UNION ALL
SELECT
    station_id,
    station_name,
    uf,
    region,
    latitude_deg,
    longitude_deg,
    altitude_m,
    founded_on,
    valid_from,
    NULL AS valid_to,
    TRUE AS is_current
FROM without_hours;
