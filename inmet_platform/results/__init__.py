"""CLEAN to the files for people in `data/processed/`, and parts of them.

Here belongs the form of these files, such as the columns of the CSV; not how a value is cleaned.
"""
