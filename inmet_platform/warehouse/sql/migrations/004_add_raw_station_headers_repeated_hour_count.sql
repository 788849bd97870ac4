-- For an account that was set up before a file's repeated hours were counted.
ALTER TABLE RAW.STATION_HEADERS ADD COLUMN IF NOT EXISTS repeated_hour_count NUMBER(20, 0);
