-- The rules (a digest of them) by which a year was last judged as a whole, by `inmet judge`.
CREATE TABLE IF NOT EXISTS ${clean_schema}.JUDGED_YEARS (
    of_year INTEGER NOT NULL,
    rules VARCHAR NOT NULL,
    judged_at TIMESTAMP_NTZ NOT NULL
);
