-- The rules that look at neighbouring hours, on the hours of TOUCHED_STATIONS. Beside them are
-- read the hours that the rules look at, and the whole years that a median is of. The bounds are
-- bound as constants, so that only those years of the table are read.
MERGE INTO ${clean_table} AS target
USING (
    SELECT
        station_id,
        observed_at,
        ${qc_flags},
        qc_tests
    FROM (
        SELECT
            station_id,
            observed_at,
            ${qc_series_flags},
            ${qc_series_tests} AS qc_tests,
            ${qc_flags_kept}
        FROM (
            SELECT
                *,
                ${qc_series_columns}
            FROM (
                SELECT
                    *,
                    ${qc_previous_hours}
                FROM (
                    SELECT
                        observations.station_id,
                        observations.observed_at,
                        DATEDIFF(
                            HOUR, '2000-01-01'::TIMESTAMP_NTZ, observations.observed_at
                        ) AS hour_number,
                        observations.observed_at >= touched.from_hour
                        AND observations.observed_at < touched.until_hour AS is_judged,
                        usual.usual_pressure_hpa,
                        nights.night_radiation_kj_m2,
                        ${qc_row_values},
                        ${qc_flags_before}
                    FROM ${clean_table} AS observations
                    INNER JOIN TOUCHED_STATIONS AS touched
                        ON
                            observations.station_id = touched.station_id
                            AND observations.observed_at >= DATEADD(HOUR, -24, touched.from_hour)
                            AND observations.observed_at < DATEADD(HOUR, 1, touched.until_hour)
                            AND observations.observed_at >= %(looks_back_to)s::TIMESTAMP_NTZ
                            AND observations.observed_at < %(looks_ahead_to)s::TIMESTAMP_NTZ
                    LEFT JOIN (
                        SELECT
                            station_id,
                            YEAR(observed_at) AS of_year,
                            MEDIAN(pressure_hpa) AS usual_pressure_hpa
                        FROM ${clean_table}
                        WHERE
                            station_id IN (SELECT t.station_id FROM TOUCHED_STATIONS AS t)
                            AND observed_at >= %(years_from)s::TIMESTAMP_NTZ
                            AND observed_at < %(years_until)s::TIMESTAMP_NTZ
                        GROUP BY station_id, YEAR(observed_at)
                    ) AS usual
                        ON
                            observations.station_id = usual.station_id
                            AND YEAR(observations.observed_at) = usual.of_year
                    LEFT JOIN (
                        SELECT
                            station_id,
                            TO_DATE(observed_at) AS of_day,
                            SUM(radiation_kj_m2) AS night_radiation_kj_m2
                        FROM ${clean_table}
                        WHERE
                            BITAND(qc_tests, ${qc_night_bit}) > 0
                            AND station_id IN (SELECT t.station_id FROM TOUCHED_STATIONS AS t)
                            AND observed_at >= %(years_from)s::TIMESTAMP_NTZ
                            AND observed_at < %(years_until)s::TIMESTAMP_NTZ
                        GROUP BY station_id, TO_DATE(observed_at)
                    ) AS nights
                        ON
                            observations.station_id = nights.station_id
                            AND TO_DATE(observations.observed_at) = nights.of_day
                ) AS present
            ) AS with_previous
        ) AS with_series
        WHERE is_judged
    ) AS judged
    WHERE ${qc_flags_differ}
) AS source
    ON
        target.station_id = source.station_id
        AND target.observed_at = source.observed_at
        AND target.observed_at >= %(from_hour)s::TIMESTAMP_NTZ
        AND target.observed_at < %(until_hour)s::TIMESTAMP_NTZ
WHEN MATCHED THEN
    UPDATE SET
        ${qc_set_flags},
        target.qc_tests = source.qc_tests,
        target.merged_at = %(now)s;
