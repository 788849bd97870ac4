"""RAW to CLEAN: the order of the statements of a MERGE and of its quality control.

The statements are in `warehouse/sql/clean`, the quality rules in `inmet/quality`.
"""
