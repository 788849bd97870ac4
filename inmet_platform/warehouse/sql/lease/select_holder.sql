SELECT
    holder,
    held_until
FROM RAW.LEASES
WHERE lease_name = %(lease_name)s;
