UPDATE RAW.FILES AS files
SET
    state = 'rejected',
    error = refused.message,
    updated_at = %(now)s
FROM (
    SELECT
        raw_key,
        MIN(message) AS message
    FROM TAKEN_REFUSALS
    GROUP BY raw_key
) AS refused
WHERE files.raw_key = refused.raw_key AND files.state = 'landed';
