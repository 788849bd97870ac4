-- The hours in MIXED_HOURS into CLEAN, as clean/merge_observations does the others. Here an edition
-- that is there already may say more, when a file has joined it that is older: so the values are
-- compared, which would cost the other hours a third of their time.
MERGE INTO ${clean_table} AS target
USING (
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
            observations.edition_at,
            observations.edition,
            ${qc_extraterrestrial_of_mixed} AS extraterrestrial_kj_m2
        FROM MIXED_HOURS AS observations
        INNER JOIN SUN_DAYS AS days
            ON DAYOFYEAR(observations.observed_at) = days.day_of_year
        WHERE
            %(holder)s IN (
                SELECT leases.holder
                FROM RAW.LEASES AS leases
                WHERE leases.lease_name = 'clean'
            )
    ) AS newest
) AS source
    ON
        target.station_id = source.station_id
        AND target.observed_at = source.observed_at
        AND target.observed_at >= %(from_hour)s::TIMESTAMP_NTZ
        AND target.observed_at <= %(until_hour)s::TIMESTAMP_NTZ
WHEN MATCHED AND source.edition >= target.edition AND source.is_blank THEN DELETE
WHEN MATCHED
AND source.edition >= target.edition
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
