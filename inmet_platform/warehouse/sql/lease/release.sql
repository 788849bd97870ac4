UPDATE RAW.LEASES
SET holder = NULL, held_until = NULL
WHERE lease_name = %(lease_name)s AND holder = %(holder)s;
