"""Quality control of hourly observations: one table of rules, and the SQL that follows from it.

    rules.py    the rules, each with its limits and where they come from
    flags.py    codes, bit mask, and the SQL fragments that the warehouse executes
    sun.py      the extraterrestrial radiation of an hour, as SQL

Values of RAW are never altered. In CLEAN a value that fails is null and flagged 4, a suspect one
stays and is flagged 3. `docs/quality.md` is generated from the table (`python -m docs.source`).
"""
