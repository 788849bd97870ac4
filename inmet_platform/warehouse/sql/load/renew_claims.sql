UPDATE RAW.FILES
SET claimed_until = %(until)s
WHERE claimed_by = %(run_id)s AND state = 'received';
