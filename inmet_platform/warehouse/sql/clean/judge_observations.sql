-- The values of a period once more from RAW, by the rules of today: of each row the edition that it
-- shows, and no other; of the hours in MIXED_HOURS the newest of each variable. So a MERGE that
-- works beside it loses nothing: a row that it has brought to a newer edition, or taken away, is
-- not found. Rows that are judged as before are left alone.
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
                AND observations.observed_at >= batch.first_hour
                AND observations.observed_at <= batch.last_hour
        INNER JOIN SUN_DAYS AS days
            ON DAYOFYEAR(observations.observed_at) = days.day_of_year
        LEFT JOIN MIXED_HOURS AS mixed
            ON
                observations.station_id = mixed.station_id
                AND observations.observed_at = mixed.observed_at
        WHERE
            observations.observed_at >= %(from_hour)s::TIMESTAMP_NTZ
            AND observations.observed_at < %(until_hour)s::TIMESTAMP_NTZ
            AND mixed.station_id IS NULL
        QUALIFY
            ROW_NUMBER() OVER (
                PARTITION BY observations.station_id, observations.observed_at
                ORDER BY batch.edition DESC, observations.line_number DESC
            ) = 1
        UNION ALL
        SELECT
            observations.station_id,
            observations.observed_at,
            observations.edition,
            ${qc_row_values},
            ${qc_extraterrestrial_of_mixed} AS extraterrestrial_kj_m2
        FROM MIXED_HOURS AS observations
        INNER JOIN SUN_DAYS AS days
            ON DAYOFYEAR(observations.observed_at) = days.day_of_year
        WHERE
            observations.observed_at >= %(from_hour)s::TIMESTAMP_NTZ
            AND observations.observed_at < %(until_hour)s::TIMESTAMP_NTZ
    ) AS newest
) AS source
    ON
        target.station_id = source.station_id
        AND target.observed_at = source.observed_at
        AND target.edition = source.edition
        -- Nor what a MERGE changed since without another edition: one variable of a mixed hour.
        AND target.merged_at <= %(as_of)s::TIMESTAMP_NTZ
        AND target.observed_at >= %(from_hour)s::TIMESTAMP_NTZ
        AND target.observed_at < %(until_hour)s::TIMESTAMP_NTZ
WHEN MATCHED AND (${qc_verdicts_differ}) THEN
    UPDATE SET
        ${qc_set_values},
        ${qc_set_flags},
        target.qc_tests = source.qc_tests,
        target.merged_at = %(now)s;
