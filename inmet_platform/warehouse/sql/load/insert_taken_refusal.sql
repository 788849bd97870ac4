INSERT INTO TAKEN_REFUSALS (
    raw_key, source_member, line_number, expected, found, message
) VALUES (
    %(raw_key)s, %(source_member)s, %(line_number)s, %(expected)s, %(found)s, %(message)s
);
