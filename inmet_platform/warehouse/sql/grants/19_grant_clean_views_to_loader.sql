GRANT SELECT ON ALL VIEWS IN SCHEMA ${database}.${clean_schema} TO ROLE ${database}_LOADER;
