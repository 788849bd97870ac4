-- ALTER PIPE REFRESH takes more than OPERATE: the stage, and INSERT on the pipe's table.
GRANT USAGE ON STAGE RAW.LANDING TO ROLE ${database}_LOADER;
