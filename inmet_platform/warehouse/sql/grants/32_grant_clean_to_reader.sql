GRANT USAGE ON SCHEMA ${database}.${clean_schema} TO ROLE ${database}_READER;
