-- Who may do what only one run may do at a time: read raw objects, and merge them into CLEAN.
CREATE TABLE IF NOT EXISTS RAW.LEASES (
    lease_name VARCHAR NOT NULL,
    holder VARCHAR,
    held_until TIMESTAMP_NTZ
);
