-- Not those that have landed anew since the run asked: their new rows may not be there.
UPDATE RAW.FILES
SET state = 'loaded', error = NULL, updated_at = %(now)s
WHERE
    state = 'landed'
    AND updated_at <= %(as_of)s
    AND raw_key IN (%(raw_keys)s);
