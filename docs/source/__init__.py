"""Writes the pages of `docs/reference` that follow from the code: `python -m docs.source`.

A module here turns one thing into a page: the settings, the command, the tables, an HTTP service.
`site.py` is the hook with which MkDocs builds the site. Nothing here runs when the platform runs.
"""
