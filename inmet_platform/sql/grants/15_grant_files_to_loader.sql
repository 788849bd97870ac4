-- The ledger is the loader's; what Snowpipe fills is not.
GRANT INSERT, UPDATE ON TABLE RAW.FILES TO ROLE ${database}_LOADER;
