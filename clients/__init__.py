"""Clients as users have them, each in an environment of its own, against the embedded cloud.

`make clients` runs them; `python -m clients --help` tells the options. What runs inside a client's
environment is in `asked/` and knows nothing of this project.
"""
