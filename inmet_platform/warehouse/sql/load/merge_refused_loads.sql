-- Two runs may tell of the same refusal.
MERGE INTO RAW.REJECTED_FILES AS target
USING TAKEN_REFUSALS AS source
    ON
        target.raw_key = source.raw_key
        AND target.message = source.message
WHEN NOT MATCHED THEN INSERT (
    raw_key, source_member, line_number, expected, found, message, rejected_at
) VALUES (
    source.raw_key,
    source.source_member,
    source.line_number,
    source.expected,
    source.found,
    source.message,
    %(now)s
);
