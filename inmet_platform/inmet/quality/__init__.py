"""Quality control of hourly observations: one table of rules, and the SQL that follows from it.

    rules.py    the rules, each with its limits and their source
    flags.py    codes, bit mask, and the SQL fragments that the warehouse executes
    sun.py      the extraterrestrial radiation of an hour, as SQL

RAW keeps every value. In CLEAN a value that fails a rule is null and flagged 4; a suspect value
stays and is flagged 3. The statements that run the fragments are in `warehouse/sql/clean/`;
`python -m docs.source` writes `docs/quality.md` from the table.
"""
