GRANT SELECT ON ALL TABLES IN SCHEMA ${database}.${clean_schema} TO ROLE ${database}_READER;
