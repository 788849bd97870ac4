UPDATE RAW.FILES
SET state = 'received', error = NULL, claimed_by = NULL, claimed_until = NULL, updated_at = %(now)s
WHERE raw_key = %(raw_key)s;
