-- The sun's declination, distance and time on each day of a year, for the rules on radiation.
CREATE OR REPLACE TEMPORARY TABLE SUN_DAYS AS
SELECT
    day_of_year,
    ${qc_sun_of_day}
FROM (
    SELECT ROW_NUMBER() OVER (ORDER BY SEQ4()) AS day_of_year
    FROM TABLE(GENERATOR(ROWCOUNT => 366))
) AS days;
