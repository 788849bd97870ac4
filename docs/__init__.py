"""The documentation: pages for people, and in `source` what writes the generated ones."""
