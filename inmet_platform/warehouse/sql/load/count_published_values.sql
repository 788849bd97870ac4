-- The values of days and months in RAW, of every edition.
SELECT COUNT(value) AS value_count
FROM RAW.PUBLISHED_VALUES;
