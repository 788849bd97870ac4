INSERT INTO RAW.REJECTED_FILES (
    raw_key, source_member, line_number, expected, found, message, rejected_at
) VALUES (
    %(raw_key)s, %(source_member)s, %(line_number)s, %(expected)s, %(found)s, %(message)s, %(now)s
);
