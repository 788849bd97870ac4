"""A whole yearly zip, stage by stage, beside the floor and beside pandas; then growth over years.

    python -m benchmarks.archive ../shared/inmet/archive/2024.zip --years 5

Everything in one run on one machine, so that the ratios hold: the floor (Arrow reads the zip and
forgets it), pandas (what a user would write), ours (landing alone; then the chain from the raw
zip in S3 to CLEAN with flags, CSV and Parquet). Needs the scripts of ../shared/bench.
"""

if __name__ == "__main__":
    # Alone here: the processes that read a zip import the module that was started, and nothing of
    # the benchmark's own imports is theirs to pay.
    from benchmarks.archive_year import main

    main()
