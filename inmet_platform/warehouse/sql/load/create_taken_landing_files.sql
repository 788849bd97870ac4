CREATE OR REPLACE TEMPORARY TABLE TAKEN_LANDING_FILES (
    raw_key VARCHAR,
    landing_key VARCHAR,
    table_name VARCHAR,
    row_count NUMBER(20, 0),
    size_bytes NUMBER(20, 0)
);
