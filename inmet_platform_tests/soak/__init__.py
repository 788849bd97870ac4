"""`make soak`: the whole platform while its parts are killed, disturbed and cut off at random.

`python -m inmet_platform_tests.soak --help` tells the options. A seed gives the same files and the
same faults in the same order again; when each happens to what is at work then, is chance.
"""
