-- Temporary tables take no CREATE TABLE.
GRANT USAGE ON SCHEMA ${database}.${clean_schema} TO ROLE ${database}_LOADER;
