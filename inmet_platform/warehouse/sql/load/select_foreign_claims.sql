SELECT
    claimed_by,
    MAX(claimed_until) AS claimed_until,
    COUNT(*) AS file_count
FROM RAW.FILES
WHERE state = 'received' AND claimed_by <> %(run_id)s AND claimed_until >= %(now)s
GROUP BY claimed_by
ORDER BY claimed_by;
