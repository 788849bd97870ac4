-- The newest edition of every hour of the batch but those in MIXED_HOURS, its values checked, into
-- CLEAN. Taking it twice changes nothing. An hour that holds no value is no row, and takes its row
-- away when an older edition had one.
MERGE INTO ${clean_table} AS target
USING (
    -- Only while the lease is this run's: a run that was held up must not bring back what its
    -- successor has replaced.
    WITH held_batch AS (
        SELECT *
        FROM BATCH
        WHERE
            %(holder)s IN (
                SELECT leases.holder
                FROM RAW.LEASES AS leases
                WHERE leases.lease_name = 'clean'
            )
    )

    SELECT
        station_id,
        observed_at,
        ${qc_checked_values},
        ${qc_published_flags},
        ${qc_published_tests} AS qc_tests,
        edition_at,
        edition,
        ${qc_any_value} IS NULL AS is_blank
    FROM (
        SELECT
            observations.station_id,
            observations.observed_at,
            ${qc_row_values},
            batch.edition_at,
            batch.edition,
            ${qc_extraterrestrial} AS extraterrestrial_kj_m2
        FROM RAW.OBSERVATIONS AS observations
        INNER JOIN held_batch AS batch
            ON
                observations.landing_key = batch.observations_key
                AND observations.reading_id = batch.reading_id
                AND observations.observed_at >= batch.first_hour
                AND observations.observed_at <= batch.last_hour
        INNER JOIN SUN_DAYS AS days
            ON DAYOFYEAR(observations.observed_at) = days.day_of_year
        LEFT JOIN REPEATED_HOURS AS repeated
            ON
                observations.station_id = repeated.station_id
                AND observations.observed_at = repeated.observed_at
        WHERE repeated.station_id IS NULL
        UNION ALL
        SELECT
            observations.station_id,
            observations.observed_at,
            ${qc_row_values},
            batch.edition_at,
            batch.edition,
            ${qc_extraterrestrial} AS extraterrestrial_kj_m2
        FROM RAW.OBSERVATIONS AS observations
        INNER JOIN held_batch AS batch
            ON
                observations.landing_key = batch.observations_key
                AND observations.reading_id = batch.reading_id
                AND observations.observed_at >= batch.first_hour
                AND observations.observed_at <= batch.last_hour
        INNER JOIN SUN_DAYS AS days
            ON DAYOFYEAR(observations.observed_at) = days.day_of_year
        INNER JOIN REPEATED_HOURS AS repeated
            ON
                observations.station_id = repeated.station_id
                AND observations.observed_at = repeated.observed_at
        WHERE NOT repeated.is_mixed
        QUALIFY
            ROW_NUMBER() OVER (
                PARTITION BY observations.station_id, observations.observed_at
                ORDER BY batch.edition DESC, observations.line_number DESC
            ) = 1
    ) AS newest
) AS source
    ON
        target.station_id = source.station_id
        AND target.observed_at = source.observed_at
        -- So that only the part of the table is read that the batch can touch.
        AND target.observed_at >= %(from_hour)s::TIMESTAMP_NTZ
        AND target.observed_at <= %(until_hour)s::TIMESTAMP_NTZ
WHEN MATCHED AND source.edition > target.edition AND source.is_blank THEN DELETE
WHEN MATCHED AND source.edition > target.edition THEN
    UPDATE SET
        ${qc_set_values},
        ${qc_set_flags},
        target.qc_tests = source.qc_tests,
        target.edition_at = source.edition_at,
        target.edition = source.edition,
        target.merged_at = %(now)s
WHEN NOT MATCHED AND NOT source.is_blank THEN INSERT (
    station_id,
    observed_at,
    ${qc_values},
    ${qc_flags},
    qc_tests,
    edition_at,
    edition,
    merged_at
) VALUES (
    source.station_id,
    source.observed_at,
    ${qc_source_values},
    ${qc_source_flags},
    source.qc_tests,
    source.edition_at,
    source.edition,
    %(now)s
);
