GRANT USAGE ON SCHEMA ${database}.RAW TO ROLE ${database}_LOADER;
