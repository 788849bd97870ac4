"""Asset checks: what is wrong, with the offenders and the threshold in the metadata.

A check reads and reports. It changes no data; what repairs something is a sensor or a command.
"""
