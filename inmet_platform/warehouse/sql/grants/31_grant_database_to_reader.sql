GRANT USAGE ON DATABASE ${database} TO ROLE ${database}_READER;
