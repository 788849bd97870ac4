"""The command `inmet`: its words, the services it starts, what it prints.

Here belongs what a person at a terminal sees; not what is done, which other rooms can do too.
"""
