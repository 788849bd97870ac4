SELECT
    raw_key,
    source_member,
    message,
    rejected_at
FROM RAW.REJECTED_FILES
ORDER BY rejected_at DESC, raw_key ASC, source_member ASC
LIMIT 20;
