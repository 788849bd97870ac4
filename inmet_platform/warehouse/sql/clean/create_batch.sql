-- The readings that decide the hours of the batch: those of its files, and of what is in RAW
-- already the newer ones, because an older edition that comes late must not bring back what a newer
-- one blanked. Where a file with some of the variables is among them, the older ones belong to it:
-- they hold the others. first_hour and last_hour bound the hours that the batch covers: of other
-- hours not every reading is here.
CREATE OR REPLACE TEMPORARY TABLE BATCH AS
WITH readings AS (
    SELECT
        headers.station_id,
        headers.observations_key,
        headers.reading_id,
        headers.edition,
        headers.edition_at,
        headers.first_hour,
        headers.last_hour,
        headers.latitude_deg,
        headers.longitude_deg,
        COALESCE(headers.variables, ${all_variables}) AS variables,
        headers.repeated_hour_count,
        batch_files.raw_key IS NOT NULL AS is_of_batch
    FROM RAW.STATION_HEADERS AS headers
    INNER JOIN RAW.FILES AS files
        ON headers.source_key = files.raw_key
    LEFT JOIN BATCH_FILES AS batch_files
        ON files.raw_key = batch_files.raw_key
    WHERE
        (
            files.state = 'clean'
            OR files.has_earlier_content
            OR batch_files.raw_key IS NOT NULL
        )
        AND COALESCE(headers.variables, ${all_variables}) > 0
),

-- The hours of the batch as periods that do not touch each other.
begun AS (
    SELECT
        station_id,
        first_hour,
        last_hour,
        edition,
        IFF(
            first_hour <= DATEADD(
                HOUR,
                1,
                MAX(last_hour) OVER (
                    PARTITION BY station_id
                    ORDER BY first_hour, last_hour
                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                )
            ),
            0,
            1
        ) AS begins
    FROM readings
    WHERE is_of_batch
),

numbered AS (
    SELECT
        station_id,
        first_hour,
        last_hour,
        edition,
        SUM(begins) OVER (
            PARTITION BY station_id
            ORDER BY first_hour, last_hour
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS period
    FROM begun
),

periods AS (
    SELECT
        station_id,
        period,
        MIN(first_hour) AS touched_from,
        MAX(last_hour) AS touched_until,
        MIN(edition) AS oldest_edition
    FROM numbered
    GROUP BY station_id, period
),

candidates AS (
    SELECT
        readings.*,
        periods.touched_from,
        periods.touched_until,
        readings.edition >= periods.oldest_edition
        OR MAX(IFF(readings.variables <> ${all_variables}, 1, 0)) OVER (
            PARTITION BY periods.station_id, periods.period
        ) = 1 AS is_needed
    FROM readings
    INNER JOIN periods
        ON
            readings.station_id = periods.station_id
            AND readings.first_hour <= periods.touched_until
            AND readings.last_hour >= periods.touched_from
),

needed AS (
    SELECT
        *,
        ${batch_may_repeat} AS may_repeat
    FROM candidates
    WHERE is_needed
)

SELECT
    station_id,
    observations_key,
    reading_id,
    edition,
    edition_at,
    touched_from AS first_hour,
    touched_until AS last_hour,
    variables,
    may_repeat,
    ${qc_sun_of_station}
FROM needed
QUALIFY ROW_NUMBER() OVER (
    PARTITION BY observations_key, reading_id, touched_from
    ORDER BY edition DESC
) = 1;
