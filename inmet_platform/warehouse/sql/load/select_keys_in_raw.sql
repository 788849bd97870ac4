-- Which landing files have rows in RAW: a pipe made anew does not know what the old one loaded.
SELECT DISTINCT landing_key
FROM IDENTIFIER(%(table_name)s) -- noqa: RF05
WHERE landing_key IN (%(landing_keys)s);
