-- On how many days INMET's own values and ours, made of the hours, are both there, and on how many
-- they are equal: each has one decimal. Of the variables whose rule is known,
-- and of some stations.
SELECT
    COUNT_IF(ours.precipitation_mm IS NOT NULL AND theirs.precipitation_mm IS NOT NULL)
        AS precipitation_days,
    COUNT_IF(ABS(ours.precipitation_mm - theirs.precipitation_mm) < 0.05)
        AS precipitation_equal_days,
    COUNT_IF(ours.temperature_mean_c IS NOT NULL AND theirs.temperature_mean_c IS NOT NULL)
        AS temperature_days,
    COUNT_IF(ABS(ours.temperature_mean_c - theirs.temperature_mean_c) < 0.05)
        AS temperature_equal_days,
    COUNT_IF(ours.humidity_mean_pct IS NOT NULL AND theirs.humidity_mean_pct IS NOT NULL)
        AS humidity_days,
    COUNT_IF(ABS(ours.humidity_mean_pct - theirs.humidity_mean_pct) < 0.05) AS humidity_equal_days
FROM ${clean_schema}.DAILY AS ours
INNER JOIN ${clean_schema}.DAILY_PUBLISHED AS theirs
    ON ours.station_id = theirs.station_id AND ours.day = theirs.day
WHERE ours.station_id IN (%(station_ids)s);
