"""Who may do what: owners, grants, the hierarchy of roles, and what each statement needs.

Snowflake's pages say what a statement needs; docs/fidelity.md names them.
"""
