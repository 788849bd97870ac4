"""`python -m inmet_platform`: the command `inmet`."""

from inmet_platform.command.cli import main

main()
