UPDATE RAW.FILES
SET claimed_by = NULL, claimed_until = NULL
WHERE claimed_by = %(run_id)s AND state = 'received';
