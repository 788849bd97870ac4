"""Snowflake: sessions, the SQL statements, and what an account is set up with.

Here belongs a new statement, table, grant or way to sign in; not when a statement is run.
"""
