-- One pass: the newest edition of every hour of the batch, its values checked, into CLEAN; of the
-- hours in MIXED_HOURS the newest of each variable. Taking it twice changes nothing. An hour that
-- holds no value is no row, and takes its row away when an older edition had one.
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
        IFF(is_mixed, 0, 1) AS least_newer,
        ${qc_any_value} IS NULL AS is_blank
    FROM (
        SELECT
            observations.station_id,
            observations.observed_at,
            ${qc_row_values},
            batch.edition_at,
            batch.edition,
            FALSE AS is_mixed,
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
            FALSE AS is_mixed,
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
        UNION ALL
        SELECT
            observations.station_id,
            observations.observed_at,
            ${qc_row_values},
            observations.edition_at,
            observations.edition,
            TRUE AS is_mixed,
            ${qc_extraterrestrial_of_mixed} AS extraterrestrial_kj_m2
        FROM MIXED_HOURS AS observations
        INNER JOIN (SELECT DISTINCT held.station_id FROM held_batch AS held) AS batch
            ON observations.station_id = batch.station_id
        INNER JOIN SUN_DAYS AS days
            ON DAYOFYEAR(observations.observed_at) = days.day_of_year
    ) AS newest
) AS source
    ON
        target.station_id = source.station_id
        AND target.observed_at = source.observed_at
        -- So that only the part of the table is read that the batch can touch.
        AND target.observed_at >= %(from_hour)s::TIMESTAMP_NTZ
        AND target.observed_at <= %(until_hour)s::TIMESTAMP_NTZ
-- A newer edition; or a mixed hour of the same, which a file has joined that is older.
WHEN MATCHED
AND source.edition >= target.edition + source.least_newer
AND source.is_blank THEN DELETE
WHEN MATCHED
AND source.edition >= target.edition + source.least_newer
AND (source.edition > target.edition OR ${qc_verdicts_differ}) THEN
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
