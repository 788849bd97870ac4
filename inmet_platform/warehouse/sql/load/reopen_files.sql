UPDATE RAW.FILES
SET
    has_earlier_content = COALESCE(has_earlier_content, FALSE) OR state IN ('loaded', 'clean'),
    state = 'received',
    error = NULL,
    updated_at = %(now)s
WHERE raw_key IN (%(raw_keys)s);
