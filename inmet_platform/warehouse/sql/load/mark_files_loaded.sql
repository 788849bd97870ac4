UPDATE RAW.FILES
SET state = 'loaded', error = NULL, updated_at = %(now)s
WHERE state = 'landed' AND raw_key IN (%(raw_keys)s);
