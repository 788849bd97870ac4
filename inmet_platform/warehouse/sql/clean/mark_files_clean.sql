UPDATE RAW.FILES
SET state = 'clean', claimed_by = NULL, updated_at = %(now)s
WHERE state = 'loaded' AND claimed_by = %(run_id)s;
