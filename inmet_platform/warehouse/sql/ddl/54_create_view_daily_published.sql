-- INMET's own values of days, as BDMEP gives them: of each value the newest file's that has a
-- column of it. They stand beside our values, which are made of the hours.
CREATE OR REPLACE VIEW ${clean_schema}.DAILY_PUBLISHED COPY GRANTS AS
WITH readings AS (
    SELECT
        headers.observations_key,
        headers.reading_id,
        MAX(headers.edition) AS edition
    FROM RAW.STATION_HEADERS AS headers
    INNER JOIN RAW.FILES AS files
        ON headers.source_key = files.raw_key
    WHERE
        headers.file_format = 'bdmep_daily'
        AND (files.state = 'clean' OR files.has_earlier_content)
    GROUP BY headers.observations_key, headers.reading_id
),

newest AS (
    SELECT
        published.station_id,
        published.day,
        published.variable,
        published.value
    FROM RAW.PUBLISHED_VALUES AS published
    INNER JOIN readings
        ON
            published.landing_key = readings.observations_key
            AND published.reading_id = readings.reading_id
    WHERE published.periodicity = 'daily'
    QUALIFY ROW_NUMBER() OVER (
        PARTITION BY published.station_id, published.day, published.variable
        ORDER BY readings.edition DESC, published.line_number DESC
    ) = 1
)

SELECT
    station_id,
    day,
    ${published_daily}
FROM newest
GROUP BY station_id, day;
