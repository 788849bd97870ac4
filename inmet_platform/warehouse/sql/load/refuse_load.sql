UPDATE RAW.FILES
SET state = 'rejected', error = %(message)s, updated_at = %(now)s
WHERE raw_key = %(raw_key)s AND state = 'landed';
