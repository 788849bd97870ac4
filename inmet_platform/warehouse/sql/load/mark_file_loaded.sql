UPDATE RAW.FILES
SET state = 'loaded', error = NULL, updated_at = %(now)s
WHERE raw_key = %(raw_key)s AND state = 'landed';
