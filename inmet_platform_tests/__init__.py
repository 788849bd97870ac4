"""Tests mirror the rooms; what they share is in embedded.py, files.py and conftest.py."""
