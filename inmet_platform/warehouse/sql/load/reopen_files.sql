UPDATE RAW.FILES
SET state = 'received', error = NULL, updated_at = %(now)s
WHERE raw_key IN (%(raw_keys)s);
