-- One statement, so that of two runs only one gets a file. A claim whose time is over belongs
-- to a run that died.
UPDATE RAW.FILES
SET claimed_by = %(run_id)s, claimed_until = %(until)s, updated_at = %(now)s
WHERE
    state = 'received'
    AND (claimed_until IS NULL OR claimed_until < %(now)s OR claimed_by = %(run_id)s);
