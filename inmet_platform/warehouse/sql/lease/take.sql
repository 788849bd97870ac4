-- One statement, so that of two runs only one gets it. A lease whose time is over belongs to a run
-- that died. SYSDATE is the time of Snowflake, in UTC, whatever the clocks of the runs say.
UPDATE RAW.LEASES
SET holder = %(holder)s, held_until = DATEADD(MILLISECOND, %(milliseconds)s, SYSDATE())
WHERE
    lease_name = %(lease_name)s
    AND (holder IS NULL OR holder = %(holder)s OR held_until < SYSDATE());
