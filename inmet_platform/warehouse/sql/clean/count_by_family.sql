-- The hours of CLEAN that a rule of each family has flagged; each family is a mask of bits.
SELECT
    COUNT(*) AS row_count,
    COUNT_IF(BITAND(qc_tests, %(limits)s) > 0) AS limits,
    COUNT_IF(BITAND(qc_tests, %(agreement)s) > 0) AS agreement,
    COUNT_IF(BITAND(qc_tests, %(steps)s) > 0) AS steps,
    COUNT_IF(BITAND(qc_tests, %(stuck)s) > 0) AS stuck,
    COUNT_IF(BITAND(qc_tests, %(sun)s) > 0) AS sun
FROM ${clean_table};
