-- The hours that several files hold, of which one has some of the variables only: each variable as
-- the newest file says that has it. With a place, so that its sun can be reckoned: of the newest
-- file that names one.
CREATE OR REPLACE TEMPORARY TABLE MIXED_HOURS AS
SELECT
    readings.station_id,
    readings.observed_at,
    ${edition_of_newest},
    MAX(readings.edition) AS edition,
    MAX(IFF(readings.edition = readings.newest_edition, readings.edition_at, NULL)) AS edition_at,
    MAX(
        IFF(readings.edition = readings.placed_edition, readings.latitude_sine, NULL)
    ) AS latitude_sine,
    MAX(
        IFF(readings.edition = readings.placed_edition, readings.latitude_cosine, NULL)
    ) AS latitude_cosine,
    MAX(
        IFF(readings.edition = readings.placed_edition, readings.longitude_h, NULL)
    ) AS longitude_h
FROM (
    SELECT
        observations.station_id,
        observations.observed_at,
        ${edition_row_values},
        batch.edition,
        batch.edition_at,
        batch.latitude_sine,
        batch.latitude_cosine,
        batch.longitude_h,
        ${edition_newest_of_each},
        MAX(batch.edition) OVER (
            PARTITION BY observations.station_id, observations.observed_at
        ) AS newest_edition,
        MAX(IFF(batch.latitude_sine IS NULL, NULL, batch.edition)) OVER (
            PARTITION BY observations.station_id, observations.observed_at
        ) AS placed_edition
    FROM RAW.OBSERVATIONS AS observations
    INNER JOIN BATCH AS batch
        ON
            observations.landing_key = batch.observations_key
            AND observations.reading_id = batch.reading_id
            AND observations.observed_at >= batch.first_hour
            AND observations.observed_at <= batch.last_hour
    INNER JOIN REPEATED_HOURS AS repeated
        ON
            observations.station_id = repeated.station_id
            AND observations.observed_at = repeated.observed_at
            AND repeated.is_mixed
    QUALIFY ROW_NUMBER() OVER (
        PARTITION BY observations.station_id, observations.observed_at, batch.edition
        ORDER BY observations.line_number DESC
    ) = 1
) AS readings
GROUP BY readings.station_id, readings.observed_at;
