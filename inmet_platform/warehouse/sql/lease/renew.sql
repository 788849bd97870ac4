UPDATE RAW.LEASES
SET held_until = DATEADD(MILLISECOND, %(milliseconds)s, SYSDATE())
WHERE lease_name = %(lease_name)s AND holder = %(holder)s;
