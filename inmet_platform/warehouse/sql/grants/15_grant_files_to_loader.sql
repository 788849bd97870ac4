-- The ledger is the loader's to change; of what Snowpipe fills it changes nothing.
GRANT INSERT, UPDATE ON TABLE RAW.FILES TO ROLE ${database}_LOADER;
