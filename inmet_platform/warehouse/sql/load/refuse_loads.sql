-- Not those that have landed anew since the run asked.
MERGE INTO RAW.FILES AS target
USING (
    SELECT
        raw_key,
        MIN(message) AS message
    FROM TAKEN_REFUSALS
    GROUP BY raw_key
) AS source
    ON target.raw_key = source.raw_key
WHEN MATCHED AND target.state = 'landed' AND target.updated_at <= %(as_of)s THEN
    UPDATE SET
        target.state = 'rejected',
        target.error = source.message,
        target.updated_at = %(now)s;
