-- For an account that was set up before a file's variables were written down.
ALTER TABLE RAW.STATION_HEADERS ADD COLUMN IF NOT EXISTS variables BIGINT;
