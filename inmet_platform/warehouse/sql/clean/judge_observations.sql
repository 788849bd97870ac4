-- The values of a period once more from RAW, by the rules of today: of each row the edition that it
-- shows, and no other. So a MERGE that works beside it loses nothing: a row that it has brought to
-- a newer edition, or taken away, is not found. Rows that are judged as before are left alone.
MERGE INTO ${clean_table} AS target
USING (
    SELECT
        station_id,
        observed_at,
        edition,
        ${qc_checked_values},
        ${qc_published_flags},
        ${qc_published_tests} AS qc_tests
    FROM (
        SELECT
            observations.station_id,
            observations.observed_at,
            batch.edition,
            ${qc_row_values},
            ${qc_extraterrestrial} AS extraterrestrial_kj_m2
        FROM RAW.OBSERVATIONS AS observations
        INNER JOIN BATCH AS batch
            ON
                observations.landing_key = batch.observations_key
                AND observations.reading_id = batch.reading_id
        INNER JOIN SUN_DAYS AS days
            ON DAYOFYEAR(observations.observed_at) = days.day_of_year
        WHERE
            observations.observed_at >= %(from_hour)s::TIMESTAMP_NTZ
            AND observations.observed_at < %(until_hour)s::TIMESTAMP_NTZ
        QUALIFY ROW_NUMBER() OVER (
            PARTITION BY observations.station_id, observations.observed_at
            ORDER BY batch.edition DESC, observations.line_number DESC
        ) = 1
    ) AS newest
) AS source
    ON
        target.station_id = source.station_id
        AND target.observed_at = source.observed_at
        AND target.edition = source.edition
        AND target.observed_at >= %(from_hour)s::TIMESTAMP_NTZ
        AND target.observed_at < %(until_hour)s::TIMESTAMP_NTZ
WHEN MATCHED AND (${qc_verdicts_differ}) THEN
    UPDATE SET
        ${qc_set_values},
        ${qc_set_flags},
        target.qc_tests = source.qc_tests,
        target.merged_at = %(now)s;
