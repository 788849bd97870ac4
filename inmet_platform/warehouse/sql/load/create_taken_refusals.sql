CREATE OR REPLACE TEMPORARY TABLE TAKEN_REFUSALS (
    raw_key VARCHAR,
    source_member VARCHAR,
    line_number NUMBER(10, 0),
    expected VARCHAR,
    found VARCHAR,
    message VARCHAR
);
