-- CREATE TABLE for the temporary tables of a session.
GRANT USAGE, CREATE TABLE ON SCHEMA ${database}.${clean_schema} TO ROLE ${database}_LOADER;
